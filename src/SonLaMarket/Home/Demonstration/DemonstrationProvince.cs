using System.Globalization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Orders;
using SonLaMarket.Origin;
using SonLaMarket.Payments;
using SonLaMarket.Producers;
using SonLaMarket.Supervision;

namespace SonLaMarket.Home.Demonstration;

/// <summary>
/// The sample province: 72 producers and 109 listings as in the baseline of 2022 (Kế hoạch 292/KH-UBND), made by the same
/// verbs that people use, with a clock that walks through the past. Nothing here is real, and everything says so.
/// </summary>
public sealed class DemonstrationProvince
{
    private const int ProducerCount = 72;
    private const int ListingCount = 109;
    private const int Seed = 292;

    /// <summary>What the printed sellers sell: there all year, so that they always have orders to look at.</summary>
    private static readonly string[] FirstSold = ["ca-phe-son-la", "che-shan-tuyet-moc-chau"];

    private readonly Random random = new(Seed);
    private readonly SampleClock clock;
    private readonly IServiceProvider services;
    private readonly Db db;
    private readonly SeedFolder seed = SeedFolder.Find();
    private readonly DateOnly today;

    private DemonstrationProvince(IServiceProvider services, SampleClock clock, DateOnly today)
    {
        this.services = services;
        this.clock = clock;
        this.today = today;
        db = services.GetRequiredService<Db>();
    }

    /// <summary>
    /// Makes what the start prints true (accounts, feed tokens, keys) and loads the samples unless only reference data are wanted,
    /// once, in one transaction. <paramref name="application"/> is the application's own set of services: the same verbs, with our clock and nobody listening.
    /// </summary>
    public static async Task LoadAsync(IServiceCollection application, bool samples)
    {
        var now = TimeProvider.System.GetUtcNow();
        var clock = new SampleClock(now.AddDays(-120));
        var collection = new ServiceCollection();
        foreach (var service in application.Where(s => s.ServiceType != typeof(HandlerRegistration) && s.ServiceType != typeof(IHostedService)))
            ((ICollection<ServiceDescriptor>)collection).Add(service);
        collection.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        await using var provider = collection.BuildServiceProvider();
        var province = new DemonstrationProvince(provider, clock, DateOnly.FromDateTime(Vietnamese.Local(now).DateTime));
        await using (var tx = await province.db.BeginAsync())
        {
            // Instances that start together take turns.
            await tx.ExecuteAsync("select pg_advisory_xact_lock(@Seed)", new { Seed });
            var people = await SampleAccount.AddAsync(tx, provider.GetRequiredService<People>());
            foreach (var (profile, token) in SampleFeed.Tokens)
                await provider.GetRequiredService<Exports.FeedTokens>().AddAsync(tx, profile, token, "Đối tác mẫu", Actor.System);
            var load = samples && !await tx.SingleAsync<bool>("select exists (select 1 from producers.producer where is_sample)");
            if (load)
                await province.FillAsync(tx, people, now);
            await SampleKey.AddAsync(tx, provider.GetRequiredService<ApiKeys>());
            await tx.CommitAsync();
            if (!load)
                return;
        }
        // What a recall does to orders is an announcement's work: here it is done at once, since nobody listens yet.
        foreach (var recall in await province.db.QueryAsync<RecallRow>("select r.id, array_agg(x.lot_id) as lots from origin.recall r join origin.recall_lot x on x.recall_id = r.id group by r.id"))
            await provider.GetRequiredService<RecalledOrders>().HandleAsync(new RecallOpened(recall.Id, recall.Lots), CancellationToken.None);
        long[] unready = [.. await province.db.QueryAsync<long>("select distinct lot_id from origin.lot_block where cause = 'interval' order by lot_id")];
        await provider.GetRequiredService<RecallRules>().HandleAsync(new LotBlockChanged(unready), CancellationToken.None);
        // What VNPAY would have said of the sample payments.
        foreach (var (terminal, txnRef) in await province.db.QueryAsync<(long, string)>("select terminal_id, txn_ref from payments.attempt where status in ('paid', 'paid_late') order by id"))
            await provider.GetRequiredService<Notifications>().KeepAsync("ipn", "paid", "00", terminal, txnRef, "sample", null);
        clock.MoveTo(now);
        foreach (var (profile, _) in SampleFeed.Tokens)
            await provider.GetRequiredService<Exports.ExportRuns>().BuildAsync(profile, "demonstration", CancellationToken.None);
    }

    /// <summary>True when the database holds anything of the demonstration.</summary>
    public static Task<bool> IsInAsync(Db db) =>
        db.SingleAsync<bool>("select exists (select 1 from accounts.person where is_sample) or exists (select 1 from producers.producer where is_sample)");

    private sealed record RecallRow(long Id, long[] Lots);

    private T Of<T>() where T : notnull => services.GetRequiredService<T>();

    private async Task FillAsync(Tx tx, Dictionary<string, long> people, DateTimeOffset now)
    {
        var officer = new Actor(people["can-bo@mau.invalid"], Roles.Officer);
        var pictures = new SamplePictures(Of<Uploads>(), seed);
        var specialities = (await Catalogue.SpecialitiesAsync(tx)).Where(s => s.SaleOnlineAllowed && s.CategorySlug != "tourism").OrderBy(s => Array.IndexOf(FirstSold, s.Slug) is var first && first < 0 ? FirstSold.Length : first).ThenBy(s => s.Slug, StringComparer.Ordinal).ToList();
        var communes = (await Communes.OfProvinceAsync(tx, Communes.SonLa)).Where(c => c.FormerDistrict is not null).ToList();
        var producers = new List<SampleProducer>();
        for (var i = 0; i < ProducerCount; i++)
        {
            clock.MoveTo(now.AddDays(-115).AddMinutes(i * 37));
            producers.Add(await AddProducerAsync(tx, i, specialities[i % specialities.Count], communes, people, officer, pictures));
        }
        var listings = new List<SampleListing>();
        for (var i = 0; i < ListingCount; i++)
        {
            var producer = i < ProducerCount ? producers[i] : producers[(i - ProducerCount) * 2 % ProducerCount];
            var speciality = i < ProducerCount ? producer.Speciality : specialities[(i * 7 + 3) % specialities.Count];
            clock.MoveTo(now.AddDays(-90 + i * 80.0 / ListingCount));
            listings.Add(await AddListingAsync(tx, i, producer, speciality, officer, pictures, now));
        }
        var recalled = listings.First(l => l.Supplied > 0 && l.Index > 20);
        await AddFeeAsync(tx, now);
        await AddItemsAsync(tx, listings[0], now);
        await new SampleOrders(services, clock, random).AddAsync(tx, listings, recalled, people["nguoi-mua@mau.invalid"], now);
        await AddMishapsAsync(tx, listings, recalled, officer, now);
        await new SampleInspections(Of<Inspections>(), today).AddAsync(tx, listings, officer);
        await AddStandingAsync(tx, listings, now);
        // What a block does to the shelf is an announcement's work too.
        foreach (var product in await tx.QueryAsync<long>("select distinct l.product_id from origin.lot_block b join origin.lot l on l.id = b.lot_id"))
            await Of<Shelf>().RefreshProductAsync(tx, product);
    }

    private async Task<SampleProducer> AddProducerAsync(Tx tx, int i, Speciality speciality, List<Commune> communes, Dictionary<string, long> people, Actor officer, SamplePictures pictures)
    {
        var kind = (i % 12) switch { < 6 => ProducerKind.Cooperative, < 10 => ProducerKind.Household, 10 => ProducerKind.HouseholdGroup, _ => ProducerKind.Enterprise };
        var near = communes.Where(c => speciality.FormerDistricts.Any(d => c.FormerDistrict!.Contains(d, StringComparison.Ordinal))).ToList();
        var commune = (near.Count > 0 ? near : communes)[random.Next(near.Count > 0 ? near.Count : communes.Count)];
        var place = commune.FullName.Replace("Xã ", "", StringComparison.Ordinal).Replace("Phường ", "", StringComparison.Ordinal);
        var name = kind switch
        {
            ProducerKind.Cooperative => $"HTX mẫu {place} số {i + 1}",
            ProducerKind.Household => $"Hộ mẫu {place} số {i + 1}",
            ProducerKind.HouseholdGroup => $"Cơ sở mẫu nhóm hộ {place} số {i + 1}",
            _ => $"Cơ sở mẫu công ty {place} số {i + 1}",
        };
        var member = i < 2
            ? people[i == 0 ? "nguoi-ban-1@mau.invalid" : "nguoi-ban-2@mau.invalid"]
            : (await Of<People>().AddAsync(tx, new NewPerson(null, string.Create(CultureInfo.InvariantCulture, $"0001{i:D6}"), $"Người mẫu {i + 1}", null, [Roles.Seller], IsSample: true), Actor.System))!.Value;
        var actor = new Actor(member, Roles.Seller);
        var draft = new ProducerDraft(kind, name, WrongTaxCode(i), $"Người mẫu {i + 1}", string.Create(CultureInfo.InvariantCulture, $"0002{i:D6}"), $"co-so-{i + 1}@mau.invalid",
            commune.Code, $"Bản mẫu số {i % 9 + 1}", "", "", null, null, SampleTexts.About(name, commune, speciality), [], IsSample: true);
        var register = Of<ProducerRegister>();
        var id = (await register.CreateAsync(tx, draft, member, actor))!.Value;
        if (await pictures.SceneAsync(tx, id, i, actor) is { } scene)
            await register.UpdateAsync(tx, id, member, draft with { PictureIds = [scene] }, actor);
        await register.SubmitAsync(tx, id, member, actor);
        clock.MoveTo(clock.GetUtcNow().AddDays(2));
        var slug = Vietnamese.Slug(name);
        await register.ApproveAsync(tx, slug, 1, officer);
        var area = await Of<GrowingAreas>().AddAsync(tx, id, new GrowingAreaDraft($"Vùng mẫu {i + 1}", i % 3 == 0 ? string.Create(CultureInfo.InvariantCulture, $"VN-MAU-{i + 1:D4}") : null, commune.Code, 10_000 + random.Next(40) * 1000, speciality.Slug)
        {
            Scheme = i % 3 != 0 ? null : i % 2 == 0 ? AreaScheme.Export : AreaScheme.Domestic,
            Markets = i % 6 == 0 ? ["CN", "US"] : [],
        }, actor);
        // Of the codes every fourth still waits to be compared.
        if (i % 3 == 0 && i % 12 != 9)
            await Of<GrowingAreas>().FindAsync(tx, area!.Value, AreaState.Active, "", officer);
        var certificates = await AddCertificatesAsync(tx, i, id, speciality, officer, actor);
        await Of<Payments.Terminals>().AddAsync(tx, id, SampleTerminal.Code(i), SampleTerminal.Secret(i), Actor.System);
        // Every other one takes transfers too, to a bank that does not exist.
        if (i % 2 == 0)
            await Of<Payments.PayeeMethods>().SetBankAccountAsync(tx, id, new Payments.BankAccount(Payments.BankAccount.NoBank, string.Create(CultureInfo.InvariantCulture, $"MAU{i + 1:D7}"), name.ToUpperInvariant()), true, Actor.System);
        return new(i, id, slug, name, member, speciality, commune, area!.Value, certificates);
    }

    private async Task<Guid[]> AddCertificatesAsync(Tx tx, int i, long producerId, Speciality speciality, Actor officer, Actor actor)
    {
        List<string> kinds = CertifiedGrower(i, speciality) ? ["vietgap-crop", "attp"] : ["attp"];
        if (i % 5 == 0)
            kinds.Add(i % 10 == 0 ? "ocop-4" : "ocop-3");
        var ids = new List<Guid>();
        foreach (var kind in kinds)
        {
            // One certificate has ended, a few end within a month, one still waits for its check.
            var until = i == 8 && ids.Count == 0 ? today.AddDays(-12) : i % 9 == 4 ? today.AddDays(18) : today.AddDays(200 + random.Next(300));
            var stars = kind.StartsWith("ocop-", StringComparison.Ordinal) ? kind[^1] - '0' : (int?)null;
            var number = string.Create(CultureInfo.InvariantCulture, $"MẪU-{kind.ToUpperInvariant()}-{i + 1:D3}");
            var id = await Of<Certificates>().SubmitAsync(tx, producerId, new CertificateDraft(kind, number, "Tổ chức chứng nhận MẪU", "Dữ liệu mẫu", stars, until.AddYears(-2), until, null), actor);
            if (i != 12)
                await Of<Certificates>().DecideAsync(tx, id!.Value, true, "", officer);
            ids.Add(id!.Value);
        }
        return [.. ids];
    }

    /// <summary>What good practice in growing crops can be certified for.</summary>
    private static bool Grown(Speciality speciality) => speciality.CategorySlug is "fresh-fruit" or "vegetable" or "root-vegetable" or "tea" or "coffee" or "spice";

    private static bool CertifiedGrower(int i, Speciality speciality) => Grown(speciality) && i % 4 != 3;

    private async Task<SampleListing> AddListingAsync(Tx tx, int i, SampleProducer producer, Speciality speciality, Actor officer, SamplePictures pictures, DateTimeOffset now)
    {
        var actor = new Actor(producer.MemberId, Roles.Seller);
        var pack = UsualPack.Of(speciality.Unit);
        var bunch = speciality.Slug is "cai-meo";
        var eaten = speciality.CategorySlug is not ("textile" or "basketry" or "ornamental");
        // Good practice in growing says nothing of honey or dried meat.
        var certificates = !eaten ? [] : CertifiedGrower(producer.Index, producer.Speciality) && !Grown(speciality) ? producer.CertificateIds[1..] : producer.CertificateIds;
        var pictureIds = await pictures.ProductAsync(tx, producer.Id, speciality.Slug, i, actor);
        // Demonstration numbers of GS1 (prefix 952); every sixth product has none, as many cooperatives.
        var gtin = i % 6 == 5 ? null : Gs1.Gtin.Parse(WithCheckDigit(string.Create(CultureInfo.InvariantCulture, $"9521234{i:D5}"))).ToString();
        var product = await Of<Products>().AddAsync(tx, producer.Id, new ProductDraft(speciality.Name, speciality.NameEn, speciality.CategorySlug, speciality.Slug, gtin,
            bunch ? "piece" : pack.BaseUnit, bunch ? 500 : pack.NetWeightG, SampleTexts.Describe(speciality, producer.Commune), SampleTexts.Storage(speciality.CategorySlug), speciality.CategorySlug == "alcohol" ? 11 : null, pictureIds, certificates), actor);
        var boxKg = bunch ? 0 : pack.SaleUnit == "kg" && i % 3 == 1 ? 5 : pack.SaleUnit == "kg" && i % 7 == 2 ? 2 : 0;
        var priceKg = Round(Between(speciality.PriceMinVnd ?? 30_000, speciality.PriceMaxVnd ?? 90_000) / (bunch ? 2 : 1));
        var place = producer.Commune.FullName.Split(' ', 2)[1];
        var title = $"{speciality.Name} {place}{(bunch ? ", bó 500 g" : boxKg > 0 ? $", hộp {boxKg} kg" : pack.Suffix)}";
        var listing = new ListingDraft(title, $"{speciality.NameEn}, {producer.Commune.NameEn}", bunch ? "bunch" : boxKg > 0 ? "box" : pack.SaleUnit,
            pack.BaseUnit == "g" && !bunch ? Math.Max(1, boxKg) * 1000 : 1, boxKg > 0 ? Round(Math.Max((speciality.PriceMinVnd ?? 0) * boxKg, priceKg * boxKg * 95 / 100)) : priceKg, speciality.HarvestMonths.Length == 12 ? [] : speciality.HarvestMonths, 1);
        var slug = (await Of<Listings>().CreateAsync(tx, product!, listing, producer.MemberId, actor))!;
        await Of<Listings>().SubmitAsync(tx, slug, producer.MemberId, actor);
        clock.MoveTo(clock.GetUtcNow().AddHours(26));
        await Of<Listings>().ApproveAsync(tx, slug, 1, officer);
        var lot = await AddLotAsync(tx, i, producer, speciality, product!, listing, actor, now);
        return new(i, slug, product!, lot.Code, lot.Supplied, producer, listing, speciality);
    }

    private async Task<(string Code, long Supplied)> AddLotAsync(Tx tx, int i, SampleProducer producer, Speciality speciality, string product, ListingDraft listing, Actor actor, DateTimeOffset now)
    {
        var fresh = speciality.CategorySlug is "fresh-fruit" or "vegetable" or "root-vegetable" or "fish" or "meat" or "dairy" or "ornamental";
        var inSeason = listing.SeasonMonths.Length == 0 || listing.SeasonMonths.Contains(today.Month);
        var harvested = inSeason ? today.AddDays(-4 - random.Next(3)) : LastSeasonDay(listing.SeasonMonths);
        var quantity = (200 + random.Next(600)) * (listing.SaleUnit is "kg" or "box" && listing.BasePerUnit >= 1000 ? 1000L : 1L);
        clock.MoveTo(OriginEvents.Noon(harvested).AddHours(3) is var at && at < now ? at : now.AddHours(-1));
        var made = speciality.CategorySlug is "textile" or "basketry";
        DateOnly? best = made ? null : harvested.AddDays(fresh ? 14 : 365);
        var code = (await Of<Lots>().OpenAsync(tx, new NewLot(product, made ? null : producer.AreaId, harvested, null, harvested, best, quantity), producer.MemberId, actor))!;
        foreach (var entry in SampleDiary.Of(speciality, harvested, i))
        {
            clock.MoveTo(clock.GetUtcNow().AddMinutes(1));
            await Of<Diary>().AddAsync(tx, code, producer.MemberId, entry, actor);
        }
        var supplied = inSeason || !fresh ? quantity / 2 / listing.BasePerUnit * listing.BasePerUnit : 0;
        if (supplied > 0)
            await Of<Stock>().SupplyAsync(tx, code, supplied, producer.MemberId, actor);
        return (code, supplied);
    }

    /// <summary>Crops that stand still, nothing of them for sale: what a diary is kept for on most days.</summary>
    private async Task AddStandingAsync(Tx tx, List<SampleListing> listings, DateTimeOffset now)
    {
        const int standing = 4;
        foreach (var (listing, i) in listings.Where(l => SampleDiary.Grows(l.Speciality)).Take(standing).Select((l, i) => (l, i)))
        {
            var (member, actor) = (listing.Producer.MemberId, new Actor(listing.Producer.MemberId, Roles.Seller));
            clock.MoveTo(now.AddDays(-30));
            var expected = listing.Draft.BasePerUnit >= 1000 ? 600_000 : 600;
            var code = (await Of<Lots>().OpenAsync(tx, new NewLot(listing.ProductCode, listing.Producer.AreaId, null, null, null, null, expected) { Standing = true, PlannedOn = today.AddDays(15 + i) }, member, actor))!;
            foreach (var entry in SampleDiary.Standing(today, i))
            {
                clock.MoveTo(OriginEvents.Noon(entry.DoneOn).AddHours(5));
                await Of<Diary>().AddAsync(tx, code, member, entry, actor);
            }
        }
    }

    /// <summary>Codes for packages of the first seller's lot, some of them scanned since.</summary>
    private async Task AddItemsAsync(Tx tx, SampleListing listing, DateTimeOffset now)
    {
        const int scanned = 6;
        clock.MoveTo(now.AddDays(-3));
        var series = Of<ItemSeries>();
        if (await series.OpenAsync(tx, listing.LotCode, listing.Producer.MemberId, 24, 500, "Đợt tem mẫu", new Actor(listing.Producer.MemberId, Roles.Seller)) is not SeriesOutcome.Opened(var key))
            return;
        await foreach (var _ in series.MakeAsync(tx, key))
        {
        }
        await ScanMonths.PrepareAsync(tx, today.AddDays(-4), today);
        var items = await tx.QueryAsync<long>("select i.id from origin.item i join origin.item_series s on s.id = i.series_id where s.key = @key and i.place <= @scanned order by i.place", new { key, scanned });
        await ScanRows.WriteAsync(tx, [.. Enumerable.Range(0, 10).Select(i => new Origin.Seen.Item(items[i % scanned], now.AddHours(-1 - 7 * (9 - i))))]);
    }

    /// <summary>A fee, so that the books have something of each kind to show; the market itself asks none.</summary>
    private async Task AddFeeAsync(Tx tx, DateTimeOffset now)
    {
        var charges = Of<Charges>();
        var operatorOfSamples = new Actor(await tx.FirstOrDefaultAsync<long?>("select person_id from accounts.person_role where role = 'operator' order by person_id limit 1"), Roles.Operator);
        clock.MoveTo(now.AddDays(-5));
        await charges.ProposeAsync(tx, new ChargeRule("phi-san-mau", Charges.Fee, "Phí sàn MẪU", [.. ProducerKind.All.Select(k => k.Word)], 100, 0, today.AddDays(-30), null, "Quy chế hoạt động MẪU, không có thật", "", "Chỉ để xem thử: sàn không tự đặt mức phí nào.", null, null), operatorOfSamples);
        await charges.AdoptAsync(tx, "phi-san-mau", operatorOfSamples);
    }

    /// <summary>One recalled lot, one interval not kept, one version that waits beside the public one.</summary>
    private async Task AddMishapsAsync(Tx tx, List<SampleListing> listings, SampleListing recalled, Actor officer, DateTimeOffset now)
    {
        clock.MoveTo(now.AddHours(-5));
        var stocked = listings.Where(l => l.Supplied > 0 && l.Index > recalled.Index).ToList();
        await Of<Recalls>().OpenAsync(tx, [recalled.LotCode], "Mẫu kiểm tra có dư lượng vượt mức cho phép (tình huống mẫu).", "Không dùng sản phẩm của lô này; liên hệ người bán để được hoàn tiền.", officer);
        // The rule goes by growing area: a place with one harvest has one breach.
        var alone = await tx.QueryAsync<string>("""
            select l.code from origin.lot l where not exists (select from origin.lot o where o.id <> l.id and o.growing_area_id = l.growing_area_id and o.harvested_on between l.harvested_on - 7 and l.harvested_on + 7)
            """);
        var breach = stocked.First(l => l.Speciality.CategorySlug is "fresh-fruit" or "vegetable" or "tea" or "coffee" or "spice" && alone.Contains(l.LotCode));
        var harvested = (await tx.SingleAsync<DateOnly>("select harvested_on from origin.lot where code = @LotCode", new { breach.LotCode }));
        await Of<Diary>().AddAsync(tx, breach.LotCode, breach.Producer.MemberId, new DiaryDraft(null, DiaryKinds.Spraying, harvested.AddDays(-2), "abamectin", null, "Sâu cuốn lá", 15, "ml/bình 16 lít", 7, "Người mẫu", "Nắng nhẹ", "Ghi bổ sung (tình huống mẫu).", []), new Actor(breach.Producer.MemberId, Roles.Seller));
        var renewed = stocked.First(l => l.Index > breach.Index);
        var seller = new Actor(renewed.Producer.MemberId, Roles.Seller);
        await Of<Listings>().UpdateAsync(tx, renewed.Slug, renewed.Draft with { Title = renewed.Draft.Title + " (mùa mới)" }, renewed.Producer.MemberId, seller);
        await Of<Listings>().SubmitAsync(tx, renewed.Slug, renewed.Producer.MemberId, seller);
    }

    private DateOnly LastSeasonDay(int[] months)
    {
        var day = today.AddDays(-20);
        while (!months.Contains(day.Month))
            day = day.AddDays(-1);
        return day;
    }

    private long Between(long low, long high) => low + (long)((high - low) * random.NextDouble());

    private static long Round(long vnd) => vnd < 20_000 ? vnd / 500 * 500 : vnd / 1000 * 1000;

    /// <summary>A sample number whose check digit is wrong, so that it can belong to nobody.</summary>
    private static string WrongTaxCode(int i)
    {
        for (var number = i + 1; ; number += 100)
        {
            var code = string.Create(CultureInfo.InvariantCulture, $"000000{number:D4}");
            if (Vietnamese.TaxCode(code) is null)
                return code;
        }
    }

    private static string WithCheckDigit(string twelve) => twelve + Gs1.CheckDigit.Compute(twelve);
}

public sealed record SampleProducer(int Index, long Id, string Slug, string Name, long MemberId, Speciality Speciality, Commune Commune, Guid AreaId, Guid[] CertificateIds);

public sealed record SampleListing(int Index, string Slug, string ProductCode, string LotCode, long Supplied, SampleProducer Producer, ListingDraft Draft, Speciality Speciality);

/// <summary>Payment terminals of samples: made up, known to the simulator alone.</summary>
public static class SampleTerminal
{
    public static string Code(int i) => string.Create(CultureInfo.InvariantCulture, $"SLMAU{i + 1:D3}");

    public static string Secret(int i) => string.Create(CultureInfo.InvariantCulture, $"MAUKHOABIMATCUACOSO{i + 1:D3}KHONGDUNGTHAT")[..32];
}
