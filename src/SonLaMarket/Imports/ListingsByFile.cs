using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Imports;

/// <summary>Goods to sell, a row each: product, listing, lot and stock, read and made as the pages "Đăng bán" do it.</summary>
public sealed class ListingsByFile(OfferDrafts offers, Texts t, TimeProvider clock) : IImportKind
{
    public string Word => "listings";

    public string Label => "Tin đăng kèm lô hàng";

    public string ListPath => "/quan-ly/tin-dang";

    public string? Afterwards => "Mỗi dòng thành một tin đăng và một lô. Lưu xong, tin chờ Sở Công Thương duyệt (là bản nháp, nếu cơ sở chưa gửi hồ sơ); người mua thấy tin và đặt được hàng khi tin đã duyệt.";

    public IReadOnlyList<string> PreviewHeadings => ["Tin đăng", "Giá", "Số lượng", "Ngày thu hoạch", "Ảnh"];

    public IReadOnlyList<ImportColumn> Columns { get; } =
    [
        new(nameof(OfferText.Name), "Tên hàng", true, "Ví dụ: Mận hậu loại 1", "Tên hàng, loại. Không cần ghi cách đóng gói.", "ten", "ten san pham", "san pham", "ten mat hang", "ten nong san", "ten hang hoa", "ten tin dang", "product", "product name"),
        new(nameof(OfferText.Speciality), "Đặc sản", false, "Mận hậu", "Chọn trong danh sách nếu hàng là một đặc sản của Sơn La; không có thì để trống.", "dac san", "mat hang", "loai dac san"),
        new(nameof(OfferText.Category), "Nhóm hàng", false, "", "Để trống được nếu đã chọn đặc sản.", "nhom", "nhom san pham", "danh muc", "loai hang", "nganh hang", "phan loai"),
        new(nameof(OfferText.HarvestedOn), "Ngày thu hoạch", true, "05/07/2026", "Ngày, tháng, năm thu hoạch hoặc làm ra.", "thu hoach", "ngay hai", "ngay san xuat", "ngay thu hoach san xuat", "nsx", "ngay lam ra", "ngay thu hai", "harvest date"),
        new(nameof(OfferText.Place), "Nơi trồng", false, "", ImportKinds.PlaceHint, "vung trong", "noi san xuat", "noi thu hoach", "dia diem", "growing area"),
        new(nameof(OfferText.SaleUnit), "Đơn vị bán", false, "hộp", "kg, bó, hộp, túi hoặc sản phẩm (một gói, chai, lọ, quả).", "don vi", "don vi tinh", "dvt", "dv", "quy cach ban", "unit"),
        new(nameof(OfferText.Content), "Cân nặng một đơn vị", false, "5 kg", "Một hộp, bó, gói nặng bao nhiêu: 5 kg, 500 g. Bán theo kg thì để trống.", "khoi luong", "trong luong", "khoi luong mot don vi", "quy cach", "can nang", "khoi luong tinh", "net weight"),
        new(nameof(OfferText.Quantity), "Số lượng", true, "40", "Có bao nhiêu để bán, tính theo đơn vị bán; cũng ghi được 2 tạ, 1,5 tấn.", "so luong ban", "so luong co", "sl", "ton", "ton kho", "stock"),
        new(nameof(OfferText.Price), "Giá bán (đồng)", true, "175.000", "Giá của một đơn vị bán, bằng đồng: 35000, 35.000 hoặc 35k.", "gia", "don gia", "gia tien", "gia le", "price"),
        new(nameof(OfferText.Alcohol), "Độ cồn", false, "", "Chỉ với rượu, bia: độ cồn, dưới 15.", "nong do con", "do ruou", "nong do"),
        new(nameof(OfferText.Months), "Tháng có hàng", false, "5-7", "Các tháng bán: 5-7, hoặc 10-2, hoặc 3, 9, 10. Để trống: quanh năm.", "thang", "mua vu", "mua", "thoi vu", "thang thu hoach"),
        new(nameof(OfferText.Ingredients), "Thành phần", false, "", "Như ghi trên nhãn, dài nhất 2.000 ký tự.", "nguyen lieu", "ingredients") { Lines = true },
        new(nameof(OfferText.MaxUnits), "Mua nhiều nhất", false, "", "Mỗi đơn mua nhiều nhất bao nhiêu đơn vị bán. Để trống: không giới hạn.", "mua toi da", "so luong mua toi da", "max order"),
        new(nameof(OfferText.GrossWeight), "Khối lượng cả bao bì", false, "", "Một đơn vị bán kèm bao bì nặng bao nhiêu: 5,4 kg, 560 g.", "khoi luong dong goi", "khoi luong van chuyen", "gross weight"),
        new(nameof(OfferText.Size), "Kích thước (cm)", false, "", "Dài x rộng x cao của gói hàng, bằng cm: 40 x 30 x 20.", "kich thuoc", "kich thuoc dong goi", "package size"),
        new(nameof(OfferText.Description), "Giới thiệu", false, "", "Giới thiệu hàng, dài nhất 5.000 ký tự.", "mo ta", "mo ta san pham", "thong tin", "gioi thieu san pham", "ghi chu san pham", "about") { Lines = true },
        SentPictures.Column,
    ];

    public Task<IReadOnlyDictionary<string, string>> NamesAsync(Sql sql, string[] made, CancellationToken ct) => ImportKinds.TitlesAsync(sql, made, ct);

    public async Task<IImportSheet> OpenAsync(Sql sql, Importer importer, Guid? import, CancellationToken ct)
    {
        const string select = "select l.title from catalog.listing l where l.producer_id = @ProducerId and l.status <> 'closed'";
        const string submits = "select p.status in ('submitted', 'approved') from producers.producer p where p.id = @ProducerId";
        var lists = await OfferLists.LoadAsync(sql, importer.MemberId, ct);
        var titles = await sql.QueryAsync<string>(select, new { importer.ProducerId }, ct);
        return new Sheet(lists, [.. titles.Select(Vietnamese.Fold)], await sql.SingleAsync<bool>(submits, new { importer.ProducerId }, ct), await SentPictures.LoadAsync(sql, import, ct), importer, offers, Vietnamese.Today(clock), t);
    }

    private sealed class Sheet(OfferLists lists, HashSet<string> titles, bool submits, SentPictures pictures, Importer importer, OfferDrafts offers, DateOnly today, Texts t) : IImportSheet
    {
        private static readonly Dictionary<string, string> Units = new (string Unit, string Words)[]
        {
            ("kg", "kg kilogram ky ki can"), ("bunch", "bo nai buong"), ("box", "hop thung sot khay ket box"), ("bag", "tui bich bag"), ("piece", "san pham cai chiec goi chai lo hu qua con chau vi binh piece"),
        }.SelectMany(u => u.Words.Split(' ').Append(Vietnamese.Fold(SaleUnit.Label(u.Unit))).Select(word => (Word: word, u.Unit))).DistinctBy(u => u.Word).ToDictionary(u => u.Word, u => u.Unit, StringComparer.Ordinal);

        private readonly Dictionary<string, string> specialities = ImportKinds.ByName(lists.Specialities.Select(s => (s.Slug, s.Name, s.NameEn)));
        private readonly Dictionary<string, string> categories = ImportKinds.ByName(lists.Categories.Select(c => (c.Slug, c.Name, c.NameEn)));
        private readonly Dictionary<string, string> places = ImportKinds.ByName(lists.Places.Select(p => (p.Id.ToString(), p.Name, p.CommuneName)));

        public IReadOnlyList<string> Choices(string field) => field switch
        {
            nameof(OfferText.Speciality) => [.. lists.Specialities.Where(s => s.SaleOnlineAllowed).Select(s => s.Name)],
            nameof(OfferText.Category) => [.. lists.Categories.Select(c => c.Name)],
            nameof(OfferText.Place) => ImportKinds.Places(lists.Places.Select(p => p.Name)),
            nameof(OfferText.SaleUnit) => [.. SaleUnit.Offered.Select(u => u.Label)],
            _ => [],
        };

        public RowReading Read(IReadOnlyDictionary<string, string> cells)
        {
            var faults = new List<CellFault>();
            var text = Text(cells, faults);
            var offer = new OfferReading(text, lists, today, t);
            foreach (var fault in offer.Faults.Where(f => !faults.Exists(own => own.Field == f.Field || (own.Field == nameof(OfferText.Speciality) && f.Field == nameof(OfferText.Category)))))
                faults.Add(new(fault.Field, fault.Message, Suggestion(fault.Field, cells.Of(fault.Field))));
            if (faults.Count > 0)
                return new(null, [cells.Of(nameof(OfferText.Name)), "", "", "", ""], faults) { PictureIds = text.Pictures! };
            var key = Vietnamese.Fold(offer.Title);
            if (titles.Contains(key))
                faults.Add(new(nameof(OfferText.Name), t["Cơ sở đã có tin “{0}”. Nếu là hàng khác, hãy đặt tên khác.", offer.Title]));
            var unit = SaleUnit.Of(1, offer.Unit!, offer.Title, t);
            return new(key, [offer.Title, t["{0} một {1}", Vietnamese.Money(offer.PriceVnd!.Value), unit], $"{Vietnamese.Number(offer.QuantityBase!.Value / offer.BasePerUnit)} {unit}", Vietnamese.Date(offer.HarvestedOn!.Value), Vietnamese.Number(text.Pictures!.Length)], faults) { PictureIds = text.Pictures };
        }

        public async Task<(string Made, string? Beside)?> SaveAsync(Tx tx, IReadOnlyDictionary<string, string> cells)
        {
            var offer = new OfferReading(Text(cells, []), lists, today, t).Offer!;
            return await offers.MakeAsync(tx, importer.ProducerId, offer, submits, importer.MemberId, importer.Actor) is var (listing, lot) ? (listing, lot) : null;
        }

        public Task<Said?> TakeBackAsync(Tx tx, string made, string? beside, DateTimeOffset madeAt) => offers.TakeBackAsync(tx, made, beside!, madeAt, importer.MemberId, importer.Actor);

        /// <summary>As the pages would have been filled in: names become the choices that they name.</summary>
        private OfferText Text(IReadOnlyDictionary<string, string> cells, List<CellFault> faults)
        {
            var name = cells.Of(nameof(OfferText.Name));
            var (unit, content) = Unit(cells, faults);
            var said = new OfferText
            {
                Name = name,
                Pictures = pictures.Of(cells.Of(SentPictures.Field), name, faults, t),
                Speciality = Speciality(cells.Of(nameof(OfferText.Speciality)), name, faults),
                Category = Chosen(nameof(OfferText.Category), cells, categories, faults),
                HarvestedOn = Suggest.SerialDay(cells.Of(nameof(OfferText.HarvestedOn))) ?? cells.Of(nameof(OfferText.HarvestedOn)),
                Place = Place(cells, faults),
                SaleUnit = unit,
                Content = content,
                Quantity = cells.Of(nameof(OfferText.Quantity)),
                Price = cells.Of(nameof(OfferText.Price)),
                Alcohol = cells.Of(nameof(OfferText.Alcohol)),
                Months = Season(cells.Of(nameof(OfferText.Months)), faults),
                Description = cells.Of(nameof(OfferText.Description)),
                Ingredients = cells.Of(nameof(OfferText.Ingredients)),
                MaxUnits = cells.Of(nameof(OfferText.MaxUnits)),
                GrossWeight = cells.Of(nameof(OfferText.GrossWeight)),
                Size = cells.Of(nameof(OfferText.Size)),
            };
            return OfferPrefill.Add(new OfferText(), said, lists);
        }

        private string Speciality(string typed, string name, List<CellFault> faults)
        {
            var found = specialities.GetValueOrDefault(Vietnamese.Fold(typed.Length > 0 ? typed : name));
            if (found is not null || typed.Length == 0)
                return found ?? OfferText.NotListed;
            faults.Add(new(nameof(OfferText.Speciality), t["Danh sách đặc sản không có “{0}”. Không phải đặc sản thì để trống.", typed], Nearest.Choice(typed, Choices(nameof(OfferText.Speciality))) ?? ""));
            return OfferText.NotListed;
        }

        /// <summary>Nobody guesses of a whole file in which growing area its goods grew: what names none is of the producer's own place.</summary>
        private string? Place(IReadOnlyDictionary<string, string> cells, List<CellFault> faults)
        {
            var typed = cells.Of(nameof(OfferText.Place));
            if (typed.Length == 0 || ImportKinds.IsOwnPlace(typed))
                return OfferText.OwnPlace;
            return Chosen(nameof(OfferText.Place), cells, places, faults);
        }

        private string? Chosen(string field, IReadOnlyDictionary<string, string> cells, Dictionary<string, string> among, List<CellFault> faults)
        {
            var typed = cells.Of(field);
            var found = typed.Length == 0 ? null : among.GetValueOrDefault(Vietnamese.Fold(typed));
            if (found is null && typed.Length > 0)
                faults.Add(new(field, t["Danh sách không có “{0}”.", typed], Nearest.Choice(typed, Choices(field))));
            return found;
        }

        /// <summary>The unit and what one weighs; "hộp 5 kg" says both.</summary>
        private (string? Unit, string Content) Unit(IReadOnlyDictionary<string, string> cells, List<CellFault> faults)
        {
            var (typed, content) = (Vietnamese.Fold(cells.Of(nameof(OfferText.SaleUnit))), cells.Of(nameof(OfferText.Content)));
            if (typed.Length == 0)
                return (null, content);
            if (Units.TryGetValue(typed, out var unit))
                return (unit, content);
            var word = Units.Keys.Where(w => typed.StartsWith(w + " ", StringComparison.Ordinal)).MaxBy(w => w.Length);
            if (word is not null && Vietnamese.ParseWeight(typed[word.Length..]) is not null)
                return (Units[word], content.Length > 0 ? content : typed[word.Length..].Trim());
            faults.Add(new(nameof(OfferText.SaleUnit), t["Đơn vị bán là kg, bó, hộp, túi hoặc sản phẩm."], word is null ? Nearest.Choice(typed, Choices(nameof(OfferText.SaleUnit))) : SaleUnit.Label(Units[word])));
            return ("kg", content);
        }

        private int[] Season(string typed, List<CellFault> faults)
        {
            if (Months.Parse(typed) is { } months)
                return months;
            // "5-7" is a day to a spreadsheet.
            var day = Vietnamese.ParseDate(typed, today);
            faults.Add(new(nameof(OfferText.Months), t["Hãy ghi tháng từ 1 đến 12, ví dụ 5-7 hoặc 10-2."], day is null ? Months.Near(typed) : $"{day.Value.Day}-{day.Value.Month}"));
            return [];
        }

        private string? Suggestion(string field, string typed) => typed.Length == 0 ? null : field switch
        {
            nameof(OfferText.Price) => Suggest.Money(typed, 1000),
            nameof(OfferText.HarvestedOn) => Suggest.Day(typed, today),
            nameof(OfferText.Quantity) or nameof(OfferText.Content) => Suggest.Amount(typed) is { } amount && amount != typed ? amount : null,
            nameof(OfferText.Name) when typed.Length > 120 => typed[..120].Trim(),
            _ => null,
        };
    }
}
