using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Supervision.Areas;

/// <summary>Codes of growing areas as producers gave them: compared with their decision, suspended, revoked.</summary>
[Authorize(Policy = Roles.Officer)]
[Route("/so-cong-thuong/vung-trong")]
public sealed class AreasController(GrowingAreas areas, Db db, Texts t) : PageController(t)
{
    private const int Take = 30;
    private const string Unchecked = "cho";

    [HttpGet("")]
    public async Task<IActionResult> Index([FromQuery(Name = "trang-thai")] string? state, string? sau, CancellationToken ct) => View("Areas", await PageAsync(state, sau, ct));

    [HttpPost("{id:guid}")]
    public async Task<IActionResult> Find(Guid id, string? status, [DataType(DataType.MultilineText)] string? reason, [FromQuery(Name = "trang-thai")] string? state, string? sau, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await tx.FirstOrDefaultAsync<CodedArea>($"select {Columns} where a.id = @id and a.code is not null for update of a", new { id }) is not { } area)
            return NotFound();
        if (AreaState.All.All(s => s.Word != status))
            ModelState.AddModelError(nameof(status), T["Hãy chọn kết quả."]);
        if (status != AreaState.Active && reason is null or { Length: < 5 } || reason?.Length > 500)
            ModelState.AddModelError(nameof(reason), T["Hãy ghi lý do, từ 5 đến 500 ký tự."]);
        if (!ModelState.IsValid)
            return Invalid("Areas", await PageAsync(state, sau, ct) with { Deciding = id });
        // A finding is of the code and the terms that the officer compared, not of what its producer wrote since.
        if (Request.IsOutdated(area.Compared))
            return NotNow("Areas", await PageAsync(state, sau, ct) with { Deciding = id }, T["Vùng trồng này đã đổi sau khi bạn mở trang. Hãy đối chiếu lại nội dung ở dưới rồi ghi kết quả."]);
        if (!await areas.FindAsync(tx, id, status!, reason ?? "", User.As(Roles.Officer)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/vung-trong" + Request.QueryString, T["Đã ghi kết quả. Lô thu hoạch từ hôm nay mang tình trạng này."]);
    }

    private const string Columns = """
        a.id, a.created_at, a.name, a.code, a.scheme, a.markets, a.issued_on, a.area_m2, a.status, a.checked_at, s.name as crop, s.name_en as crop_en, c.full_name as commune_name, c.name_en as commune_name_en, p.name as producer_name,
          f.reason, f.decided_at
        from producers.growing_area a join producers.producer p on p.id = a.producer_id join foundation.commune c on c.code = a.commune_code left join producers.speciality s on s.slug = a.speciality_slug
          left join lateral (select f.reason, f.decided_at from producers.growing_area_finding f where f.growing_area_id = a.id and f.code = a.code order by f.id desc limit 1) f on true
        """;

    private async Task<AreasPage> PageAsync(string? state, string? sau, CancellationToken ct)
    {
        const string select = $"""
            select {Columns}
            where a.code is not null and (@waiting::boolean is null or a.checked_at is null) and (@status::text is null or (a.status = @status and a.checked_at is not null))
              and (@after::uuid is null or (a.created_at, a.id) < (select x.created_at, x.id from producers.growing_area x where x.id = @after))
            order by a.created_at desc, a.id desc limit @take;
            select case when checked_at is null then 'cho' else status end, count(*) from producers.growing_area where code is not null group by 1
            """;
        var status = AreaState.All.Any(s => s.Word == state) ? state : null;
        var waiting = state == Unchecked ? true : (bool?)null;
        var after = Cursor.Parse(sau, 1) is [var id] && Guid.TryParse(id, out var key) ? key : (Guid?)null;
        var (rows, counts) = await db.MultipleAsync(select, new { waiting, status, after, take = Take + 1 }, async g =>
            ((await g.ReadAsync<CodedArea>()).AsList(), (await g.ReadAsync<(string State, long Count)>()).ToDictionary(c => c.State, c => c.Count, StringComparer.Ordinal)), ct);
        return new(waiting is null ? status : Unchecked, Page<CodedArea>.Of(rows, Take, r => Cursor.Of(r.Id.ToString())), counts, Request.QueryString.Value ?? "");
    }
}

public sealed record CodedArea(
    Guid Id, DateTimeOffset CreatedAt, string Name, string Code, string? Scheme, string[] Markets, DateOnly? IssuedOn, long? AreaM2, string Status, DateTimeOffset? CheckedAt, string? Crop, string? CropEn, string CommuneName, string CommuneNameEn, string ProducerName,
    string? Reason, DateTimeOffset? DecidedAt)
{
    /// <summary>What an officer compares with the decision, and what was found of it so far.</summary>
    public object Compared => new { Name, Code, Scheme, Markets, IssuedOn, AreaM2, Crop, CommuneName, Status, CheckedAt };
}

/// <param name="State">The filter: a word of <see cref="AreaState"/>, "cho" for codes that nobody has compared, null for all.</param>
/// <param name="Deciding">The area whose form was refused.</param>
public sealed record AreasPage(string? State, Page<CodedArea> Page, Dictionary<string, long> Counts, string QueryString, Guid? Deciding = null)
{
    public static readonly IReadOnlyList<(string Word, string Label)> States = [("cho", "Chờ đối chiếu"), .. AreaState.All];
}
