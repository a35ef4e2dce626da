using SonLaMarket.Catalog.Browse;
using SonLaMarket.Catalog.Search;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog;

public sealed class CatalogRoom : IRoom
{
    public IEnumerable<MenuItem> Menu => [new(Roles.Seller, "/quan-ly", "Hôm nay", 1), new(Roles.Seller, "/quan-ly/tin-dang", "Tin đăng", 10, MenuGroup.Goods), new(Roles.Seller, "/quan-ly/ton-kho", "Tồn kho", 32, MenuGroup.Goods)];

    public Type PersonalData => typeof(CatalogOfPerson);

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<Shelf>();
        services.AddSingleton<Listings>();
        services.AddSingleton<Promotions>();
        services.AddSingleton<Stock>();
        services.AddSingleton<DeliveryFees>();
        services.AddSingleton<OfferDrafts>();
        services.AddFileUse("""
            select unnest(picture_ids) from catalog.listing_version
            union all select p::uuid from catalog.offer_draft d cross join lateral jsonb_array_elements_text(case jsonb_typeof(d.content -> 'pictures') when 'array' then d.content -> 'pictures' else '[]' end) p
            """);
        services.AddSingleton<Lexicons>();
        services.AddSingleton<KnownFacets>();
        services.AddSingleton<SearchLimit>();
        services.AddRecurring<KnownWords>("catalog.known-words", "0 12 * * * *");
        services.AddRecurring<Followers>("catalog.past-date", "30 0 0 * * *");
        services.AddRecurring<PromotionClock>("catalog.promotions", "0 * * * * *");
        services.AddHandler<ListingChanged, ListingMarks>();
        services.AddHandler<ProducerChanged, Followers>();
        services.AddHandler<CertificateDecided, Followers>();
        services.AddHandler<LotBlockChanged, Followers>();
    }

    public async Task LoadReferenceAsync(Tx tx, SeedFolder seed, CancellationToken ct)
    {
        if (await SearchTerms.LoadAsync(tx, seed))
            await SearchEntries.RebuildAsync(tx, Vietnamese.Today(TimeProvider.System));
    }
}
