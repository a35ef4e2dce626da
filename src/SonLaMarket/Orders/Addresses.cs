using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Orders;

/// <summary>What an address line turned out to be.</summary>
public abstract record PlaceFound
{
    public sealed record One(string ProvinceCode, string CommuneCode, string Name) : PlaceFound;

    public sealed record None : PlaceFound;

    /// <summary>Several communes have this name.</summary>
    public sealed record Several(IReadOnlyList<string> Names) : PlaceFound;
}

/// <summary>A commune that a search found, and the unit of before July 2025 under whose name it was found.</summary>
public sealed record FoundCommune(string Code, string ProvinceCode, string Name, string Province, string ProvinceEn, string? FormerDistrict, string? Former);

/// <summary>Communes and provinces as people and browsers fill them in: codes, names with or without marks, names of before July 2025.</summary>
public static partial class Addresses
{
    private const int MostFound = 30;

    /// <summary>Words for kinds of units, folded: people write them, leave them out, or remember another one.</summary>
    private static readonly string[] Kinds = ["xa", "phuong", "thi", "tran", "huyen", "quan", "thanh", "pho", "tinh", "dac", "khu", "tp", "tx", "tt", "p", "x", "h", "cu"];

    /// <summary>What the list of the form sends: one probe of the key, where a name is compared with all there are.</summary>
    internal const string ProvinceByCodeSql = "select code from foundation.province where code = @typed";

    /// <summary>The province's code, or null. A province of before July 2025 is the one that it became part of.</summary>
    public static async Task<string?> ProvinceAsync(Sql sql, string? typed, CancellationToken ct)
    {
        const string byName = """
            select code from foundation.province
            where foundation.fold(name) = foundation.fold(@typed) or foundation.fold(full_name) = foundation.fold(@typed)
              or exists (select 1 from regexp_split_to_table(foundation.fold(merged_from), '\s*,\s*|\s+va\s+') as f (was)
                where f.was = foundation.fold(@typed) or regexp_replace(f.was, '^(tinh|thanh pho)\s+', '') = foundation.fold(@typed))
            order by (foundation.fold(name) = foundation.fold(@typed)) desc limit 1
            """;
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        var args = new { typed = Vietnamese.Clean(typed) };
        return await sql.FirstOrDefaultAsync<string>(ProvinceByCodeSql, args, ct) ?? await sql.FirstOrDefaultAsync<string>(byName, args, ct);
    }

    /// <param name="province">Code of the chosen province; null looks in all.</param>
    /// <param name="typed">Five digits, or a name.</param>
    public static async Task<PlaceFound> CommuneAsync(Sql sql, string? province, string typed, CancellationToken ct)
    {
        // What the list of the form sends: one probe of the key, where a name is compared with all there are.
        const string byCode = """
            select c.code, c.province_code, c.full_name || ', ' || p.full_name as name, 0 as rank
            from foundation.commune c join foundation.province p on p.code = c.province_code where c.code = @typed and (@province::text is null or c.province_code = @province)
            """;
        // The better kind of match wins alone: code, exact name, name without marks, name of before.
        const string select = """
            with asked as (select @typed::text as typed, foundation.fold(@typed) as folded),
            hit as (
              select c.code, case
                  when c.code = a.typed then 0
                  when lower(c.full_name) = lower(a.typed) then 1
                  when lower(c.name) = lower(a.typed) then 2
                  else 3 end as rank
              from foundation.commune c cross join asked a
              where c.code = a.typed or c.folded = a.folded or c.name_folded = a.folded
              union all
              select f.commune_code, case when lower(f.full_name) = lower(a.typed) or lower(f.name) = lower(a.typed) then 4 else 5 end
              from foundation.former_commune f cross join asked a
              where f.folded = a.folded or f.name_folded = a.folded or foundation.fold(f.full_name || ', ' || f.former_district) = a.folded)
            select distinct c.code, c.province_code, c.full_name || ', ' || p.full_name as name, h.rank
            from hit h join foundation.commune c on c.code = h.code join foundation.province p on p.code = c.province_code
            where @province::text is null or c.province_code = @province
            order by h.rank, c.code limit 40
            """;
        typed = Vietnamese.Clean(typed);
        var hits = await sql.QueryAsync<Hit>(typed.Length == 5 && typed.All(char.IsAsciiDigit) ? byCode : select, new { province, typed }, ct);
        var best = hits.Where(h => h.Rank == hits[0].Rank).DistinctBy(h => h.Code).ToList();
        return best.Count switch
        {
            0 => new PlaceFound.None(),
            1 => new PlaceFound.One(best[0].ProvinceCode, best[0].Code, best[0].Name),
            _ => new PlaceFound.Several([.. best.Select(b => b.Name)]),
        };
    }

    /// <summary>
    /// Communes whose name holds every word typed, in any order, with or without marks: "to hieu", "quyet thang", "xã Chiềng
    /// Chung, huyện Mai Sơn". Names of before lead to what they became; the word for the kind of unit does not matter. What was
    /// typed with its marks comes first: Chiềng Hắc and Chiềng Hặc are two.
    /// </summary>
    /// <param name="province">Code of the chosen province; null looks in all.</param>
    public static Task<List<FoundCommune>> SearchAsync(Sql sql, string? province, string typed, CancellationToken ct)
    {
        const string select = """
            with unit as (
              select c.code, c.name_folded as name, c.name as said, null::text as former, c.words || p.words as words
              from foundation.commune c join foundation.province p on p.code = c.province_code where @province::text is null or c.province_code = @province
              union all
              select f.commune_code, f.name_folded, f.name, f.full_name || ', ' || f.former_district, f.words || p.words
              from foundation.former_commune f join foundation.commune c on c.code = f.commune_code join foundation.province p on p.code = c.province_code
              where @province::text is null or c.province_code = @province),
            hit as (
              select distinct on (u.code) u.code, u.former,
                case when u.name in (@all, @core) then 0 when u.name like @core || '%' then 1 else 2 end + case when u.former is null then 0 else 3 end
                  - case when position(lower(u.said) in lower(@typed)) > 0 then 6 else 0 end as rank
              from unit u
              where u.words like all (@beginnings)
              order by u.code, rank)
            select c.code, c.province_code, c.full_name as name, p.full_name as province, p.name_en as province_en, c.former_district, h.former
            from hit h join foundation.commune c on c.code = h.code join foundation.province p on p.code = c.province_code
            order by h.rank, (c.province_code <> '14'), c.name collate "vi-x-icu", c.code limit @MostFound
            """;
        typed = Vietnamese.Clean(typed);
        var words = NotWord().Split(Vietnamese.Fold(typed)).Where(w => w.Length > 0).ToArray();
        var needed = words.Except(Kinds).ToArray();
        if (needed.Length == 0)
            needed = words;
        return words.Length is 0 or > 12
            ? Task.FromResult<List<FoundCommune>>([])
            : sql.QueryAsync<FoundCommune>(select, new { province, typed, all = string.Join(' ', words), core = string.Join(' ', needed), beginnings = needed.Select(w => $"% {w}%").ToArray(), MostFound }, ct);
    }

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex NotWord();

    private sealed record Hit(string Code, string ProvinceCode, string Name, int Rank);
}
