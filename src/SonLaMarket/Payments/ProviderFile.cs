using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using SonLaMarket.Foundation.Text;

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

    /// <summary>The lines, or what is wrong: the file itself, or that it has what is of another day or terminal than it was declared to be, so that a comparison would find differences that are none.</summary>
    /// <param name="tmnCode">The one terminal that the file is of; null when it is of all.</param>
    public static (List<ProviderLine>? Lines, Said? Wrong) Read(byte[] file, DateOnly day, string? tmnCode)
    {
        try
        {
            var text = new UTF8Encoding(false, true).GetString(file).TrimStart('\uFEFF').Trim();
            // Rows copied out of a spreadsheet come with tabs.
            var separator = text.Split('\n', 2)[0] is var heading && heading.Contains('\t', StringComparison.Ordinal) ? "\t" : heading.Contains(';', StringComparison.Ordinal) ? ";" : ",";
            using var csv = new CsvReader(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture) { MaxFieldSize = 1_000, Delimiter = separator });
            if (!csv.Read() || !csv.ReadHeader() || Names.FirstOrDefault(name => csv.HeaderRecord?.Contains(name) != true) is { } missing)
                return (null, new Said("Tệp thiếu dòng tiêu đề hoặc thiếu cột. Cần: type, tmn_code, txn_ref, transaction_no, amount_vnd, pay_date, status."));
            var lines = new List<ProviderLine>();
            while (csv.Read())
            {
                var line = new ProviderLine(csv.GetField("type")!.Trim(), csv.GetField("tmn_code")!.Trim(), csv.GetField("txn_ref")!.Trim(), csv.GetField("transaction_no")!.Trim(),
                    long.TryParse(csv.GetField("amount_vnd"), NumberStyles.None, CultureInfo.InvariantCulture, out var vnd) ? vnd : 0, csv.GetField("pay_date")!.Trim(), csv.GetField("status")!.Trim());
                if (line.Type is not ("01" or "02" or "03") || line.TmnCode.Length != 8 || line.TxnRef.Length is 0 or > 100 || line.AmountVnd <= 0 || line.PayDate.Length != 14 || line.Status.Length != 2
                    || line.TransactionNo.Length > 15 || !(line.TmnCode + line.TxnRef + line.TransactionNo + line.PayDate + line.Status).All(char.IsAsciiLetterOrDigit))
                    return (null, new Said("Dòng {0} của tệp không đúng định dạng.", csv.Parser.RawRow.ToString(CultureInfo.InvariantCulture)));
                lines.Add(line);
            }
            return Misfit(lines, day, tmnCode) is { } misfit ? (null, misfit) : (lines, null);
        }
        catch (Exception e) when (e is CsvHelperException or DecoderFallbackException)
        {
            return (null, new Said("Không đọc được tệp: cần CSV mã hóa UTF-8."));
        }
    }

    private static Said? Misfit(List<ProviderLine> lines, DateOnly day, string? tmnCode)
    {
        var digits = day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        if (lines.Find(l => !l.PayDate.StartsWith(digits, StringComparison.Ordinal)) is { } other)
            return new Said("Tệp có giao dịch ngày {0}, không phải của ngày {1}. Hãy kiểm tra ngày. Chưa ghi nhận gì.", $"{other.PayDate[6..8]}/{other.PayDate[4..6]}/{other.PayDate[..4]}", Vietnamese.Date(day));
        return tmnCode is not null && lines.Find(l => l.TmnCode != tmnCode) is { } foreign
            ? new Said("Tệp có giao dịch của cổng {0}, không chỉ của {1}. Hãy để trống ô mã website nếu tệp là của mọi cổng. Chưa ghi nhận gì.", foreign.TmnCode, tmnCode)
            : null;
    }
}
