using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports.Manage;

/// <summary>What a platform calls our categories, with suggestions where nobody said it yet.</summary>
[Authorize(Policy = Roles.Operator)]
[Route("/quan-tri/xuat-du-lieu/{profile}/nhom-hang")]
public sealed class CategoriesController(CategoryMaps maps, Db db, Texts t) : PageController(t)
{
    /// <param name="suggested">Fills in what is suggested, to be looked at and saved.</param>
    [HttpGet("")]
    public async Task<IActionResult> Edit(string profile, [FromQuery(Name = "goi-y")] bool suggested, CancellationToken ct) =>
        await LoadAsync(profile, ct) is { } page ? View("Categories", page with { FillsIn = suggested }) : NotFound();

    [HttpPost("")]
    public async Task<IActionResult> Save(string profile, CancellationToken ct)
    {
        if (await LoadAsync(profile, ct) is not { } page)
            return NotFound();
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var slug in page.Rows.Select(r => r.Category.Slug).Where(s => Request.Form.ContainsKey(CategoriesPage.FieldOf(s))))
        {
            var (field, typed) = (CategoriesPage.FieldOf(slug), Request.Form[CategoriesPage.FieldOf(slug)].ToString());
            ModelState.SetModelValue(field, typed, typed);
            ModelState.MarkFieldValid(field);
            said[slug] = Vietnamese.Clean(typed);
            if (said[slug].Length > CategoryMaps.MaxLength)
                ModelState.AddModelError(field, T["Ghi dài nhất 200 ký tự."]);
        }
        if (!ModelState.IsValid)
            return Invalid("Categories", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await CategoryMaps.LockAsync(tx, profile);
        if (await LoadAsync(profile, ct) is not { } now)
            return NotFound();
        if (Request.IsOutdated(now.Stored))
            return ChangedMeanwhile("Categories", now, said.Where(s => now.Stored[s.Key] != s.Value).Select(s => (CategoriesPage.FieldOf(s.Key), now.Stored[s.Key])));
        var changed = await maps.SetAsync(tx, page.Profile, page.Lookup, said, User.As(Roles.Operator));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-tri/xuat-du-lieu/{profile}/nhom-hang", changed == 0 ? T["Không có gì thay đổi."] : T["Đã lưu {0} nhóm hàng. Tệp mới đang được tạo.", changed]);
    }

    private async Task<CategoriesPage?> LoadAsync(string code, CancellationToken ct)
    {
        const string select = """
            select f.definition::text, f.status, f.proved_on from exports.newest_profile f where f.code = @code;
            select c.slug, c.parent_slug, c.name, c.name_en from producers.category c order by c.sort, c.slug;
            select v.category_slug, count(*) from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version group by v.category_slug
            """;
        var ((json, status, provedOn), categories, listings) = await db.MultipleAsync(select, new { code }, async g => (
            await g.ReadFirstOrDefaultAsync<(string?, string, DateOnly?)>(), (await g.ReadAsync<OurCategory>()).ToList(), (await g.ReadAsync<(string Slug, long Count)>()).ToDictionary(c => c.Slug, c => c.Count, StringComparer.Ordinal)), ct);
        if (json is null || Profile.Read(json) is not { } profile || CategoryMaps.TableOf(profile) is not { } lookup)
            return null;
        var mapped = (await CategoryMaps.ApplyAsync(db, profile, ct)).Lookups!.GetValueOrDefault(lookup) ?? [];
        var known = profile.Categories ?? [];
        return new(profile, lookup, [.. categories.Select(c => new CategoryRow(c, listings.GetValueOrDefault(c.Slug), mapped.GetValueOrDefault(c.Slug) ?? "",
            mapped.ContainsKey(c.Slug) ? null : CategorySuggestion.For(c, known, mapped, categories)))])
        { State = (status, provedOn) };
    }
}

/// <param name="Listings">On sale in it.</param>
/// <param name="Value">What the platform calls it; "" where nobody said that yet.</param>
public sealed record CategoryRow(OurCategory Category, long Listings, string Value, string? Suggestion);

public sealed record CategoriesPage(Profile Profile, string Lookup, IReadOnlyList<CategoryRow> Rows)
{
    public bool FillsIn { get; init; }

    /// <summary>Of the profile's newest version, and when a real platform took a file of it.</summary>
    public (string Status, DateOnly? ProvedOn) State { get; init; }

    /// <summary>What the form shows of what is stored, by category.</summary>
    public Dictionary<string, string> Stored => Rows.ToDictionary(r => r.Category.Slug, r => r.Value, StringComparer.Ordinal);

    public int Missing => Rows.Count(r => r.Value.Length == 0 && r.Listings > 0);

    public static string FieldOf(string slug) => $"values[{slug}]";

    /// <summary>A value of the platform with its path, where that is known.</summary>
    public string Told(string value) => Profile.Categories?.GetValueOrDefault(value) is { } path ? $"{value} ({path})" : value;
}
