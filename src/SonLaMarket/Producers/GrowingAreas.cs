using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers;

/// <param name="Code">The growing-area code (mã số vùng trồng) where one was given.</param>
/// <param name="AreaM2">Square metres.</param>
public sealed record GrowingArea(Guid Id, string Name, string? Code, string CommuneCode, string CommuneName, long? AreaM2, string? SpecialitySlug, string Status);

public sealed record GrowingAreaDraft(string Name, string? Code, string CommuneCode, long? AreaM2, string? SpecialitySlug);

public sealed class GrowingAreas(Audit audit, TimeProvider clock)
{
    public Task<List<GrowingArea>> OfProducerAsync(Sql sql, long producerId, CancellationToken ct = default) =>
        sql.QueryAsync<GrowingArea>("""
            select a.id, a.name, a.code, a.commune_code, c.full_name as commune_name, a.area_m2, a.speciality_slug, a.status
            from producers.growing_area a join foundation.commune c on c.code = a.commune_code where a.producer_id = @producerId order by a.name collate "vi-x-icu", a.id
            """, new { producerId }, ct);

    /// <summary>Null when the growing-area code is already another's.</summary>
    public async Task<Guid?> AddAsync(Tx tx, long producerId, GrowingAreaDraft draft, Actor actor)
    {
        const string insert = """
            insert into producers.growing_area (id, producer_id, name, code, commune_code, area_m2, speciality_slug, created_at)
            values (@id, @producerId, @Name, @Code, @CommuneCode, @AreaM2, @SpecialitySlug, @now) on conflict do nothing
            """;
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        if (await tx.ExecuteAsync(insert, new { id, producerId, draft.Name, draft.Code, draft.CommuneCode, draft.AreaM2, draft.SpecialitySlug, now = clock.GetUtcNow() }) == 0)
            return null;
        await audit.WriteAsync(tx, actor, "growing-area.create", $"growing-area:{id}");
        return id;
    }
}
