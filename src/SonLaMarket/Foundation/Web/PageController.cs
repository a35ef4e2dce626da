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

    /// <summary>Asks once about what was typed, where only that shows that there is something to ask. Null when it was answered already.</summary>
    /// <param name="instead">As in <see cref="AskFirst.Page"/>.</param>
    protected ViewResult? AskOnce(string question, string verb, params (string Name, IEnumerable<string> Values)[] instead) =>
        Request.Form[AskFirst.Answer].Count > 0 ? null : View(AskFirst.View, AskFirst.Page(Request, question, verb, instead));

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

    /// <summary>409 with the form as it was filled, and why it cannot be saved now.</summary>
    protected ViewResult NotNow(string view, object model, string message)
    {
        Response.StatusCode = StatusCodes.Status409Conflict;
        ModelState.AddModelError("", message);
        return View(view, model);
    }

    /// <summary>
    /// 409: somebody stored something else since the page was loaded (<see cref="Seen"/>). What was typed stays in the form, what is stored now
    /// stands beside each field that differs; sent again, what was typed counts.
    /// </summary>
    /// <param name="say">The words for a field's value where people don't read the value itself.</param>
    protected ViewResult ChangedMeanwhile(string view, object model, object typed, object stored, Func<string, string, string?>? say = null) =>
        ChangedMeanwhile(view, model, Seen.Differences(typed, stored, say ?? ((_, _) => null)));

    /// <summary>The same of a form whose fields are rows of a table.</summary>
    /// <param name="differences">The fields that differ, each with what is stored.</param>
    protected ViewResult ChangedMeanwhile(string view, object model, IEnumerable<(string Field, string Stored)> differences)
    {
        foreach (var (field, now) in differences)
        {
            // The pictures of every form stand in its field Photos.
            if (field is "Kept" or "Removed")
                ModelState.AddModelError("Photos", T["Ảnh đang lưu khác với ảnh ở đây."]);
            else
                ModelState.AddModelError(field, now.Length == 0 ? T["Nay đang để trống."] : T["Nay đang là: {0}", now.Length > 200 ? now[..200] + "…" : now]);
        }
        return NotNow(view, model, T["Trong lúc bạn sửa, mục này đã được lưu ở một trang khác. Chữ bạn gõ vẫn còn ở dưới; bên cạnh mỗi ô khác nhau là nội dung đang lưu. Bấm Lưu lần nữa để thay bằng nội dung của bạn."]);
    }
}
