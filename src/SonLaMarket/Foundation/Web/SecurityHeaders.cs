namespace SonLaMarket.Foundation.Web;

/// <summary>Hosts of ours and others that a page may send a form to (the payment page: Chromium applies form-action to the redirect after a POST too).</summary>
public sealed record SiteOptions
{
    /// <summary>What labels, mails and return addresses carry; never taken from the Host header.</summary>
    public string PublicBaseUrl { get; set; } = "";

    /// <summary>Origins of payment pages, space separated. Unless set, that of the payment address.</summary>
    public string PaymentOrigins { get; set; } = "";

    /// <summary>Where weaknesses are reported (RFC 9116): an address of mail or a page.</summary>
    public string SecurityContact { get; set; } = "mailto:security@sonlamarket.invalid";

    /// <summary>Who helps people with the marketplace: a phone number, as it is dialled; printed in the same place of every page. Empty: none.</summary>
    public string HelpPhone { get; set; } = "";

    /// <summary>A page of Zalo (https://zalo.me/…).</summary>
    public string HelpZalo { get; set; } = "";

    public string HelpEmail { get; set; } = "";

    /// <summary>Not production: whatever is shown of money is a sample that nobody can pay to. No setting.</summary>
    public bool ShowsSamples { get; internal set; }

    public bool Helps => HelpPhone.Length + HelpZalo.Length + HelpEmail.Length > 0;

    public string Absolute(string path) => PublicBaseUrl.TrimEnd('/') + path;
}

/// <summary>Headers of every answer. The policy has no nonce, so that public pages can be cached.</summary>
public static class SecurityHeaders
{
    /// <summary>Allows one inline style block on this page by its hash (the trace page carries its style). Set at once, so that a cached page keeps its policy.</summary>
    public static void AllowInlineStyle(this HttpContext context, SiteOptions site, InlineStyle style) => context.Response.Headers.ContentSecurityPolicy = Policy(site, " " + style.Source);

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app, SiteOptions site) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = headers.ContainsKey("Referrer-Policy") ? headers["Referrer-Policy"] : "strict-origin-when-cross-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            if (!headers.ContainsKey("Cross-Origin-Resource-Policy"))
                headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()";
            if (context.Request.IsHttps)
                headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            if (headers.ContentType.ToString().StartsWith("text/html", StringComparison.OrdinalIgnoreCase) && !headers.ContainsKey("Content-Security-Policy"))
                headers.ContentSecurityPolicy = Policy(site, "");
            return Task.CompletedTask;
        });
        return next(context);
    });

    private static string Policy(SiteOptions site, string style) =>
        $"default-src 'none'; script-src 'self'; style-src 'self'{style}; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
        + $"manifest-src 'self'; worker-src 'self'; form-action 'self' {site.PaymentOrigins}; base-uri 'none'; frame-ancestors 'none'".Replace(" ;", ";", StringComparison.Ordinal);
}
