using System.Text.Json;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Imports;

/// <summary>
/// Price, promotion, stock, months and packing of listings that are there already, a row each: what buyers see at once, so what needs no new approval. A cell left empty leaves
/// things as they are. By the verbs of the pages: the price goes into the history, stock into its journal. The open file of the own listings (Exports) comes in too,
/// and says nothing new.
/// </summary>
public sealed class ListingChangesByFile(Listings listings, Promotions promotions, Stock stock, Texts t, TimeProvider clock) : IImportKind
{
    public const string Code = "Listing";
    public const string Title = "ListingTitle";
    public const string Price = "NewPrice";
    public const string Left = "Left";
    private const string Lot = "Lot";
    private const string Season = "NewMonths";
    public const string Most = "Most";
    private const string Gross = "Gross";
    private const string Size = "Size";
    private const string Sale = "Sale";
    private const string SaleFrom = "SaleFrom";
    private const string SaleUntil = "SaleUntil";

    public string Word => "changes";

    public string Label => "Giá, khuyến mại, tồn kho, mùa, đóng gói của tin đã có";

    public string ListPath => "/quan-ly/tin-dang";

    public IReadOnlyList<string> PreviewHeadings => ["Tin đăng", "Giá", "Còn để bán", "Tháng có hàng", "Gói hàng", "Khuyến mại"];

    public string NameOf(IReadOnlyDictionary<string, string> cells) => cells.Of(Title) is { Length: > 0 } title ? title : cells.Of(Code);

    public IReadOnlyList<ImportColumn> Columns { get; } =
    [
        new(Code, "Mã tin", true, "Ví dụ: man-hau-hop-5-kg", "Mã của tin đã đăng: phần cuối địa chỉ trang tin.", "ma tin dang", "ma", "listing", "listing code", "listing id"),
        new(Title, "Tên tin", false, "", "Chỉ để đọc: sửa ở đây không đổi tên tin.", "tieu de", "title", "product name"),
        new(Price, "Giá bán mới (đồng)", false, "175.000", "Giá của một đơn vị bán, bằng đồng. Để trống: giữ nguyên.", "gia", "gia ban", "gia moi", "don gia", "price", "variant pricevnd"),
        new(Left, "Còn để bán", false, "40", "Còn bao nhiêu để bán, tính theo đơn vị bán; 0 là hết hàng. Để trống: giữ nguyên.", "ton", "ton kho", "so luong", "so luong con", "sl", "con hang", "stock", "variant stock"),
        new(Lot, "Mã lô", false, "", "Chỉ cần khi tin bán từ nhiều lô: tồn kho là của lô này.", "lo", "lo hang", "lot"),
        new(Season, "Tháng có hàng", false, "5-7", "Các tháng bán: 5-7, hoặc 10-2, hoặc 3, 9, 10; “quanh năm” là cả năm. Để trống: giữ nguyên.", "thang", "mua vu", "mua", "thoi vu"),
        new(Most, "Mua nhiều nhất", false, "", "Mỗi đơn mua nhiều nhất bao nhiêu đơn vị bán. Để trống: giữ nguyên.", "mua toi da", "so luong mua toi da", "max order"),
        new(Gross, "Khối lượng cả bao bì", false, "5,4 kg", "Một đơn vị bán kèm bao bì nặng bao nhiêu. Để trống: giữ nguyên.", "khoi luong dong goi", "khoi luong van chuyen", "gross weight", "variant grossweightg"),
        new(Size, "Kích thước (cm)", false, "40 x 30 x 20", "Dài x rộng x cao của gói hàng. Để trống: giữ nguyên.", "kich thuoc", "kich thuoc dong goi", "package size"),
        new(Sale, "Giá khuyến mại (đồng)", false, "", "Thấp hơn giá thường; người mua thấy cả hai. Để trống: không lập khuyến mại.", "gia giam", "sale price"),
        new(SaleFrom, "Khuyến mại từ ngày", false, "", "Để trống: bắt đầu ngay.", "khuyen mai tu", "sale from"),
        new(SaleUntil, "Khuyến mại đến ngày", false, "", "Ngày cuối của khuyến mại.", "khuyen mai den", "khuyen mai den het ngay", "sale until"),
    ];

    public Task<IReadOnlyDictionary<string, string>> NamesAsync(Sql sql, string[] made, CancellationToken ct) => ImportKinds.TitlesAsync(sql, made, ct);

    public async Task<IImportSheet> OpenAsync(Sql sql, Importer importer, Guid? import, CancellationToken ct)
    {
        const string own = """
            select l.slug, l.title, coalesce(l.usual_vnd, l.price_vnd) as price_vnd, l.season_months, l.sale_unit, l.base_per_unit, l.net_weight_g, l.product_id, p.category_slug, p.base_unit, l.paused_at is not null as paused,
              l.public_version is not null as is_public, l.min_units, l.max_units, l.gross_weight_g, l.length_cm, l.width_cm, l.height_cm, l.sale_vnd, l.sale_from, l.sale_until, l.usual_vnd is not null as on_sale
            from catalog.listing l join producers.product p on p.id = l.product_id
            where l.producer_id = @ProducerId and l.status not in ('closed', 'suspended') and l.taken_back_at is null order by l.title collate "vi-x-icu", l.id
            """;
        const string stocked = """
            select o.product_id, o.code, o.quantity_base - o.used_base as most, coalesce(s.supplied, 0) as supplied, coalesce(s.available, 0) as available, s.lot_id is not null as shelved,
              (o.best_before is null or o.best_before >= @today) and not exists (select 1 from origin.lot_block b where b.lot_id = o.id and b.lifted_at is null) as open
            from origin.lot o left join catalog.lot_stock s on s.lot_id = o.id where o.producer_id = @ProducerId and o.taken_back_at is null and (o.harvested_on is not null or not o.opened_standing) order by o.harvested_on desc nulls last, o.id desc
            """;
        return new Sheet(await sql.QueryAsync<Own>(own, new { importer.ProducerId }, ct), (await sql.QueryAsync<Stocked>(stocked, new { importer.ProducerId, today = Vietnamese.Today(clock) }, ct)).ToLookup(l => l.ProductId), importer, listings, promotions, stock, Vietnamese.Today(clock), t);
    }

    private sealed record Own(string Slug, string Title, long PriceVnd, int[] SeasonMonths, string SaleUnit, long BasePerUnit, long NetWeightG, long ProductId, string CategorySlug, string BaseUnit, bool Paused,
        bool IsPublic, int MinUnits, int? MaxUnits, long? GrossWeightG, int? LengthCm, int? WidthCm, int? HeightCm, long? SaleVnd, DateTimeOffset? SaleFrom, DateTimeOffset? SaleUntil, bool OnSale)
    {
        public ListingPack Pack => ListingPack.Of(MaxUnits, GrossWeightG, LengthCm, WidthCm, HeightCm);
    }

    private sealed record Offered(long PriceVnd, DateOnly? From, DateOnly Until);

    /// <param name="Most">What may be supplied of the lot in all.</param>
    /// <param name="Open">Neither blocked nor past its date.</param>
    private sealed record Stocked(long ProductId, string Code, long Most, long Supplied, long Available, bool Shelved, bool Open)
    {
        /// <summary>Sold, held or written off: no longer to be had.</summary>
        public long Gone => Supplied - Available;
    }

    /// <summary>What a row changes; null is left as it is.</summary>
    private sealed record Change(Own Listing, long? PriceVnd, int[]? Months, Stocked? Lot, long? Available, ListingPack? Pack, Offered? Sale)
    {
        public bool None => (PriceVnd, Months, Available, Pack, Sale) is (null, null, null, null, null);
    }

    /// <summary>What was there before a row was saved, and what it made of it: to be taken back.</summary>
    private sealed record Before(long? PriceVnd, long? Price, int[]? SeasonMonths, int[]? Months, string? Lot, long? SuppliedBefore, long? Supplied, ListingPack? PackBefore = null, ListingPack? Pack = null, long? Sale = null);

    private sealed class Sheet(List<Own> own, ILookup<long, Stocked> lots, Importer importer, Listings listings, Promotions promotions, Stock stock, DateOnly today, Texts t) : IImportSheet
    {
        private readonly Dictionary<string, Own> bySlug = own.ToDictionary(o => o.Slug, StringComparer.OrdinalIgnoreCase);

        public IReadOnlyList<string> Choices(string field) => field == Code ? [.. own.Select(o => o.Slug)] : [];

        /// <summary>A row for each listing, and one more for each further lot that it sells from. The sign of multiplication is a letter of old fonts: what comes back has an x.</summary>
        public IEnumerable<string[]> Filled => own.SelectMany(o =>
        {
            var selling = Selling(o);
            var first = new[] { o.Slug, o.Title, Vietnamese.Number(o.PriceVnd), Units(o, selling.FirstOrDefault()?.Available ?? 0), selling.Count > 1 ? selling[0].Code : "", Months.Say(o.SeasonMonths, t), o.MaxUnits is { } most ? Vietnamese.Number(most) : "", o.GrossWeightG is { } gross ? $"{gross} g" : "",
                o.Pack.Size?.ToString().Replace('×', 'x') ?? "", o.SaleVnd is { } sale ? Vietnamese.Number(sale) : "", o.SaleFrom is { } from ? Vietnamese.Date(Vietnamese.Day(from)) : "", o.SaleUntil is { } until ? Vietnamese.Date(Promotions.LastDay(until)) : "" };
            return selling.Skip(1).Select(l => new[] { o.Slug, o.Title, "", Units(o, l.Available), l.Code, "", "", "", "", "", "", "" }).Prepend(first);
        });

        public RowReading Read(IReadOnlyDictionary<string, string> cells)
        {
            var (change, faults) = Change(cells);
            if (change is null)
                return new(null, [cells.Of(Code), "", "", "", "", ""], faults);
            var (o, unit) = (change.Listing, t[SaleUnit.Label(change.Listing.SaleUnit)]);
            return new(Key(cells, change), [o.Title,
                FromTo(Vietnamese.Money(o.PriceVnd), change.PriceVnd is { } price ? Vietnamese.Money(price) : null),
                change.Available is { } left ? FromTo($"{Units(o, change.Lot!.Available)} {unit}", $"{Units(o, left)} {unit}") : "",
                FromTo(Months.Say(o.SeasonMonths, t), change.Months is { } months ? Months.Say(months, t) : null),
                change.Pack is { } pack ? FromTo(Say(o.Pack), Say(pack)) : "",
                change.Sale is { } sale ? $"{Vietnamese.Money(sale.PriceVnd)}, {Vietnamese.Date(sale.From ?? today)} – {Vietnamese.Date(sale.Until)}" : ""], faults)
            {
                Unchanged = change.None,
                Question = Question(change),
                Seen = $"{o.PriceVnd}|{string.Join(',', o.SeasonMonths)}|{Say(o.Pack)}|{o.SaleVnd}",
            };
        }

        public async Task<(string Made, string? Beside)?> SaveAsync(Tx tx, IReadOnlyDictionary<string, string> cells)
        {
            var (change, _) = Change(cells);
            if (change is null || await listings.LockAsync(tx, change.Listing.Slug, importer.MemberId) is not { } now || Ends(now, change.PriceVnd))
                return null;
            if ((change.PriceVnd, change.Months, change.Pack) is not (null, null, null) && !await SetAsync(tx, now, change.PriceVnd ?? now.PriceVnd, change.Months ?? now.SeasonMonths, change.Pack))
                return null;
            if (change.Sale is { } sale && !await promotions.PlanAsync(tx, now.Slug, sale.PriceVnd, sale.From, sale.Until, importer.MemberId, importer.Actor))
                return null;
            // What was ordered since is no longer there: what is left is then what the row says, not more.
            var lot = change.Available is null ? null : await LotAsync(tx, change.Lot!.Code);
            var supplied = lot is null ? (long?)null : lot.Gone + change.Available!.Value;
            if (supplied is { } quantity && !await stock.SupplyAsync(tx, lot!.Code, quantity, importer.MemberId, importer.Actor))
                return null;
            return (now.Slug, JsonSerializer.Serialize(new Before(change.PriceVnd is null ? null : now.PriceVnd, change.PriceVnd, change.Months is null ? null : now.SeasonMonths, change.Months, lot?.Code, lot?.Supplied, supplied,
                change.Pack is null ? null : now.Pack, change.Pack, change.Sale?.PriceVnd)));
        }

        public async Task<Said?> TakeBackAsync(Tx tx, string made, string? beside, DateTimeOffset madeAt)
        {
            var before = JsonSerializer.Deserialize<Before>(beside!)!;
            if (await listings.LockAsync(tx, made, importer.MemberId) is not { Status: not ("closed" or "suspended") } now)
                return new Said("Tin đã đóng hoặc tạm ngừng.");
            if ((before.Price is { } price && price != now.PriceVnd) || (before.Months is { } months && !months.SequenceEqual(now.SeasonMonths)))
                return new Said("Giá hoặc tháng có hàng đã được sửa sau khi nhập.");
            if ((before.Pack is { } pack && pack != now.Pack) || (before.Sale is { } sale && sale != now.SaleVnd))
                return new Said("Đóng gói hoặc khuyến mại đã được sửa sau khi nhập.");
            if (before.Sale is null && Ends(now, before.PriceVnd))
                return new Said("Tin đang khuyến mại. Hãy bỏ khuyến mại trên trang của tin rồi đổi giá.");
            var lot = before.Lot is null ? null : await LotAsync(tx, before.Lot);
            if (before.Lot is not null && lot?.Supplied != before.Supplied)
                return new Said("Tồn kho đã được sửa sau khi nhập.");
            if (lot is not null && lot.Gone > before.SuppliedBefore)
                return new Said("Hàng của lô đã có người đặt, hoặc đã ghi hao hụt.");
            if (before.Sale is not null)
                await promotions.EndAsync(tx, now.Slug, importer.MemberId, importer.Actor);
            if ((before.Price, before.Months, before.Pack) is not (null, null, null) && !await SetAsync(tx, now, before.PriceVnd ?? now.PriceVnd, before.SeasonMonths ?? now.SeasonMonths, before.PackBefore))
                return new Said("Tin đã đóng hoặc tạm ngừng.");
            return lot is null || await stock.SupplyAsync(tx, lot.Code, before.SuppliedBefore!.Value, importer.MemberId, importer.Actor) ? null : new Said("Tồn kho đã được sửa sau khi nhập.");
        }

        /// <summary>Whether the price would end a promotion, which a file does not do unasked.</summary>
        private static bool Ends(Listing now, long? priceVnd) => priceVnd is { } price && Promotions.EndedBy(price, now.PriceVnd, now.SaleVnd, now.OnSale);

        private async Task<bool> SetAsync(Tx tx, Listing now, long priceVnd, int[] months, ListingPack? pack) => months.SequenceEqual(now.SeasonMonths) && pack is null
            ? await listings.PriceAsync(tx, now.Slug, priceVnd, importer.MemberId, importer.Actor)
            : await listings.UpdateAsync(tx, now.Slug, new ListingDraft(now.Title, now.TitleEn, now.SaleUnit, now.BasePerUnit, priceVnd, months, now.MinUnits) { Pack = pack }, importer.MemberId, importer.Actor);

        private static Task<Stocked?> LotAsync(Tx tx, string code) => tx.FirstOrDefaultAsync<Stocked>("""
            select o.product_id, o.code, o.quantity_base - o.used_base as most, coalesce(s.supplied, 0) as supplied, coalesce(s.available, 0) as available, s.lot_id is not null as shelved, true as open
            from origin.lot o left join catalog.lot_stock s on s.lot_id = o.id where o.code = @code for update of o
            """, new { code });

        private string? Question(Change change)
        {
            var o = change.Listing;
            var jump = change.PriceVnd is { } price ? PriceJump.Question(o.PriceVnd, price, o.SaleUnit, o.Title, o.NetWeightG, o.CategorySlug, t) : null;
            var half = change.Sale is { } sale ? Promotions.Question(change.PriceVnd ?? o.PriceVnd, sale.PriceVnd, t) : null;
            return jump is null || half is null ? jump ?? half : $"{jump} {half}";
        }

        /// <summary>Rows that set the price or the months of one listing say the same thing, and so do rows that set the stock of one lot.</summary>
        private static string Key(IReadOnlyDictionary<string, string> cells, Change change)
        {
            // A row of a further lot names it, changed or not.
            var lot = change.Lot?.Code ?? cells.Of(Lot).ToUpperInvariant();
            return cells.Of(Price).Length == 0 && cells.Of(Season).Length == 0 && (change.Pack, change.Sale) is (null, null) && lot.Length > 0 ? $"{change.Listing.Slug}|{lot}" : change.Listing.Slug;
        }

        private (Change? Change, List<CellFault> Faults) Change(IReadOnlyDictionary<string, string> cells)
        {
            var faults = new List<CellFault>();
            var typed = cells.Of(Code);
            if (!bySlug.TryGetValue(typed, out var listing))
            {
                faults.Add(new(Code, typed.Length == 0 ? t["Hãy ghi mã của tin."] : t["Cơ sở không có tin nào mang mã “{0}”.", typed], Guess(typed, cells.Of(Title))));
                return (null, faults);
            }
            var price = NewPrice(cells.Of(Price), listing, faults);
            var months = NewMonths(cells.Of(Season), listing, faults);
            var (lot, left) = NewStock(cells, listing, faults);
            var pack = NewPack(cells, listing, faults);
            var sale = NewSale(cells, listing, price ?? listing.PriceVnd, faults);
            return (faults.Count > 0 ? null : new Change(listing, price, months, lot, left, pack, sale), faults);
        }

        /// <summary>Who writes a title instead of the code means its listing.</summary>
        private string? Guess(string typed, string title)
        {
            var names = new[] { typed, title }.Select(Vietnamese.Fold).Where(n => n.Length > 0).ToList();
            return own.Find(o => names.Contains(Vietnamese.Fold(o.Title)))?.Slug ?? Nearest.Choice(typed, Choices(Code));
        }

        private long? NewPrice(string typed, Own listing, List<CellFault> faults)
        {
            if (typed.Length == 0)
                return null;
            var price = Vietnamese.ParseMoney(typed);
            if (price is null)
                faults.Add(new(Price, t["Hãy nhập số tiền bằng đồng, ví dụ 35.000 hoặc 35k."], Suggest.Money(typed, 1000)));
            else if (price is < 1000 or > 999_999_999)
                faults.Add(new(Price, t["Giá từ 1.000 đến 999.999.999 đồng."], Suggest.Money(typed, 1000)));
            else if (Promotions.EndedBy(price.Value, listing.PriceVnd, listing.SaleVnd, listing.OnSale))
                faults.Add(new(Price, t["Tin đang khuyến mại. Hãy bỏ khuyến mại trên trang của tin rồi đổi giá."], Vietnamese.Number(listing.PriceVnd)));
            return price == listing.PriceVnd ? null : price;
        }

        private int[]? NewMonths(string typed, Own listing, List<CellFault> faults)
        {
            if (typed.Length == 0)
                return null;
            var months = Months.Parse(typed);
            if (months is null)
                faults.Add(new(Season, t["Hãy ghi tháng từ 1 đến 12, ví dụ 5-7 hoặc 10-2."], Months.Near(typed)));
            return months is null || months.SequenceEqual(listing.SeasonMonths) || (months.Length is 0 or 12 && listing.SeasonMonths.Length is 0 or 12) ? null : months;
        }

        private string Say(ListingPack pack) => string.Join("; ", new[]
        {
            pack.MaxUnits is { } most ? t["nhiều nhất {0}", most] : "", pack.GrossWeightG is { } gross ? Vietnamese.Weight(gross) : "", pack.Size is { } size ? $"{size} cm" : "",
        }.Where(s => s.Length > 0));

        private ListingPack? NewPack(IReadOnlyDictionary<string, string> cells, Own listing, List<CellFault> faults)
        {
            decimal? most = cells.Of(Most).Length == 0 ? null : Vietnamese.ParseQuantity(cells.Of(Most)) ?? 0;
            long? gross = cells.Of(Gross).Length == 0 ? null : Vietnamese.ParseGrams(cells.Of(Gross)) ?? 0;
            foreach (var (field, message) in ListingPack.Faults(most, gross, cells.Of(Size), listing.MinUnits, listing.NetWeightG, t))
                faults.Add(field switch
                {
                    nameof(ListingPack.MaxUnits) => new(Most, message, most > 0 && most < listing.MinUnits ? Vietnamese.Number(listing.MinUnits) : null),
                    nameof(ListingPack.GrossWeightG) => new(Gross, message),
                    _ => new(Size, message),
                });
            if (faults.Count > 0)
                return null;
            var pack = new ListingPack((int?)most ?? listing.MaxUnits, gross ?? listing.GrossWeightG, PackSize.Parse(cells.Of(Size)) ?? listing.Pack.Size);
            return pack == listing.Pack ? null : pack;
        }

        private DateOnly? Day(string typed) => Vietnamese.ParseDate(Suggest.SerialDay(typed) ?? typed, today);

        private Offered? NewSale(IReadOnlyDictionary<string, string> cells, Own listing, long usualVnd, List<CellFault> faults)
        {
            if (cells.Of(Sale).Length + cells.Of(SaleFrom).Length + cells.Of(SaleUntil).Length == 0)
                return null;
            var (price, from, until) = (Vietnamese.ParseMoney(cells.Of(Sale)), Day(cells.Of(SaleFrom)), Day(cells.Of(SaleUntil)));
            if (listing.SaleVnd is { } known)
            {
                var (first, last) = (Vietnamese.Day(listing.SaleFrom!.Value), Promotions.LastDay(listing.SaleUntil!.Value));
                foreach (var (field, same, right) in new[] { (Sale, price == known, Vietnamese.Number(known)), (SaleFrom, from == first, Vietnamese.Date(first)), (SaleUntil, until == last, Vietnamese.Date(last)) })
                    if (!same && cells.Of(field).Length > 0)
                        faults.Add(new(field, t["Tin đã có khuyến mại. Hãy bỏ khuyến mại đó trên trang của tin rồi lập cái khác."], right));
                return null;
            }
            if (cells.Of(Sale).Length == 0)
                faults.Add(new(Sale, t["Hãy nhập giá khuyến mại."]));
            else if (price is null)
                faults.Add(new(Sale, t["Hãy nhập số tiền bằng đồng, ví dụ 35.000 hoặc 35k."], Suggest.Money(cells.Of(Sale), 1000)));
            if (from is null && cells.Of(SaleFrom).Length > 0)
                faults.Add(new(SaleFrom, t[Vietnamese.NoDate(cells.Of(SaleFrom))]));
            if (until is null)
                faults.Add(new(SaleUntil, t["Hãy nhập ngày cuối của khuyến mại."]));
            if (!listing.IsPublic)
                faults.Add(new(Sale, t["Tin chưa công khai: hãy đặt giá bán cho tin, rồi lập khuyến mại khi tin đã được duyệt."]));
            foreach (var (field, message) in Promotions.Faults(price, from, until, usualVnd, today, t))
                faults.Add(new(field switch { "Price" => Sale, "From" => SaleFrom, _ => SaleUntil }, message));
            return faults.Count > 0 ? null : new(price!.Value, from, until!.Value);
        }

        private (Stocked? Lot, long? Available) NewStock(IReadOnlyDictionary<string, string> cells, Own listing, List<CellFault> faults)
        {
            var (typed, code) = (cells.Of(Left), cells.Of(Lot));
            // The open file tells one lot of each listing, and what is left of all of them.
            if (typed.Length == 0 || ((code.Length == 0 || Selling(listing).Count > 1) && Vietnamese.ParseWeight(typed) is (var shown, false) && shown == Shown(listing)))
                return (null, null);
            var lot = OwnLot(code, listing, faults);
            if (lot is null)
                return (null, null);
            if (Vietnamese.ParseWeight(typed) is not var (number, isWeight) || (isWeight && listing.BaseUnit != "g") || number < 0)
            {
                faults.Add(new(Left, t["Hãy nhập số lượng bằng số, ví dụ 40."], Suggest.Amount(typed) is { } amount && amount != typed ? amount : null));
                return (lot, null);
            }
            var left = isWeight ? number * 1000 : number * listing.BasePerUnit;
            if (left != decimal.Truncate(left) || left > lot.Most - lot.Gone)
            {
                faults.Add(new(Left, t["Lô {0} chỉ còn bán được nhiều nhất {1} {2}.", lot.Code, Units(listing, lot.Most - lot.Gone), t[SaleUnit.Label(listing.SaleUnit)]], Units(listing, lot.Most - lot.Gone)));
                return (lot, null);
            }
            return (lot, (long)left == lot.Available ? null : (long)left);
        }

        /// <summary>The lot that a row names, else the only one that is on sale, else the newest that was.</summary>
        private Stocked? OwnLot(string code, Own listing, List<CellFault> faults)
        {
            var selling = Selling(listing);
            if (code.Length > 0)
            {
                var named = lots[listing.ProductId].FirstOrDefault(l => string.Equals(l.Code, code, StringComparison.OrdinalIgnoreCase));
                if (named is null)
                    faults.Add(new(Lot, t["Sản phẩm của tin này không có lô “{0}”.", code], Nearest.Choice(code, [.. lots[listing.ProductId].Select(l => l.Code)])));
                return named;
            }
            if (selling.Count == 0)
                faults.Add(new(Lot, t["Tin này chưa có lô nào để bán. Hãy mở lô trước."]));
            else if (selling.Count > 1)
                faults.Add(new(Lot, t["Tin này bán từ {0} lô. Hãy ghi mã lô.", selling.Count], selling[0].Code));
            return selling is [var only] ? only : null;
        }

        /// <summary>Whole units, as its page and the files for platforms say it of all lots together.</summary>
        private long Shown(Own listing) => listing.Paused ? 0 : lots[listing.ProductId].Where(l => l.Shelved && l.Open).Sum(l => l.Available / listing.BasePerUnit);

        /// <summary>Lots with something left; where nothing is, the one that was last on sale.</summary>
        private List<Stocked> Selling(Own listing)
        {
            var shelved = lots[listing.ProductId].Where(l => l.Shelved).ToList();
            var left = shelved.FindAll(l => l.Available > 0);
            return left.Count > 0 ? left : [.. shelved.Take(1)];
        }

        private static string Units(Own listing, long quantityBase) => Vietnamese.Number(decimal.Round((decimal)quantityBase / listing.BasePerUnit, 3));

        private static string FromTo(string from, string? to) => to is null ? from : $"{from} → {to}";
    }
}
