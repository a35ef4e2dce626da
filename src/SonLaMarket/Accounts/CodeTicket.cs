using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>
/// The ticket of a code on its way from the form that had it sent to the page that asks for it. It travels in a cookie that lives as
/// long as the code: an address would show and keep it, and a page that is the answer to the form would send another code when it is loaded again.
/// </summary>
public static class CodeTicket
{
    public static void Hand(HttpContext context, CodeSending.Sent sent) =>
        context.Response.Cookies.Append(Cookies.Name(context.Request, Cookies.Code), sent.Ticket, Cookies.Options(context.Request, OneTimeCodes.Lifetime));

    /// <summary>Null where none was sent in the last minutes; what it is for is said by the ticket itself (<see cref="OneTimeCodes.Read"/>).</summary>
    public static string? Of(HttpRequest request) => request.Cookies[Cookies.Name(request, Cookies.Code)];
}
