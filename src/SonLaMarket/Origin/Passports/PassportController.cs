using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Passports;

/// <summary>The product passport of a lot: as data for machines, and as a list of what is there and what is missing for its producer.</summary>
public sealed class PassportController(Lots lots, OriginEvents events, Db db, Texts t, TimeProvider clock, SiteOptions site) : PageController(t)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [PublicPage]
    [HttpGet("/lo/{code:regex(^[[A-Za-z0-9-]]{{1,20}}$)}/ho-chieu.json")]
    public async Task<IActionResult> Show(string code, CancellationToken ct)
    {
        code = code.ToUpperInvariant();
        HttpContext.Tag(PageCache.Lot(code));
        if (await Passport.LoadAsync(db, events, site, code, Vietnamese.Today(clock), ct) is not { Known: true } passport)
            return Machines.Problem(StatusCodes.Status404NotFound, "unknown-code", T["Mã này không do sàn cấp, hoặc sản phẩm chưa được duyệt."]);
        if (passport.TakenBack)
            return Machines.Problem(StatusCodes.Status410Gone, "taken-back", T["Cơ sở đã rút lô này trước khi bán"]);
        Response.Headers.AccessControlAllowOrigin = "*";
        return Content(Json(passport).ToJsonString(Readable), "application/json; charset=utf-8");
    }

    [Authorize(Policy = Roles.Diary)]
    [HttpGet("/quan-ly/lo/{code}/ho-chieu")]
    public async Task<IActionResult> ToDo(string code, CancellationToken ct) =>
        await lots.FindAsync(db, code, User.Id(), ct) is { } lot && await Passport.LoadAsync(db, events, site, lot.Code, Vietnamese.Today(clock), ct) is { } passport ? View("ToDo", passport) : NotFound();

    private JsonObject Json(Passport passport)
    {
        // Thông tư 02/2024 wants each stage with the code of the product, the place and the time.
        var code = passport.Fields.Find(f => f.Key == "traceCode")?.Value;
        var fields = new JsonObject();
        foreach (var field in passport.Fields.Where(f => f.Value is not null && f.Key is not ("certificates" or "stages")))
            fields[field.Key] = field.Value;
        return new JsonObject
        {
            ["lot"] = passport.Code,
            ["page"] = site.Absolute("/lo/" + passport.Code),
            ["basis"] = new JsonArray(T["Nghị định 37/2026/NĐ-CP, Điều 32"], T["Thông tư 02/2024/TT-BKHCN"]),
            ["fieldsComplete"] = passport.Complete,
            ["missing"] = new JsonArray([.. passport.Fields.Where(f => f.Missing).Select(f => (JsonNode)f.Key)]),
            ["fields"] = fields,
            ["certificates"] = new JsonArray([.. passport.Certificates.Select(c => new JsonObject { ["kind"] = T.Of(c.Kind, c.KindEn), ["number"] = c.Number, ["issuer"] = c.Issuer, ["validUntil"] = c.ValidUntil.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) })]),
            ["stages"] = new JsonArray([.. passport.Stages.Select(s => new JsonObject { ["step"] = s.BizStep, ["product"] = code, ["time"] = Vietnamese.Local(s.EventTime).ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture), ["place"] = s.Place })]),
        };
    }
}
