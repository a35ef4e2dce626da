using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web;

/// <summary>A form that is refused comes back as a page with messages; a program that asks for JSON gets the same messages as a problem (RFC 9457).</summary>
public sealed class RefusedForms(Texts t) : IResultFilter
{
    public void OnResultExecuting(ResultExecutingContext context)
    {
        var status = context.HttpContext.Response.StatusCode;
        if (context.Result is ViewResult && status is (StatusCodes.Status422UnprocessableEntity or StatusCodes.Status409Conflict) && Machines.IsMachine(context.HttpContext.Request))
            context.Result = Machines.InvalidForm("invalid-form", t["Hãy sửa các mục sau"], context.ModelState, status);
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
