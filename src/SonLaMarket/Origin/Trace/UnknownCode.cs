using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Trace;

/// <summary>A code that we never issued: said plainly, with a way to report the label.</summary>
public static class UnknownCode
{
    public static IActionResult Page(Controller controller, Texts t, string code)
    {
        if (Machines.IsMachine(controller.Request))
            return Machines.Problem(StatusCodes.Status404NotFound, "unknown-code", t["Mã này không do sàn cấp."]);
        controller.Response.StatusCode = StatusCodes.Status404NotFound;
        controller.ViewData["Title"] = t["Mã này không do sàn cấp"];
        return controller.View("Unknown", code.Length > 60 ? code[..60] : code);
    }
}
