using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Vnpay.Simulator;

/// <summary>The frame of every page: the banner that nobody can overlook, one inline stylesheet, no script.</summary>
internal static class Html
{
    private const string Style = """
        :root{color-scheme:light;font:16px/1.5 system-ui,sans-serif;color:#1b2430;background:#eef2f6}
        *{box-sizing:border-box}body{margin:0}
        .banner{position:sticky;top:0;padding:.6rem 1rem;background:#ffd23f;color:#1b1b1b;font-weight:700;text-align:center;border-bottom:4px dashed #1b1b1b}
        main{max-width:34rem;margin:1rem auto;padding:0 1rem}main.wide{max-width:70rem}
        section{background:#fff;border:1px solid #cfd8e3;border-radius:.75rem;padding:1rem;margin-bottom:1rem}
        h1{font-size:1.25rem;margin:0 0 .5rem}.amount{font-size:1.9rem;font-weight:700;margin:0}
        dl{margin:.5rem 0 0;display:grid;grid-template-columns:auto 1fr;gap:.15rem 1rem}dt{color:#51606f}dd{margin:0;overflow-wrap:anywhere}
        fieldset{border:0;padding:0;margin:0 0 1rem}legend{font-weight:700;padding:0;margin-bottom:.5rem}
        label.card{display:flex;gap:.75rem;align-items:center;min-height:48px;padding:.5rem .75rem;border:1px solid #cfd8e3;border-radius:.5rem;margin-bottom:.4rem}
        label.card:has(:checked){border-color:#0b57a4;background:#e9f2fb}label.card span{overflow-wrap:anywhere}small{display:block;color:#51606f}
        input[type=text],input[type=number],select{font:inherit;width:100%;min-height:48px;padding:.5rem .75rem;border:1px solid #6b7a89;border-radius:.5rem;background:#fff}
        button{font:inherit;font-weight:700;min-height:48px;width:100%;border-radius:.5rem;border:2px solid #0b57a4;background:#0b57a4;color:#fff;margin-top:.5rem;padding:.25rem .75rem}
        button.quiet{background:#fff;color:#0b57a4}.error{color:#a11212;font-weight:700}
        :focus-visible{outline:3px solid #d9730d;outline-offset:2px}
        .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;padding:.4rem .5rem;border-bottom:1px solid #cfd8e3;vertical-align:top}
        h2{font-size:1.1rem;margin:0 0 .5rem}.qr{max-width:16rem;margin:0 auto 1rem}.qr svg{display:block;width:100%;height:auto}
        .choices{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr))}code{overflow-wrap:anywhere}
        td form{display:inline-block}td button{min-height:36px;width:auto;margin:0 .25rem .25rem 0}
        """;

    // The only script there is: seconds that run. Without it the page still says until when.
    private const string Countdown = """
        for (const e of document.querySelectorAll('[data-until]')) {
          const tick = () => { const s = Math.max(0, Math.round((e.dataset.until - Date.now()) / 1000)); e.textContent = Math.floor(s / 60) + ':' + String(s % 60).padStart(2, '0'); };
          tick(); setInterval(tick, 1000);
        }
        """;

    // form-action is open because a form that ends a payment is answered with the way back to the merchant.
    private static readonly string Policy =
        $"default-src 'none'; style-src '{Source(Style)}'; script-src '{Source(Countdown)}'; form-action 'self' http: https:; base-uri 'none'; frame-ancestors 'none'";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static string Source(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static string E(string? text) => Encoder.Encode(text ?? "");

    /// <param name="context">Request to answer.</param>
    /// <param name="english">Language of the page.</param>
    /// <param name="title">Title, encoded here.</param>
    /// <param name="body">Markup of the main part.</param>
    /// <param name="wide">For tables.</param>
    /// <param name="refreshSeconds">Loads the page anew after this time; null never.</param>
    /// <param name="countdown">Times marked with data-until run.</param>
    public static Task WriteAsync(HttpContext context, bool english, string title, string body, bool wide = false, int? refreshSeconds = null, bool countdown = false)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        context.Response.ContentType = "text/html; charset=utf-8";
        var refresh = refreshSeconds is null ? "" : $"<meta http-equiv=\"refresh\" content=\"{refreshSeconds}\">";
        var banner = english
            ? "SIMULATOR / MÔ PHỎNG – this is not VNPAY, no real money moves"
            : "MÔ PHỎNG / SIMULATOR – đây không phải VNPAY, không có tiền thật";
        return context.Response.WriteAsync($"""
            <!doctype html>
            <html lang="{(english ? "en" : "vi")}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">{refresh}
            <title>{E(title)} – {(english ? "SIMULATOR" : "MÔ PHỎNG")}</title><style>{Style}</style></head>
            <body><header class="banner">{banner}</header><main{(wide ? " class=\"wide\"" : "")}>
            {body}
            </main>{(countdown ? $"<script>{Countdown}</script>" : "")}</body></html>
            """);
    }
}
