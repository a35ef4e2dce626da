using System.Globalization;
using System.Text;

namespace Vnpay.Simulator;

/// <summary>
/// The file of a day's money: every payment that succeeded on it and every refund that ended on it. VNPAY's own layout is agreed with each
/// merchant and not published; this one has a heading and says what a comparison needs.
/// </summary>
internal static class DayFile
{
    public const string Heading = "type,tmn_code,txn_ref,transaction_no,amount_vnd,pay_date,status,bank_code";

    /// <param name="gateway">Whose book.</param>
    /// <param name="day">Eight digits, GMT+7.</param>
    /// <param name="tmnCode">One terminal; null for all.</param>
    public static string Of(Gateway gateway, string day, string? tmnCode)
    {
        var text = new StringBuilder(Heading).Append('\n');
        foreach (var payment in gateway.Book.All().Where(payment => tmnCode is null || payment.TmnCode == tmnCode))
        {
            if (payment.IsPaid && payment.Outcome!.PayDate.StartsWith(day, StringComparison.Ordinal))
                Line(text, "01", payment, payment.Outcome.TransactionNo, payment.AmountVnd, payment.Outcome.PayDate, "00");
            foreach (var refund in payment.Refunds)
            {
                var status = refund.StatusAt(gateway.Now, gateway.Options.RefundStep);
                var ended = GatewayTime.Digits(refund.EndedAt(gateway.Options.RefundStep));
                if (status is "00" or "09" && ended.StartsWith(day, StringComparison.Ordinal)) Line(text, refund.Type, payment, refund.TransactionNo, refund.AmountVnd, ended, status);
            }
        }
        return text.ToString();
    }

    private static void Line(StringBuilder text, string type, Payment payment, string number, long amountVnd, string date, string status) =>
        text.Append(CultureInfo.InvariantCulture, $"{type},{payment.TmnCode},{payment.TxnRef},{number},{amountVnd},{date},{status},{payment.Outcome!.BankCode}\n");
}
