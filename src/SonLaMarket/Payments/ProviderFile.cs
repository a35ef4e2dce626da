using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace SonLaMarket.Payments;

/// <param name="Type">01 payment, 02 full refund, 03 partial refund.</param>
/// <param name="Status">As VNPAY's transaction status: 00 done, 09 rejected.</param>
public sealed record ProviderLine(string Type, string TmnCode, string TxnRef, string TransactionNo, long AmountVnd, string PayDate, string Status);

/// <summary>
/// A day's file of VNPAY. Its layout is agreed with each merchant and not published; this one has a heading with the names below, in any
/// order, which a merchant's own file is brought to.
/// </summary>
public static class ProviderFile
{
    public const int MaxBytes = 8 << 20;

    private static readonly string[] Names = ["type", "tmn_code", "txn_ref", "transaction_no", "amount_vnd", "pay_date", "status"];

    /// <summary>The lines, or what is wrong and where (line 0: the file as a whole).</summary>
    public static (List<ProviderLine>? Lines, int Line, string Wrong) Read(byte[] file)
    {
        try
        {
            using var csv = new CsvReader(new StringReader(new UTF8Encoding(false, true).GetString(file).TrimStart('\uFEFF').Trim()), new CsvConfiguration(CultureInfo.InvariantCulture) { MaxFieldSize = 1_000 });
            if (!csv.Read() || !csv.ReadHeader() || Names.FirstOrDefault(name => csv.HeaderRecord?.Contains(name) != true) is { } missing)
                return (null, 0, "Tệp thiếu dòng tiêu đề hoặc thiếu cột. Cần: type, tmn_code, txn_ref, transaction_no, amount_vnd, pay_date, status.");
            var lines = new List<ProviderLine>();
            while (csv.Read())
            {
                var line = new ProviderLine(csv.GetField("type")!.Trim(), csv.GetField("tmn_code")!.Trim(), csv.GetField("txn_ref")!.Trim(), csv.GetField("transaction_no")!.Trim(),
                    long.TryParse(csv.GetField("amount_vnd"), NumberStyles.None, CultureInfo.InvariantCulture, out var vnd) ? vnd : 0, csv.GetField("pay_date")!.Trim(), csv.GetField("status")!.Trim());
                if (line.Type is not ("01" or "02" or "03") || line.TmnCode.Length != 8 || line.TxnRef.Length is 0 or > 100 || line.AmountVnd <= 0 || line.PayDate.Length != 14 || line.Status.Length != 2
                    || line.TransactionNo.Length > 15 || !(line.TmnCode + line.TxnRef + line.TransactionNo + line.PayDate + line.Status).All(char.IsAsciiLetterOrDigit))
                    return (null, csv.Parser.RawRow, "Dòng không đúng định dạng.");
                lines.Add(line);
            }
            return (lines, 0, "");
        }
        catch (Exception e) when (e is CsvHelperException or DecoderFallbackException)
        {
            return (null, 0, "Không đọc được tệp: cần CSV mã hóa UTF-8.");
        }
    }
}
