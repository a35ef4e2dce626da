using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Web.TagHelpers;

namespace SonLaMarket.Files;

/// <summary>
/// Stored photos in a row, each leading to the whole of it: <c>&lt;photo-strip pictures="c.PictureIds" alt="@T["Ảnh của người mua"]" /&gt;</c>; nothing where there are none.
/// Without <c>pictures</c> the content is its items.
/// </summary>
[HtmlTargetElement("photo-strip", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class PhotoStripTagHelper(HtmlEncoder encoder) : TagHelper
{
    public Guid[]? Pictures { get; set; }

    /// <summary>What each of them shows.</summary>
    public string Alt { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Pictures is { Length: 0 })
        {
            output.SuppressOutput();
            return;
        }
        output.Become("ul", "thumbs");
        if (Pictures is not null)
            output.Content.SetHtmlContent(string.Concat(Pictures.Select(p => $"<li><a href=\"/media/{p}/w1200.webp\"><img src=\"/media/{p}/w320.webp\" alt=\"{encoder.Encode(Alt)}\" width=\"160\" height=\"160\" loading=\"lazy\"></a></li>")));
    }
}
