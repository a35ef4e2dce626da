namespace SonLaMarket.Foundation.Web;

/// <summary>The province that the reader has goods sent to, remembered in a cookie so that pages can say what delivery costs: two digits, nothing of the person.</summary>
public static class Place
{
    /// <summary>The code of the province; whether there is such a province is for the database to say.</summary>
    public static string? Of(HttpRequest request) =>
        request.Cookies[Cookies.Name(request, Cookies.Place)] is { Length: 2 } code && code.All(char.IsAsciiDigit) ? code : null;

    public static void Remember(HttpContext context, string code) =>
        context.Response.Cookies.Append(Cookies.Name(context.Request, Cookies.Place), code, Cookies.Options(context.Request, TimeSpan.FromDays(365)));
}

/// <summary>Marks a public page that says something else for each remembered province.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ByPlaceAttribute : Attribute;
