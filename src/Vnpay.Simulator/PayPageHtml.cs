using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using static Vnpay.Simulator.Html;

namespace Vnpay.Simulator;

/// <summary>The words and markup of the payment page.</summary>
internal static class PayPageHtml
{
    public static readonly (string Vi, string En) UnknownCard = ("Hãy chọn một thẻ trong danh sách.", "Choose one of the listed cards.");

    public static readonly (string Vi, string En) WrongOtp = ("Mã OTP không đúng.", "The one-time password is wrong.");

    private static readonly CultureInfo Vietnamese = CultureInfo.GetCultureInfo("vi-VN");

    public static string Address(Payment payment) => $"/paymentv2/Transaction/{payment.Token}";

    public static Task ShowAsync(HttpContext context, Payment payment, DateTimeOffset now, (string Vi, string En)? error)
    {
        var english = payment.Locale == "en";
        string T(string vi, string en) => english ? en : vi;
        var left = payment.ExpiresAt - now;
        var message = error is { } e ? $"<p class=\"error\" role=\"alert\">{E(T(e.Vi, e.En))}</p>" : "";
        var step = TestCards.Find(payment.Card) is { } card ? OtpForm(payment, card, message, T) : CardForm(payment, message, T);
        var body = $"""
            <section><h1>{T("Thanh toán", "Payment")}</h1>
            <p class="amount" data-amount="{payment.AmountVnd}">{payment.AmountVnd.ToString("N0", Vietnamese)} ₫</p>
            <dl><dt>{T("Nội dung", "For")}</dt><dd>{E(payment.OrderInfo)}</dd>
            <dt>{T("Mã giao dịch", "Reference")}</dt><dd>{E(payment.TxnRef)}</dd>
            <dt>{T("Điểm bán", "Terminal")}</dt><dd>{E(payment.TmnCode)}</dd>
            <dt>{T("Còn lại", "Time left")}</dt><dd>{(int)left.TotalMinutes}:{left.Seconds:00} ({T("đến", "until")} {payment.ExpiresAt.UtcDateTime.AddHours(7).ToString("HH:mm:ss", CultureInfo.InvariantCulture)})</dd></dl></section>
            {step}
            <form method="post" action="{Address(payment)}/cancel"><button class="quiet" name="cancel" value="1">{T("Hủy thanh toán", "Cancel payment")}</button></form>
            """;
        return WriteAsync(context, english, T("Thanh toán", "Payment"), body, refreshSeconds: (int)left.TotalSeconds + 1);
    }

    public static Task ErrorAsync(HttpContext context)
    {
        var code = context.Request.Query["code"].ToString();
        var (vi, en) = code switch
        {
            "01" => ("Mã giao dịch đã được dùng", "The reference was used before"),
            "02" => ("Điểm bán không tồn tại", "Unknown merchant"),
            "03" => ("Dữ liệu gửi sang không đúng định dạng", "Wrong data format"),
            "15" => ("Giao dịch đã quá thời gian chờ thanh toán", "Payment time is over"),
            "32" => ("Số tiền không hợp lệ", "Amount outside the limits"),
            "70" => ("Sai chữ ký", "Wrong signature"),
            "72" => ("Không tìm thấy website", "Terminal not found"),
            _ => ("Lỗi không xác định", "Unknown error"),
        };
        return WriteAsync(context, english: false, $"Mã lỗi {code}", $"""
            <section><h1>{E(vi)}</h1><p lang="en">{E(en)}</p><p>Mã lỗi: <strong data-code="{E(code)}">{E(code)}</strong></p></section>
            """);
    }

    private static string CardForm(Payment payment, string message, Func<string, string, string> t)
    {
        var cards = new StringBuilder();
        foreach (var card in TestCards.For(payment.WantedBank))
        {
            var mark = cards.Length == 0 ? " checked" : "";
            cards.Append(CultureInfo.InvariantCulture, $"""
                <label class="card"><input type="radio" name="card" value="{card.Number}"{mark}><span>{E(t(card.Vi, card.En))}<small>{card.Number}</small></span></label>
                """);
        }
        return $"""
            <section><form method="post" action="{Address(payment)}/card">{message}
            <fieldset><legend>{t("Chọn thẻ thử nghiệm và kết quả", "Choose a test card and its outcome")}</legend>{cards}</fieldset>
            <button>{t("Tiếp tục", "Continue")}</button></form></section>
            """;
    }

    private static string OtpForm(Payment payment, TestCard card, string message, Func<string, string, string> t) => $"""
        <section><form method="post" action="{Address(payment)}/otp">{message}
        <p>{E(t(card.Vi, card.En))}<small>{card.Number}</small></p>
        <label for="otp">{t("Mã xác thực OTP", "One-time password")}</label>
        <input id="otp" name="otp" type="text" autocomplete="one-time-code" required maxlength="10">
        <button>{t("Thanh toán", "Pay")}</button></form>
        <form method="post" action="{Address(payment)}/card"><button class="quiet">{t("Chọn thẻ khác", "Choose another card")}</button></form></section>
        """;
}
