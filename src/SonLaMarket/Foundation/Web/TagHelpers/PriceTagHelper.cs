using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>
/// An amount to be paid: <c>&lt;price vnd="175000" unit="@T["hộp"]" base-vnd="35000" base-unit="kg" /&gt;</c> is "175.000 ₫/hộp" and
/// below it "35.000 ₫/kg"; <c>before-vnd</c> is the price that a promotion replaces. A <c>label</c> stands before the amount, the content is a note below it.
/// </summary>
[HtmlTargetElement("price", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class PriceTagHelper(HtmlEncoder encoder) : TagHelper
{
    public required long Vnd { get; set; }

    public string? Unit { get; set; }

    /// <summary>The price before a promotion, said with <see cref="BeforeLabel"/> to those who do not see that it is struck through.</summary>
    public long? BeforeVnd { get; set; }

    public string BeforeLabel { get; set; } = "";

    public long? BaseVnd { get; set; }

    public string BaseUnit { get; set; } = "kg";

    public string? Label { get; set; }

    public bool Large { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var note = (await output.GetChildContentAsync()).GetContent().Trim();
        output.Become("p", Large ? "price price--large" : "price");
        var html = (string.IsNullOrEmpty(Label) ? "" : encoder.Encode(Label) + " ")
            + $"<strong>{Vietnamese.Money(Vnd)}</strong>" + (string.IsNullOrEmpty(Unit) ? "" : "/" + encoder.Encode(Unit))
            + (BeforeVnd is { } before ? $" <s class=\"price__before\"><span class=\"visually-hidden\">{encoder.Encode(BeforeLabel)} </span>{Vietnamese.Money(before)}</s>" : "");
        if (BaseVnd is { } amount)
            note = $"{Vietnamese.Money(amount)}/{encoder.Encode(BaseUnit)}" + (note.Length == 0 ? "" : " · " + note);
        output.Content.SetHtmlContent(html + (note.Length == 0 ? "" : $" <span class=\"price__base\">{note}</span>"));
    }
}
