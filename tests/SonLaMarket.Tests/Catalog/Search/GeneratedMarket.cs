using System.Globalization;
using System.Text;
using Npgsql;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Tests.Catalog.Search;

/// <summary>What is true of a listing of the generated market. Judgements look at these facts and at nothing that the search computes.</summary>
public sealed record Fact(
    long Id, string Slug, string Title, string? Speciality, string Category, string CommuneCode, string CommuneName, string District, string[] FormerUnits, string Producer, string[] Certificates, int Stars,
    long WeightG, bool InStock);

/// <summary>
/// A market of any size, made from the real specialities, communes and kinds of certificates, the same at every making: sellers who write with and
/// without marks, in capitals, with other names for the same goods; producers named after goods that they do not sell; goods that are no speciality;
/// certificates that have ended; stock as the season has it in the middle of June.
/// </summary>
public sealed class GeneratedMarket
{
    /// <summary>The day on which the market is looked at.</summary>
    public static readonly DateOnly Today = new(2026, 6, 15);

    /// <summary>Producers whose names nobody else has.</summary>
    private static readonly string[] Famous =
        ["Thung Mây Bạc", "Én Vàng", "Lửa Bếp Thái", "Pơ Mu", "Quý Thịnh Phát", "Sương Sớm", "Bốn Mùa Xanh", "A Dơi", "Hoa Ban Đỏ", "Nậm Nghiệp Tự Nhiên", "Vườn Nhà Mế", "Cánh Đồng Hoa Cải"];

    private static readonly string[] First = ["Tây Bắc", "Đồi Xanh", "Mường Thanh Bình", "Bản Mới", "Thảo Nguyên", "Suối Nguồn", "Mùa Vàng", "Hương Rừng", "Núi Đôi", "Đất Lành", "Hợp Nhất", "Đoàn Kết", "Tiến Bộ", "Thanh Niên", "Hưng Thịnh", "Ruộng Bậc Thang"];
    private static readonly string[] Sellers = ["Mận hậu", "Xoài", "Nhãn", "Mật ong", "Cà phê", "Chè", "Cam", "Rau sạch", "Cá Sông Đà"];

    /// <summary>Other names that sellers write for the same goods.</summary>
    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.Ordinal)
    {
        ["mac-ca"] = "Macca nứt vỏ",
        ["na-mai-son"] = "Mãng cầu ta",
        ["son-tra"] = "Táo mèo tươi",
        ["che-shan-tuyet-moc-chau"] = "Trà Shan tuyết cổ thụ",
        ["che-ta-xua"] = "Bạch trà mây",
        ["che-o-long-moc-chau"] = "Trà ô long hảo hạng",
        ["chanh-leo"] = "Chanh dây tím",
        ["dua-son-la"] = "Khóm Queen",
        ["thit-trau-gac-bep"] = "Thịt trâu khô",
        ["xoai-tuong-da-xanh"] = "Xoài da xanh",
        ["nho-ha-den"] = "Nho đen không hạt",
        ["ca-phe-son-la"] = "Cafe rang xay Arabica",
        ["cai-meo"] = "Cải mèo bản",
        ["lap-xuong"] = "Lạp sườn hun khói",
        ["sua-chua"] = "Sữa chua nếp cẩm",
    };

    /// <summary>Goods that are no speciality of the list.</summary>
    private static readonly (string Title, string Category)[] Others =
    [
        ("Ngô nếp nương", "processed-food"), ("Khoai lang mật", "root-vegetable"), ("Gừng ta", "spice"), ("Ớt chỉ thiên ngâm", "condiment"), ("Bí đỏ hồ lô", "vegetable"), ("Đậu tương", "processed-food"),
        ("Thịt lợn bản đen", "meat"), ("Gà đen nguyên con", "meat"), ("Trứng gà đồi", "processed-food"), ("Bánh dày Mông", "processed-food"), ("Rượu vang mận", "alcohol"), ("Nấm hương khô", "dried-vegetable"),
        ("Hộp quà Tây Bắc mận sấy, mắc ca, mật ong", "processed-food"), ("Sắn dây tinh bột", "processed-food"), ("Quýt ngọt", "fresh-fruit"), ("Lê nâu", "fresh-fruit"), ("Cây giống bơ ghép", "ornamental"), ("Giỏ tre đựng mận", "basketry"),
    ];

    private readonly Random random = new(20260615);
    private readonly List<Fact> facts = [];
    private readonly Dictionary<string, StringBuilder> tables = new(StringComparer.Ordinal);
    private readonly List<Dictionary<string, string>> communes;
    private readonly List<Dictionary<string, string>> former;
    private readonly List<(Dictionary<string, string> Row, int[] Months)> specialities;

    private GeneratedMarket()
    {
        var seed = SeedFolder.Find();
        communes = seed.Csv("reference/communes.csv");
        former = seed.Csv("reference/former_communes.csv");
        specialities = [.. seed.Csv("reference/products.csv").Where(r => r["category"] != "tourism" && !r["hs_code"].StartsWith("2208", StringComparison.Ordinal)).Select(r => (r, Months(r["harvest_months"])))];
    }

    public static IReadOnlyList<Fact> Make(int listings) => Made(listings).facts;

    /// <summary>Fills the database as a running market would be: rows by COPY, entries and known words by the product's own verbs.</summary>
    public static async Task FillAsync(TestDatabase database, int listings)
    {
        var market = Made(listings);
        await using (var owner = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.OwnerConnectionString) { Pooling = false }.ConnectionString))
        {
            await owner.OpenAsync();
            // The rows are right by construction; their keys are not looked up one by one.
            await ExecuteAsync(owner, "set session_replication_role = replica");
            foreach (var (table, rows) in market.tables)
            {
                await using var copy = await owner.BeginTextImportAsync($"copy {table} from stdin");
                await copy.WriteAsync(rows);
            }
            foreach (var table in new[] { "producers.producer", "producers.product", "origin.lot", "catalog.listing" })
                await ExecuteAsync(owner, $"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))");
            await ExecuteAsync(owner, "analyze");
        }
        await SearchEntries.RebuildAsync(database.Db, Today);
        await new SonLaMarket.Catalog.Search.KnownWords(database.Db, new(database.Db)).RunAsync(CancellationToken.None);
        await using var again = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.OwnerConnectionString) { Pooling = false }.ConnectionString);
        await again.OpenAsync();
        await ExecuteAsync(again, "vacuum analyze catalog.search_entry");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }

    private static GeneratedMarket Made(int listings)
    {
        var market = new GeneratedMarket();
        var producers = market.Producers(Math.Max(Famous.Length * 2, listings / 25));
        for (var i = 0; i < listings; i++)
            market.AddListing(i + 1, producers);
        return market;
    }

    private sealed record Seller(long Id, string Name, Dictionary<string, string> Commune, List<(Guid Id, string Kind, int Stars, bool Counts)> Certificates);

    private List<Seller> Producers(int count)
    {
        var sellers = new List<Seller>();
        for (var i = 0; i < count; i++)
        {
            var commune = communes[i % communes.Count];
            var name = i < Famous.Length ? "HTX mẫu " + Famous[i]
                : Pick(10) == 0 ? $"HTX mẫu {Sellers[Pick(Sellers.Length)]} {commune["name_vi"]} số {i}"
                : $"{(Pick(3) == 0 ? "Hộ mẫu" : "HTX mẫu nông nghiệp")} {First[Pick(First.Length)]} số {i}";
            var slug = Vietnamese.Slug(name);
            var at = "2025-03-01 00:00:00+00";
            Row("producers.producer (id, slug, kind, name, commune_code, status, version, public_version, created_at, changed_at, approved_at)", i + 1, slug, "cooperative", name, commune["code"], "approved", 1, 1, at, at, at);
            Row("producers.producer_version (producer_id, version, kind, name, representative, phone, email, commune_code, address_line, about, picture_ids, submitted_at, state, decided_at)",
                i + 1, 1, "cooperative", name, "Người mẫu", "0001234567", "", commune["code"], "", "", "{}", at, "approved", at);
            sellers.Add(new(i + 1, name, commune, Certificates(i + 1)));
        }
        return sellers;
    }

    private List<(Guid, string, int, bool)> Certificates(int producer)
    {
        var certificates = new List<(Guid, string, int, bool)>();
        foreach (var kind in new[] { "vietgap-crop", "globalgap", "organic-vn", "attp", "haccp", "ocop-3", "ocop-4", "ocop-5" })
        {
            if (Pick(100) >= kind switch { "vietgap-crop" => 35, "attp" => 30, "ocop-3" => 12, "ocop-4" => 8, "organic-vn" => 8, "globalgap" => 6, "haccp" => 6, _ => 2 })
                continue;
            var stars = kind.StartsWith("ocop-", StringComparison.Ordinal) ? kind[^1] - '0' : 0;
            var (state, until) = Pick(12) switch { 0 => ("submitted", "2027-05-01"), 1 => ("verified", "2026-06-01"), _ => ("verified", "2027-05-01") };
            var id = new Guid(producer, (short)certificates.Count, 7, [1, 2, 3, 4, 5, 6, 7, (byte)kind.Length]);
            Row("producers.certificate (id, producer_id, kind_code, number, issuer, stars, issued_on, valid_until, status, submitted_at)", id, producer, kind, $"MẪU-{producer}-{kind}", "Tổ chức MẪU", stars == 0 ? null : stars, "2025-05-01", until, state, "2025-04-01 00:00:00+00");
            certificates.Add((id, kind, stars, state == "verified" && until == "2027-05-01"));
        }
        return certificates;
    }

    private void AddListing(long id, List<Seller> sellers)
    {
        var other = Pick(30) == 0 ? Others[Pick(Others.Length)] : ((string Title, string Category)?)null;
        var (row, months) = specialities[Pick(specialities.Count)];
        if (other is not null)
            months = [];
        var near = other is null ? sellers.Where((s, i) => row["districts_former"].Split("; ").Contains(s.Commune["former_district"], StringComparer.Ordinal)).ToList() : sellers;
        var seller = Pick(20) == 0 || near.Count == 0 ? sellers[Pick(sellers.Count)] : near[Pick(near.Count)];
        var category = other?.Category ?? row["category"];
        var boxKg = row["unit"] == "kg" && other is null ? new[] { 0, 0, 0, 2, 5, 10 }[Pick(6)] : 0;
        var title = other?.Title ?? Title(row, seller, boxKg);
        var weight = boxKg > 0 ? boxKg * 1000 : other is null ? Grams(row["unit"]) : 1000;
        var unit = boxKg > 0 ? "box" : row["unit"] == "kg" || other is not null ? "kg" : "piece";
        var inSeason = months.Length is 0 or 12 || months.Contains(Today.Month);
        var inStock = Pick(100) < (inSeason ? 88 : category is "fresh-fruit" or "vegetable" or "root-vegetable" ? 4 : 85);
        var published = new DateTime(2025, 7, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(Pick(500_000));
        var price = (long.TryParse(row["price_min_vnd"], out var min) ? min : 30_000) * Math.Max(1, boxKg) * (100 + Pick(60)) / 100 / 1000 * 1000 + 1000;
        Write(id, seller, row, other is null, title, Pick(5) == 0 ? "" : row["name_en"], category, unit, weight, price, months.Length == 12 ? [] : months, inStock, published);
        var counted = seller.Certificates.Where(c => c.Counts).ToList();
        facts.Add(new(id, $"g-{id}", title, other is null ? row["slug"] : null, category, seller.Commune["code"], seller.Commune["full_name_vi"], seller.Commune["former_district"],
            [.. former.Where(f => f["new_code"] == seller.Commune["code"]).Select(f => f["name_vi"])], seller.Name, [.. counted.Select(c => c.Kind)], counted.Select(c => c.Stars).DefaultIfEmpty().Max(), weight, inStock));
    }

    private void Write(long id, Seller seller, Dictionary<string, string> row, bool special, string title, string titleEn, string category, string unit, int weight, long price, int[] months, bool inStock, DateTime published)
    {
        var at = published.ToString("yyyy-MM-dd HH:mm:ss'+00'", CultureInfo.InvariantCulture);
        var speciality = special ? row["slug"] : null;
        var certificates = $"{{{string.Join(',', seller.Certificates.Select(c => c.Id))}}}";
        var season = $"{{{string.Join(',', months)}}}";
        var english = special ? titleEn : "";
        Row("producers.product (id, code, producer_id, name, category_slug, speciality_slug, base_unit, created_at, changed_at)", id, $"G{id}", seller.Id, title, category, speciality, "g", at, at);
        Row("catalog.listing (id, slug, producer_id, product_id, title, title_en, sale_unit, base_per_unit, net_weight_g, price_vnd, season_months, status, version, public_version, created_at, changed_at, published_at, approved_at)",
            id, $"g-{id}", seller.Id, id, title, english, unit, weight, weight, price, season, "approved", 1, 1, at, at, at, at);
        Row("catalog.listing_version (listing_id, version, title, title_en, category_slug, speciality_slug, sale_unit, base_unit, base_per_unit, net_weight_g, description, storage, picture_ids, certificate_ids, submitted_at, state, decided_at)",
            id, 1, title, english, category, speciality, unit, "g", weight, weight, "", "", "{}", certificates, at, "approved", at);
        if (!inStock)
            return;
        Row("origin.lot (id, code, producer_id, product_id, commune_code, harvested_on, base_unit, quantity_base, created_at)", id, $"G{id}", seller.Id, id, seller.Commune["code"], "2026-06-10", "g", 1_000_000, at);
        Row("catalog.lot_stock (lot_id, product_id, supplied, available)", id, id, 500_000, 500_000);
    }

    private string Title(Dictionary<string, string> row, Seller seller, int boxKg)
    {
        var name = row["name_vi"];
        var head = Bare(name);
        var place = seller.Commune["name_vi"];
        var title = Pick(14) switch
        {
            0 or 1 => name,
            2 or 3 => $"{head} {place}",
            4 => $"{head} loại 1",
            5 => $"{head} {place} sạch nhà trồng",
            6 => Vietnamese.Fold($"{head} {place}"),
            7 => $"{head} {place}".ToUpper(CultureInfo.GetCultureInfo("vi-VN")),
            8 or 9 when OtherNames.TryGetValue(row["slug"], out var other) => $"{other} {place}",
            10 => $"{name} đặc sản Tây Bắc",
            11 => $"{head} tươi ngon, giao trong ngày",
            _ => $"{name} {seller.Commune["former_district"]}",
        };
        return boxKg > 0 ? $"{title}, hộp {boxKg} kg" : title;
    }

    private string Bare(string name)
    {
        foreach (var place in communes.Select(c => c["former_district"]).Distinct().Append("Sơn La"))
            name = name.Replace(" " + place, "", StringComparison.Ordinal);
        return name.Split(" (")[0];
    }

    private static int[] Months(string text) =>
        [.. text.Split("; ").Select(p => p.Split('-').Select(m => int.Parse(m, CultureInfo.InvariantCulture)).ToArray()).SelectMany(e => Enumerable.Range(0, (e[^1] - e[0] + 12) % 12 + 1).Select(i => (e[0] + i - 1) % 12 + 1)).Distinct()];

    private static int Grams(string unit)
    {
        var number = unit.Split(' ').Select(w => int.TryParse(w, out var n) ? n : 0).FirstOrDefault(n => n > 0);
        return number == 0 ? 1000 : unit.Contains("lít", StringComparison.Ordinal) ? number * 1000 : number;
    }

    private int Pick(int below) => random.Next(below);

    private void Row(string table, params object?[] values)
    {
        if (!tables.TryGetValue(table, out var rows))
            tables[table] = rows = new StringBuilder();
        rows.AppendJoin('\t', values.Select(v => v is null ? "\\N" : Convert.ToString(v, CultureInfo.InvariantCulture))).Append('\n');
    }
}
