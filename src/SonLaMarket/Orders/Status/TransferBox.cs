using System.Globalization;
using Microsoft.AspNetCore.Html;
using QRCoder;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders.Status;

/// <summary>All that a buyer needs for a transfer: the code to scan, and the same in words.</summary>
/// <param name="Sample">Of a sample producer, and everything outside of production: nobody can pay to it, and it says so across the code.</param>
public sealed record TransferBox(string Bank, BankAccount Account, long AmountVnd, string Purpose, IHtmlContent Qr, bool Sample, bool Over)
{
    /// <summary>Null when nothing can come any more, or the seller named no account.</summary>
    public static TransferBox? Of(PartRow part, bool showsSamples, Texts t)
    {
        if (part.TransferTo is not { } to || part.PaymentCode is not { } code || part.PaymentStatus is not ("pending" or "expired"))
            return null;
        var account = System.Text.Json.JsonSerializer.Deserialize<BankAccount>(to)!;
        // Nobody is invited any more; who has sent the money sees whether all of it was right.
        var over = part.PaymentStatus == "expired";
        var sample = showsSamples || part.IsSample || account.BankBin == BankAccount.NoBank;
        // Whatever was stored: a sample names no bank that exists.
        if (sample)
            account = account with { BankBin = BankAccount.NoBank };
        var svg = over ? "" : Foundation.Web.Qr.Svg(Transfers.QrText(account, part.TotalVnd, code), sample ? QRCodeGenerator.ECCLevel.H : QRCodeGenerator.ECCLevel.M);
        return new(sample ? t[BankAccount.SampleBank] : part.BankName ?? account.BankBin, account, part.TotalVnd, Transfers.Purpose(code), new HtmlString(sample && !over ? Across(svg) : svg), sample, over);
    }

    /// <summary>What stands across it lets dark and light through: the code is read still.</summary>
    private static string Across(string svg)
    {
        var box = svg[(svg.IndexOf("viewBox=\"", StringComparison.Ordinal) + 9)..].Split('"')[0].Split(' ');
        var size = double.Parse(box[^1], CultureInfo.InvariantCulture);
        var text = string.Create(CultureInfo.InvariantCulture, $"""<text x="{size / 2}" y="{size / 2}" text-anchor="middle" dominant-baseline="central" font-family="sans-serif" font-weight="700" font-size="{size / 3.2}" fill="#d00020" fill-opacity=".45" transform="rotate(-35 {size / 2} {size / 2})">MẪU</text></svg>""");
        return svg[..svg.LastIndexOf("</svg>", StringComparison.Ordinal)] + text;
    }
}
