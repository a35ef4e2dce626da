using System.Security.Claims;
using Dapper;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Keep;

/// <summary>A lot that an entry may be written for.</summary>
public sealed record FieldLot(string Code, string ProductName, string CategorySlug, string? GrowingAreaName, DateOnly? HarvestedOn);

/// <summary>Everything that is needed to write entries, on one page: without signal there is nothing else to ask.</summary>
/// <param name="Account">Whose entries the device keeps: the person, with the producer they work for now. Nobody reads the person from it.</param>
public sealed record FieldPage(List<FieldLot> Lots, string? Lot, List<FieldTemplate> Templates, string Account, DiaryForm Form, List<DiaryInput> Inputs, PictureErrors Errors) : DiaryFields(Form, Inputs, Errors)
{
    /// <summary>The newest ones: older lots are written from their own page.</summary>
    private const int Most = 60;

    /// <param name="lot">The lot that is chosen; null: the newest.</param>
    public static async Task<FieldPage> LoadAsync(Sql sql, ClaimsPrincipal user, DiaryForm form, CancellationToken ct, string? lot = null, PictureErrors? errors = null)
    {
        const string select = """
            select l.code, p.name as product_name, p.category_slug, a.name as growing_area_name, l.harvested_on
            from origin.lot l join producers.product p on p.id = l.product_id left join producers.growing_area a on a.id = l.growing_area_id
              join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId
            where l.taken_back_at is null order by l.id desc limit @Most;
            select t.category_slug, t.code, t.kind, t.title, t.title_en, t.amount_unit, t.method from origin.diary_template t
            where t.category_slug in (select p.category_slug from producers.product p join producers.acting m on m.producer_id = p.producer_id and m.person_id = @memberId) order by t.sort
            """;
        var (lots, templates) = await sql.MultipleAsync(select, new { memberId = user.Id(), Most }, async g => ((await g.ReadAsync<FieldLot>()).AsList(), (await g.ReadAsync<FieldTemplate>()).AsList()), ct);
        var work = $"field {user.Id()} {user.FindFirst(Current.ProducerClaim)?.Value} {user.FindFirst(Current.BehalfClaim)?.Value}";
        return new(lots, lots.Exists(l => l.Code == lot) ? lot : lots.Count == 0 ? null : lots[0].Code, templates, Convert.ToHexStringLower(Codes.Hash(work).AsSpan(0, 8)), form, await Origin.Inputs.AllAsync(sql, ct), errors ?? new());
    }
}

/// <summary>What is usually done for a kind of crop.</summary>
public sealed record FieldTemplate(string CategorySlug, string Code, string Kind, string Title, string TitleEn, string AmountUnit, string Method);
