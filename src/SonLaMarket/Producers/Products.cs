using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers;

/// <summary>A trade item: what it is. How it is offered for sale is a listing.</summary>
/// <param name="BaseUnit">"g" for what is sold by weight, "piece" for bunch, box and piece.</param>
/// <param name="NetWeightG">Grams of one piece; needed where the base unit is a piece.</param>
public sealed record Product(
    long Id, string Code, long ProducerId, string Name, string NameEn, string CategorySlug, string? SpecialitySlug, string? Gtin, string BaseUnit,
    long? NetWeightG, string Description, string Storage, decimal? AlcoholPercent, Guid[] PictureIds, Guid[] CertificateIds, string Brand, string Model, string Ingredients);

public sealed record ProductDraft(
    string Name, string NameEn, string CategorySlug, string? SpecialitySlug, string? Gtin, string BaseUnit, long? NetWeightG, string Description,
    string Storage, decimal? AlcoholPercent, Guid[] PictureIds, Guid[] CertificateIds)
{
    public string Brand { get; init; } = "";

    public string Model { get; init; } = "";

    public string Ingredients { get; init; } = "";
}

public sealed class Products(Audit audit, TimeProvider clock)
{
    private const string Columns = "p.id, p.code, p.producer_id, p.name, p.name_en, p.category_slug, p.speciality_slug, p.gtin, p.base_unit, p.net_weight_g, p.description, p.storage, p.alcohol_percent, p.picture_ids, p.certificate_ids, p.brand, p.model, p.ingredients";

    public Task<Product?> FindAsync(Sql sql, string code, long memberId, CancellationToken ct = default) =>
        sql.FirstOrDefaultAsync<Product>($"select {Columns} from producers.product p join producers.acting m on m.producer_id = p.producer_id where p.code = @code and m.person_id = @memberId", new { code, memberId }, ct);

    /// <summary>The same with its row locked until the transaction ends.</summary>
    public Task<Product?> LockAsync(Tx tx, string code, long memberId) =>
        tx.FirstOrDefaultAsync<Product>($"select {Columns} from producers.product p join producers.acting m on m.producer_id = p.producer_id where p.code = @code and m.person_id = @memberId for update of p", new { code, memberId });

    /// <summary>The new product's code. Null when the GTIN is taken.</summary>
    public async Task<string?> AddAsync(Tx tx, long producerId, ProductDraft draft, Actor actor)
    {
        const string insert = """
            insert into producers.product (code, producer_id, name, name_en, category_slug, speciality_slug, gtin, base_unit, net_weight_g, description, storage, alcohol_percent, picture_ids, certificate_ids, brand, model, ingredients, created_at, changed_at)
            values (@code, @producerId, @Name, @NameEn, @CategorySlug, @SpecialitySlug, @Gtin, @BaseUnit, @NetWeightG, @Description, @Storage, @AlcoholPercent, @PictureIds, @CertificateIds, @Brand, @Model, @Ingredients, @now, @now)
            on conflict do nothing returning code
            """;
        var code = await tx.FirstOrDefaultAsync<string>(insert, Args(Codes.Random(8), producerId, null, draft));
        if (code is not null)
            await audit.WriteAsync(tx, actor, "product.create", $"product:{code}");
        return code;
    }

    /// <summary>False when it is not the member's, or the GTIN is taken. The unit cannot change once lots exist.</summary>
    public async Task<bool> UpdateAsync(Tx tx, string code, long memberId, ProductDraft draft, Actor actor)
    {
        const string update = """
            update producers.product p set name = @Name, name_en = @NameEn, category_slug = @CategorySlug, speciality_slug = @SpecialitySlug, gtin = @Gtin,
              net_weight_g = @NetWeightG, description = @Description, storage = @Storage, alcohol_percent = @AlcoholPercent, picture_ids = @PictureIds, certificate_ids = @CertificateIds, brand = @Brand, model = @Model, ingredients = @Ingredients, changed_at = @now
            where code = @code and exists (select 1 from producers.acting m where m.producer_id = p.producer_id and m.person_id = @memberId)
              and not exists (select 1 from producers.product o where o.gtin = @Gtin and o.code <> @code)
            """;
        if (await tx.ExecuteAsync(update, Args(code, null, memberId, draft)) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "product.edit", $"product:{code}");
        return true;
    }

    /// <summary>Takes back what was made by mistake: it is listed nowhere any more. Whoever asks has made sure that nothing was built on it.</summary>
    /// <param name="memberId">Whose it is; null for what operators brought in of a producer for whom nobody works yet.</param>
    /// <returns>False when it is not the member's, or somebody works for its producer.</returns>
    public async Task<bool> TakeBackAsync(Tx tx, string code, long? memberId, Actor actor)
    {
        const string update = """
            update producers.product p set taken_back_at = @now, gtin = null
            where code = @code and (exists (select 1 from producers.acting m where m.producer_id = p.producer_id and (@memberId::bigint is null or m.person_id = @memberId))) = (@memberId::bigint is not null)
            """;
        if (await tx.ExecuteAsync(update, new { code, memberId, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "product.take-back", $"product:{code}");
        return true;
    }

    private object Args(string code, long? producerId, long? memberId, ProductDraft draft) => new
    {
        code,
        producerId,
        memberId,
        draft.Name,
        draft.NameEn,
        draft.CategorySlug,
        draft.SpecialitySlug,
        draft.Gtin,
        draft.BaseUnit,
        draft.NetWeightG,
        draft.Description,
        draft.Storage,
        draft.AlcoholPercent,
        draft.PictureIds,
        draft.CertificateIds,
        draft.Brand,
        draft.Model,
        draft.Ingredients,
        now = clock.GetUtcNow(),
    };
}
