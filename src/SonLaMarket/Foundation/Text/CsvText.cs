namespace SonLaMarket.Foundation.Text;

/// <summary>Text for CSV that a spreadsheet cannot take for a formula (OWASP, CSV injection).</summary>
public static class CsvText
{
    public static string Safe(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠' ? "'" + text : text;
}
