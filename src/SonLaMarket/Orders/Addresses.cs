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

/// <summary>Communes and provinces as people and browsers fill them in: codes, names with or without marks, names of before July 2025.</summary>
public static class Addresses
{
    /// <summary>The province's code, or null.</summary>
    public static Task<string?> ProvinceAsync(Sql sql, string? typed, CancellationToken ct)
    {
        const string select = """
            select code from foundation.province
            where code = @typed or foundation.fold(name) = foundation.fold(@typed) or foundation.fold(full_name) = foundation.fold(@typed)
            order by (code = @typed) desc limit 1
            """;
        return string.IsNullOrWhiteSpace(typed) ? Task.FromResult<string?>(null) : sql.FirstOrDefaultAsync<string>(select, new { typed = Vietnamese.Clean(typed) }, ct);
    }

    /// <param name="province">Code of the chosen province; null looks in all.</param>
    /// <param name="typed">Five digits, or a name.</param>
    public static async Task<PlaceFound> CommuneAsync(Sql sql, string? province, string typed, CancellationToken ct)
    {
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
              where c.code = a.typed or c.folded = a.folded or foundation.fold(c.name) = a.folded
              union all
              select f.commune_code, case when lower(f.full_name) = lower(a.typed) or lower(f.name) = lower(a.typed) then 4 else 5 end
              from foundation.former_commune f cross join asked a
              where f.folded = a.folded or foundation.fold(f.name) = a.folded or foundation.fold(f.full_name || ', ' || f.former_district) = a.folded)
            select distinct c.code, c.province_code, c.full_name || ', ' || p.full_name as name, h.rank
            from hit h join foundation.commune c on c.code = h.code join foundation.province p on p.code = c.province_code
            where @province::text is null or c.province_code = @province
            order by h.rank, c.code limit 40
            """;
        var hits = await sql.QueryAsync<Hit>(select, new { province, typed = Vietnamese.Clean(typed) }, ct);
        var best = hits.Where(h => h.Rank == hits[0].Rank).DistinctBy(h => h.Code).ToList();
        return best.Count switch
        {
            0 => new PlaceFound.None(),
            1 => new PlaceFound.One(best[0].ProvinceCode, best[0].Code, best[0].Name),
            _ => new PlaceFound.Several([.. best.Select(b => b.Name)]),
        };
    }

    private sealed record Hit(string Code, string ProvinceCode, string Name, int Rank);
}
