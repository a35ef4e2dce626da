using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web;

/// <summary>The few answers that every form of the product gives the same way.</summary>
public abstract class PageController(Texts t) : Controller
{
    protected Texts T => t;

    /// <summary>303 to a page of ours, in the language being read: the answer to every change.</summary>
    protected IActionResult SeeOther(string path)
    {
        Response.Headers.Location = path.StartsWith("/en/", StringComparison.Ordinal) || !path.StartsWith('/') ? path : t.To(path);
        return StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>303 with a message that the next page shows once.</summary>
    protected IActionResult SeeOther(string path, string message)
    {
        TempData["flash"] = message;
        return SeeOther(path);
    }

    /// <summary>303 with a message that is bad news: done, and something follows from it.</summary>
    protected IActionResult SeeOtherAlerted(string path, string message)
    {
        TempData["flash-tone"] = "bad";
        return SeeOther(path, message);
    }

    /// <summary>429, and when to try again.</summary>
    protected StatusCodeResult TooMany(TimeSpan wait)
    {
        Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return StatusCode(StatusCodes.Status429TooManyRequests);
    }

    /// <summary>422 with the form as it was filled and the messages beside the fields.</summary>
    protected ViewResult Invalid(string view, object model)
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(view, model);
    }
}
