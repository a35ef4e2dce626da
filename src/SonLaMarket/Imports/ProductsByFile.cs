using System.ComponentModel.DataAnnotations;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Producers;

namespace SonLaMarket.Imports;

/// <summary>Products without an offer yet, a row each, read and stored as the page "Sản phẩm" does it.</summary>
public sealed class ProductsByFile(Products products, IHostEnvironment environment, Texts t) : IImportKind
{
    public string Word => "products";

    public string Label => "Sản phẩm chưa đăng bán";

    public string ListPath => "/quan-ly/san-pham";

    public IReadOnlyList<string> PreviewHeadings => ["Sản phẩm", "Nhóm hàng", "Tính lượng theo", "Mã GTIN", "Ảnh"];

    public IReadOnlyList<ImportColumn> Columns => Own;

    internal static readonly ImportColumn[] Own =
    [
        new(nameof(ProductText.Name), "Tên sản phẩm", true, "Ví dụ: Mận hậu", "Từ 2 đến 160 ký tự.", "ten", "san pham", "product name"),
        new(nameof(ProductText.NameEn), "Tên tiếng Anh", false, "", "Cho trang tiếng Anh.", "english name"),
        new(nameof(ProductText.CategorySlug), "Nhóm sản phẩm", true, "Trái cây tươi", "Chọn trong danh sách.", "nhom hang", "nhom", "danh muc", "loai hang", "category"),
        new(nameof(ProductText.SpecialitySlug), "Đặc sản", false, "Mận hậu", "Chọn trong danh sách nếu hàng là một đặc sản của Sơn La; không có thì để trống.", "dac san"),
        new(nameof(ProductText.BaseUnit), "Tính lượng theo", true, "cân", "Ghi “cân” nếu bán theo kg; “cái” nếu theo gói, chai, hộp, quả.", "cach tinh luong", "tinh theo", "base unit"),
        new(nameof(ProductText.NetWeightG), "Khối lượng tịnh (gam)", false, "", "Một cái nặng bao nhiêu gam; chỉ khi tính theo cái.", "khoi luong tinh", "khoi luong", "trong luong", "net weight"),
        new(nameof(ProductText.Gtin), "Mã GTIN", false, "", "Mã vạch GS1, 8 đến 14 số. Chưa có thì để trống.", "gtin", "ma vach", "barcode"),
        new(nameof(ProductText.Brand), "Nhãn hiệu", false, "", "Tên thương mại in trên bao bì, nếu có.", "thuong hieu", "brand"),
        new(nameof(ProductText.Model), "Loại, mã hiệu", false, "", "Ví dụ: loại 1, mã SL-01.", "ma hieu", "kieu loai", "model"),
        new(nameof(ProductText.AlcoholPercent), "Độ cồn", false, "", "Chỉ với rượu, bia: độ cồn, dưới 15.", "nong do con", "do ruou"),
        new(nameof(ProductText.Storage), "Cách bảo quản", false, "Nơi thoáng mát", "Dài nhất 300 ký tự.", "bao quan", "storage"),
        new(nameof(ProductText.Ingredients), "Thành phần", false, "", "Như ghi trên nhãn, dài nhất 2.000 ký tự.", "nguyen lieu", "ingredients", "product ingredients") { Lines = true },
        new(nameof(ProductText.Description), "Giới thiệu", false, "", "Giới thiệu hàng, dài nhất 5.000 ký tự.", "mo ta", "thong tin", "about") { Lines = true },
        SentPictures.Column,
    ];

    public async Task<IImportSheet> OpenAsync(Sql sql, Importer importer, Guid? import, CancellationToken ct)
    {
        const string own = "select name, gtin from producers.product where producer_id = @ProducerId and taken_back_at is null";
        const string gtins = "select gtin from producers.product where gtin is not null";
        var rules = await ProductRules.LoadAsync(sql, importer.ProducerId, environment.IsProduction(), ct);
        var names = await sql.QueryAsync<(string Name, string? Gtin)>(own, new { importer.ProducerId }, ct);
        return new Sheet(rules, [.. names.Select(n => Vietnamese.Fold(n.Name))], [.. await sql.QueryAsync<string>(gtins, ct: ct)], await SentPictures.LoadAsync(sql, import, ct), importer.ProducerId, importer, products, t);
    }

    /// <summary>Rows of one producer.</summary>
    internal sealed class Sheet(ProductRules rules, HashSet<string> names, HashSet<string> gtins, SentPictures pictures, long producerId, Importer importer, Products products, Texts t) : IImportSheet
    {
        private static readonly string[] ByWeight = ["can", "kg", "g", "theo can", "theo kg"];
        private static readonly string[] ByPiece = ["cai", "bo", "hop", "goi", "chai", "qua", "san pham", "piece", "theo cai"];
        private readonly HashSet<string> parents = [.. rules.Categories.Select(c => c.ParentSlug).OfType<string>()];

        private readonly Dictionary<string, string> specialities = ImportKinds.ByName(rules.Specialities.Select(s => (s.Slug, s.Name, s.NameEn)));
        private readonly Dictionary<string, string> categories = ImportKinds.ByName(rules.Categories.Where(c => rules.Categories.All(x => x.ParentSlug != c.Slug)).Select(c => (c.Slug, c.Name, c.NameEn)));

        private IEnumerable<Category> Leaves => rules.Categories.Where(c => !parents.Contains(c.Slug));

        public IReadOnlyList<string> Choices(string field) => field switch
        {
            nameof(ProductText.CategorySlug) => [.. Leaves.Select(c => c.Name)],
            nameof(ProductText.SpecialitySlug) => [.. rules.Specialities.Where(s => s.SaleOnlineAllowed).Select(s => s.Name)],
            nameof(ProductText.BaseUnit) => ["cân", "cái"],
            _ => [],
        };

        public RowReading Read(IReadOnlyDictionary<string, string> cells)
        {
            var (form, sent, faults) = Form(cells);
            if (faults.Count > 0)
                return new(null, [cells.Of(nameof(form.Name)), "", "", "", ""], faults) { PictureIds = sent };
            if (names.Contains(Vietnamese.Fold(form.Name!)))
                faults.Add(new(nameof(form.Name), t["Cơ sở đã có sản phẩm “{0}”. Nếu là hàng khác, hãy đặt tên khác.", form.Name]));
            var gtin = ProductRules.ReadGtin(form.Gtin)?.ToString();
            if (gtin is not null && gtins.Contains(gtin))
                faults.Add(new(nameof(form.Gtin), t["Mã GTIN này đã dùng cho một sản phẩm khác."]));
            return new(gtin ?? Vietnamese.Fold(form.Name!), [form.Name!, Leaves.First(c => c.Slug == form.CategorySlug).Name, form.BaseUnit == "g" ? t["cân"] : t["cái"], gtin ?? "", Vietnamese.Number(sent.Length)], faults) { PictureIds = sent };
        }

        public async Task<(string Made, string? Beside)?> SaveAsync(Tx tx, IReadOnlyDictionary<string, string> cells) =>
            Form(cells) is var (form, sent, _) && await products.AddAsync(tx, producerId, form.Draft(sent), importer.Actor) is { } code ? (code, null) : null;

        public async Task<Said?> TakeBackAsync(Tx tx, string made, string? beside, DateTimeOffset madeAt)
        {
            if (await IsBuiltOnAsync(tx, made, madeAt))
                return new Said("Sản phẩm đã được sửa, hoặc đã có lô hay tin đăng.");
            await products.TakeBackAsync(tx, made, importer.MemberId, importer.Actor);
            return null;
        }

        /// <summary>It was changed since, or something stands on it.</summary>
        internal static Task<bool> IsBuiltOnAsync(Tx tx, string made, DateTimeOffset madeAt) => tx.FirstOrDefaultAsync<bool>("""
            select p.changed_at > @madeAt or exists (select 1 from origin.lot l where l.product_id = p.id) or exists (select 1 from catalog.listing l where l.product_id = p.id)
            from producers.product p where p.code = @made for update of p
            """, new { made, madeAt });

        /// <summary>What the page's form would have sent, by the attributes of the form and the rules behind it.</summary>
        private (ProductText Form, Guid[] Pictures, List<CellFault> Faults) Form(IReadOnlyDictionary<string, string> cells)
        {
            var faults = new List<CellFault>();
            string? Text(string field) => cells.Of(field) is { Length: > 0 } text ? text : null;
            var unit = Vietnamese.Fold(cells.Of(nameof(ProductText.BaseUnit)));
            var form = new ProductText
            {
                Name = Text(nameof(ProductText.Name)),
                NameEn = Text(nameof(ProductText.NameEn)),
                CategorySlug = Chosen(nameof(ProductText.CategorySlug), cells, categories, faults),
                SpecialitySlug = Chosen(nameof(ProductText.SpecialitySlug), cells, specialities, faults),
                BaseUnit = ByWeight.Contains(unit) ? "g" : ByPiece.Contains(unit) ? "piece" : null,
                NetWeightG = Grams(nameof(ProductText.NetWeightG), cells, faults),
                Gtin = Text(nameof(ProductText.Gtin)) is { } gtin ? Padded(gtin) : null,
                AlcoholPercent = Number(nameof(ProductText.AlcoholPercent), cells, faults),
                Storage = Text(nameof(ProductText.Storage)),
                Brand = Text(nameof(ProductText.Brand)),
                Model = Text(nameof(ProductText.Model)),
                Description = Text(nameof(ProductText.Description)),
                Ingredients = Text(nameof(ProductText.Ingredients)),
            };
            var results = new List<ValidationResult>();
            Validator.TryValidateObject(form, new ValidationContext(form), results, validateAllProperties: true);
            var said = results.SelectMany(r => r.MemberNames.Select(m => (Field: m, Message: t[r.ErrorMessage!]))).Concat(rules.Faults(form, t));
            foreach (var (field, message) in said.Where(s => !faults.Exists(f => f.Field == s.Field)).DistinctBy(s => s.Field).ToList())
                faults.Add(new(field, message, Suggestion(field, cells.Of(field))));
            return (form, pictures.Of(cells.Of(SentPictures.Field), form.Name ?? "", faults, t), faults);
        }

        /// <summary>A barcode that a spreadsheet took for a number has lost its zeros: filled up, it is one again or is not.</summary>
        private static string Padded(string typed) =>
            ProductRules.ReadGtin(typed) is null && new[] { 8, 12, 13, 14 }.Where(l => l > typed.Length).Select(l => typed.PadLeft(l, '0')).FirstOrDefault(g => ProductRules.ReadGtin(g) is not null) is { } whole ? whole : typed;

        private string? Suggestion(string field, string typed) => typed.Length > 0 && Choices(field) is { Count: > 0 } choices ? Nearest.Choice(typed, choices) : null;

        private long? Grams(string field, IReadOnlyDictionary<string, string> cells, List<CellFault> faults)
        {
            var typed = cells.Of(field);
            var grams = Vietnamese.ParseGrams(typed);
            if (grams is null && typed.Length > 0)
                faults.Add(new(field, t["Hãy nhập khối lượng, ví dụ 500 g hoặc 1,2 kg."], Suggest.Amount(typed)));
            return grams;
        }

        private decimal? Number(string field, IReadOnlyDictionary<string, string> cells, List<CellFault> faults)
        {
            var typed = cells.Of(field);
            var number = Vietnamese.ParseQuantity(typed);
            if (number is null && typed.Length > 0)
                faults.Add(new(field, t["Hãy nhập một số, ví dụ 12,5."], Suggest.Amount(typed)));
            return number;
        }

        private string? Chosen(string field, IReadOnlyDictionary<string, string> cells, Dictionary<string, string> among, List<CellFault> faults)
        {
            var typed = cells.Of(field);
            var found = typed.Length == 0 ? null : among.GetValueOrDefault(Vietnamese.Fold(typed));
            if (found is null && typed.Length > 0)
                faults.Add(new(field, t["Danh sách không có “{0}”.", typed], Nearest.Choice(typed, Choices(field))));
            return found;
        }
    }
}
