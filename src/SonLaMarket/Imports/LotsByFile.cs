using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Origin;

namespace SonLaMarket.Imports;

/// <summary>Lots of products that are there already, a row each, read and opened as the page "Mở lô mới" does it; put up for sale where the row says so.</summary>
public sealed class LotsByFile(Lots lots, Stock stock, Texts t, TimeProvider clock) : IImportKind
{
    private const string Product = "Product";
    private const string Place = "Place";
    private const string OnSale = "OnSale";

    /// <summary>What people write in the place of a day of harvest.</summary>
    private static readonly string[] NotYet = ["chua", "chua thu hoach", "chua hai", "con tren ruong", "not yet"];

    public string Word => "lots";

    public string Label => "Lô hàng của sản phẩm đã có";

    public string ListPath => "/quan-ly/lo";

    public IReadOnlyList<string> PreviewHeadings => ["Sản phẩm", "Ngày thu hoạch", "Số lượng", "Đưa vào bán"];

    public IReadOnlyList<ImportColumn> Columns { get; } =
    [
        new(Product, "Sản phẩm đã có", true, "Ví dụ: Mận hậu", "Tên hoặc mã một sản phẩm của cơ sở bạn; chọn trong danh sách.", "san pham", "ma san pham", "ten san pham", "product"),
        new(nameof(LotSaid.HarvestedOn), "Ngày thu hoạch", true, "05/07/2026", "Ngày, tháng, năm thu hoạch hoặc làm ra. Cây còn trên ruộng thì ghi “chưa”.", "thu hoach", "ngay hai", "ngay san xuat", "nsx", "ngay lam ra", "harvest date"),
        new(nameof(LotSaid.Quantity), "Số lượng của lô", true, "200 kg", "Theo cân: bằng kg, hoặc ghi rõ như 2 tạ, 1,5 tấn. Theo cái, bó, hộp: số đơn vị.", "so luong", "sl", "san luong", "khoi luong", "quantity"),
        new(nameof(LotSaid.HarvestUntil), "Thu hoạch đến ngày", false, "", "Nếu thu hoạch nhiều ngày.", "den ngay"),
        new(nameof(LotSaid.PlannedOn), "Dự kiến thu hoạch", false, "", "Chỉ khi cây còn trên ruộng: ngày dự kiến thu hoạch.", "du kien", "ngay du kien", "planned"),
        new(Place, "Nơi trồng", false, "", ImportKinds.PlaceHint, "vung trong", "noi san xuat", "growing area"),
        new(nameof(LotSaid.PackedOn), "Ngày đóng gói", false, "", "Ngày, tháng, năm đóng gói.", "dong goi"),
        new(nameof(LotSaid.BestBefore), "Hạn dùng", false, "", "Ngày, tháng, năm hết hạn.", "hsd", "han su dung", "best before"),
        new(OnSale, "Đưa vào bán", false, "có", "Ghi “có” để cả lô lên kệ ngay; để trống: chưa bán.", "ban", "dua len ke", "on sale"),
    ];

    /// <summary>Lots of one product are told apart by their codes.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(Sql sql, string[] made, CancellationToken ct)
    {
        const string select = "select l.code, p.name || ' – ' || l.code as name from origin.lot l join producers.product p on p.id = l.product_id where l.code = any(@made)";
        return (await sql.QueryAsync<(string Code, string Name)>(select, new { made }, ct)).ToDictionary(l => l.Code, l => l.Name, StringComparer.Ordinal);
    }

    public async Task<IImportSheet> OpenAsync(Sql sql, Importer importer, Guid? import, CancellationToken ct)
    {
        const string products = """select code, name, base_unit from producers.product where producer_id = @ProducerId and taken_back_at is null order by name collate "vi-x-icu" """;
        const string places = "select a.id, a.name from producers.growing_area a where a.producer_id = @ProducerId order by a.own_place, a.created_at, a.id";
        return new Sheet(await sql.QueryAsync<ProductRow>(products, new { importer.ProducerId }, ct), await sql.QueryAsync<PlaceRow>(places, new { importer.ProducerId }, ct), importer, lots, stock, Vietnamese.Today(clock), t);
    }

    private sealed record ProductRow(string Code, string Name, string BaseUnit);

    private sealed record PlaceRow(Guid Id, string Name);

    private sealed class Sheet(List<ProductRow> products, List<PlaceRow> places, Importer importer, Lots lots, Stock stock, DateOnly today, Texts t) : IImportSheet
    {
        private readonly ILookup<string, ProductRow> byName = products.ToLookup(p => Vietnamese.Fold(p.Name), StringComparer.Ordinal);
        private readonly Dictionary<string, ProductRow> byCode = products.ToDictionary(p => p.Code, StringComparer.Ordinal);

        public IReadOnlyList<string> Choices(string field) => field switch
        {
            Product => [.. products.Select(p => p.Name).Distinct(StringComparer.Ordinal)],
            Place => [.. places.Select(p => p.Name)],
            OnSale => ["có"],
            _ => [],
        };

        public RowReading Read(IReadOnlyDictionary<string, string> cells)
        {
            var (lot, sale, faults) = Lot(cells);
            var named = lot is null ? null : byCode.GetValueOrDefault(lot.ProductCode);
            if (lot is null || named is null)
                return new(null, [cells.Of(Product), "", "", ""], faults);
            return new(null, [named.Name, lot.HarvestedOn is { } day ? Vietnamese.Date(day) : lot.PlannedOn is { } planned ? t["dự kiến {0}", Vietnamese.Date(planned)] : t["chưa thu hoạch"], Quantity.Show(lot.QuantityBase, named.BaseUnit, t), sale ? t["có"] : ""], faults);
        }

        public async Task<(string Made, string? Beside)?> SaveAsync(Tx tx, IReadOnlyDictionary<string, string> cells)
        {
            var (lot, sale, _) = Lot(cells);
            var code = await lots.OpenAsync(tx, lot!, importer.MemberId, importer.Actor);
            return code is null || (sale && !await stock.SupplyAsync(tx, code, lot!.QuantityBase, importer.MemberId, importer.Actor)) ? null : (code, null);
        }

        public async Task<Said?> TakeBackAsync(Tx tx, string made, string? beside, DateTimeOffset madeAt)
        {
            const string sold = "select s.available <> s.supplied from catalog.lot_stock s join origin.lot o on o.id = s.lot_id where o.code = @made for update of s";
            const string touched = "select exists (select 1 from origin.diary_entry d join origin.lot o on o.id = d.lot_id where o.code = @made)";
            if (await tx.FirstOrDefaultAsync<bool>(sold, new { made }) || await tx.SingleAsync<bool>(touched, new { made }))
                return new Said("Hàng của lô đã có người đặt, đã ghi hao hụt, hoặc lô đã có nhật ký.");
            return await stock.SupplyAsync(tx, made, 0, importer.MemberId, importer.Actor) ? await lots.TakeBackAsync(tx, made, importer.MemberId, importer.Actor) : new Said("Tin hoặc lô không còn như lúc nhập.");
        }

        private (NewLot? Lot, bool Sale, List<CellFault> Faults) Lot(IReadOnlyDictionary<string, string> cells)
        {
            var faults = new List<CellFault>();
            var product = OwnProduct(cells.Of(Product), faults);
            var quantity = Amount(cells.Of(nameof(LotSaid.Quantity)), faults);
            var (harvest, planned) = (cells.Of(nameof(LotSaid.HarvestedOn)), Day(nameof(LotSaid.PlannedOn), cells, faults));
            var standing = NotYet.Contains(Vietnamese.Fold(harvest)) || (harvest.Length == 0 && cells.Of(nameof(LotSaid.PlannedOn)).Length > 0);
            var said = new LotSaid(product?.BaseUnit, standing ? null : Day(nameof(LotSaid.HarvestedOn), cells, faults), Day(nameof(LotSaid.HarvestUntil), cells, faults), Day(nameof(LotSaid.PackedOn), cells, faults), Day(nameof(LotSaid.BestBefore), cells, faults), quantity, planned);
            var place = PlaceOf(cells.Of(Place), faults);
            if (!standing && harvest.Length == 0)
                faults.Add(new(nameof(LotSaid.HarvestedOn), t["Hãy nhập ngày thu hoạch hoặc ngày sản xuất; cây còn trên ruộng thì ghi “chưa”."], t["chưa"]));
            // Of a crop that stands nobody knows yet what the form does not ask either.
            foreach (var field in (standing ? [nameof(LotSaid.HarvestUntil), nameof(LotSaid.PackedOn), nameof(LotSaid.BestBefore), OnSale] : new[] { nameof(LotSaid.PlannedOn) }).Where(f => cells.Of(f).Length > 0))
                faults.Add(new(field, standing ? t["Cây chưa thu hoạch thì để trống ô này."] : t["Đã có ngày thu hoạch thì để trống ô này."], ""));
            var reading = new LotReading(said, today, t);
            faults.AddRange(reading.Faults.Select(f => new CellFault(f.Field, f.Message, f.Field == nameof(LotSaid.Quantity) ? Suggest.Amount(cells.Of(f.Field)) : null)));
            var sale = Vietnamese.Fold(cells.Of(OnSale));
            if (sale is not ("" or "co" or "x" or "yes" or "khong" or "no"))
                faults.Add(new(OnSale, t["Ghi “có”, hoặc để trống."], "có"));
            return faults.Count > 0 ? (null, false, faults) : (new NewLot(product!.Code, place, said.HarvestedOn, said.HarvestUntil, said.PackedOn, said.BestBefore, reading.QuantityBase) { Standing = standing, PlannedOn = planned }, sale is "co" or "x" or "yes", faults);
        }

        private ProductRow? OwnProduct(string typed, List<CellFault> faults)
        {
            var found = byCode.TryGetValue(typed, out var coded) ? [coded] : byName[Vietnamese.Fold(typed)].ToList();
            if (typed.Length == 0)
                faults.Add(new(Product, t["Hãy chọn sản phẩm."]));
            else if (found.Count == 0)
                faults.Add(new(Product, t["Hãy chọn sản phẩm của cơ sở bạn."], Nearest.Choice(typed, Choices(Product))));
            else if (found.Count > 1)
                faults.Add(new(Product, t["Có {0} sản phẩm cùng tên này. Hãy ghi mã sản phẩm, ví dụ {1}.", found.Count, found[0].Code]));
            return found.Count == 1 ? found[0] : null;
        }

        /// <summary>Null where nothing is said.</summary>
        private Guid? PlaceOf(string typed, List<CellFault> faults)
        {
            if (typed.Length == 0)
                return null;
            var found = places.Find(p => Vietnamese.Fold(p.Name) == Vietnamese.Fold(typed));
            if (found is null)
                faults.Add(new(Place, t["Hãy chọn vùng trồng của cơ sở bạn."], Nearest.Choice(typed, Choices(Place))));
            return found?.Id;
        }

        private Kilograms? Amount(string typed, List<CellFault> faults)
        {
            if (Vietnamese.ParseWeight(typed) is var (value, unit))
                return new Kilograms(value, unit);
            faults.Add(new(nameof(LotSaid.Quantity), typed.Length == 0 ? t["Hãy nhập số lượng của lô."] : t["Hãy nhập khối lượng, ví dụ 12,5 hoặc 2 tạ."], typed.Length == 0 ? null : Suggest.Amount(typed)));
            return null;
        }

        private DateOnly? Day(string field, IReadOnlyDictionary<string, string> cells, List<CellFault> faults)
        {
            var typed = Suggest.SerialDay(cells.Of(field)) ?? cells.Of(field);
            var day = Vietnamese.ParseDate(typed, today);
            if (day is null && typed.Length > 0)
                faults.Add(new(field, t[Vietnamese.NoDate(typed)], Suggest.Day(typed, today)));
            return day;
        }
    }
}
