using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Labels;

/// <summary>What prints labels of a lot, or of its packages.</summary>
public abstract class PrintingController(Texts t) : PageController(t)
{
    /// <summary>Of what was recalled no label is printed any more, of what is blocked only after a question. Null where labels may be printed.</summary>
    /// <param name="view">The page of the form that asks for labels.</param>
    protected IActionResult? Stopped(Lot lot, string view, object page) =>
        lot.Recalled ? NotNow(view, page, T["Lô bị thu hồi: không in tem nữa."])
        : lot.Blocked ? AskOnce(T["Lô đang bị chặn bán. Vẫn in tem?"], T["Vẫn in"]) : null;
}
