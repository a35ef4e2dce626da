using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace SonLaMarket.Files;

/// <summary>
/// A stored picture in the size that the place needs: <c>&lt;picture-of id="…" alt="…" sizes="…" width="320" height="320" /&gt;</c>; without a
/// picture the drawing of its <c>speciality</c>, without that the quiet blank. Lazy unless <c>first</c>, which is for the picture that a page opens with. Where the frame cuts, the
/// cell that its seller chose (<see cref="FocalPoints"/>) stays in sight.
/// </summary>
[HtmlTargetElement("picture-of", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class PictureOfTagHelper(FocalPoints points) : TagHelper
{
    public required Guid? Id { get; set; }

    /// <summary>What it shows, by its slug in the reference list; a seller's own photo always wins.</summary>
    public string? Speciality { get; set; }

    /// <summary>Empty where the words beside it say the same.</summary>
    public string Alt { get; set; } = "";

    public int Width { get; set; } = 320;

    public int Height { get; set; } = 320;

    /// <summary>How wide it is drawn (sizes of HTML); without it one small picture is enough.</summary>
    public string? Sizes { get; set; }

    public bool First { get; set; }

    /// <summary>The cell that stays in sight, where it is not the one that its seller chose.</summary>
    public int? Focus { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagMode = TagMode.StartTagAndEndTag;
        if (Pictures.Of(Id, Speciality) is not { } picture)
        {
            output.TagName = "span";
            output.Attributes.SetAttribute("class", $"tile__blank {output.Attributes["class"]?.Value}".TrimEnd());
            return;
        }
        output.TagName = "img";
        output.TagMode = TagMode.StartTagOnly;
        output.Attributes.SetAttribute("src", $"{picture}/w{(Sizes is null ? 320 : 640)}.webp");
        if (Sizes is not null)
        {
            output.Attributes.SetAttribute("srcset", Pictures.SrcSet(picture));
            output.Attributes.SetAttribute("sizes", Sizes);
        }
        output.Attributes.SetAttribute("alt", Alt);
        output.Attributes.SetAttribute("width", Width.ToString(CultureInfo.InvariantCulture));
        output.Attributes.SetAttribute("height", Height.ToString(CultureInfo.InvariantCulture));
        output.Attributes.SetAttribute(First ? "fetchpriority" : "loading", First ? "high" : "lazy");
        // No style attribute may be written (content security policy): the style sheet knows the cells.
        if ((Focus ?? points.Of(Id)) is var cell and not FocalPoints.Middle)
            output.Attributes.SetAttribute("data-focus", cell.ToString(CultureInfo.InvariantCulture));
    }
}
