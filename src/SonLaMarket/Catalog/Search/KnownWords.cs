using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;

namespace SonLaMarket.Catalog.Search;

/// <summary>Refreshes the words and names of what is on the shelf: what a mistyped word may have meant, what a search box may propose.</summary>
public sealed class KnownWords(Db db, Lexicons lexicons) : IRecurring
{
    private const string Words = """
        insert into catalog.known_word (word, marked, listings)
        select f.word, (array_agg(f.marked order by f.listings desc, f.marked))[1], sum(f.listings)
        from (select foundation.fold(w.word) as word, w.word as marked, w.ndoc as listings from ts_stat('select marks from catalog.search_entry where sellable') w) f
        where f.word ~ '^[a-z0-9]+$' group by f.word
        on conflict (word) do update set marked = excluded.marked, listings = excluded.listings
          where (catalog.known_word.marked, catalog.known_word.listings) is distinct from (excluded.marked, excluded.listings)
        """;

    private const string Names = """
        insert into catalog.known_name (kind, value, name, name_en, listings)
        select 'speciality', y.slug, y.name, y.name_en, count(*) from catalog.search_entry s join producers.speciality y on y.slug = s.speciality_slug where s.sellable group by y.slug
        union all
        select 'category', k.slug, k.name, k.name_en, count(*) from catalog.search_entry s join producers.category k on k.slug = s.category_slug where s.sellable group by k.slug
        union all
        select 'commune', c.code, c.full_name, c.name_en, count(*) from catalog.search_entry s join foundation.commune c on c.code = s.commune_code where s.sellable group by c.code
        union all
        select 'producer', r.slug, w.name, '', count(*)
        from catalog.search_entry s join catalog.listing l on l.id = s.listing_id join producers.producer r on r.id = l.producer_id
          join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version where s.sellable group by r.slug, w.name
        """;

    public async Task RunAsync(CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(ct);
        await tx.ExecuteAsync("delete from catalog.known_word k where not exists (select 1 from catalog.search_entry s where s.sellable and s.tsv @@ quote_literal(k.word)::tsquery)", ct: ct);
        await tx.ExecuteAsync(Words, ct: ct);
        await tx.ExecuteAsync("delete from catalog.known_name", ct: ct);
        await tx.ExecuteAsync(Names, ct: ct);
        await tx.CommitAsync(ct);
        lexicons.Forget();
    }
}
