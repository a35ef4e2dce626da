using System.ComponentModel.DataAnnotations;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Producers;

namespace SonLaMarket.Imports;

/// <summary>
/// Producers that operators bring in, a row each, read as the page "Cơ sở của tôi" reads them. Each becomes a draft without anybody who works for it: its owner is
/// invited, looks it over and puts it before the Department. A file approves nobody, and who decides has not typed it.
/// </summary>
public sealed class ProducersByFile(ProducerRegister producers, IHostEnvironment environment, Texts t) : IImportKind
{
    public string Word => "producers";

    public string Label => "Cơ sở sản xuất";

    public bool Office => true;

    public string ListPath => Importer.Operators;

    public IReadOnlyList<string> PreviewHeadings => ["Cơ sở", "Loại cơ sở", "Xã, phường", "Điện thoại"];

    /// <summary>A household is called as its head.</summary>
    public string NameOf(IReadOnlyDictionary<string, string> cells) => cells.Of(nameof(ProducerText.Name)) is { Length: > 0 } name ? name : cells.Of(nameof(ProducerText.Representative));

    public IReadOnlyList<ImportColumn> Columns { get; } =
    [
        new(nameof(ProducerText.Name), "Tên cơ sở", true, "Ví dụ: Hợp tác xã Nông nghiệp A", "Từ 2 đến 160 ký tự. Hộ sản xuất bỏ trống thì ghi là “Hộ” và tên người đại diện.", "ten", "ten don vi", "co so", "don vi", "ten co so san xuat", "ten nha san xuat", "nha san xuat", "ten hop tac xa", "htx", "ten chu the", "chu the", "producer", "producer name"),
        new(nameof(ProducerText.Kind), "Loại cơ sở", true, "Hợp tác xã", "Chọn trong danh sách.", "loai", "loai hinh", "loai don vi", "hinh thuc", "kind"),
        new(nameof(ProducerText.Representative), "Người đại diện", true, "Họ và tên", "Họ và tên, dài nhất 120 ký tự.", "dai dien", "nguoi dai dien phap luat", "chu co so", "chu ho", "giam doc", "nguoi lien he", "ho va ten", "ho ten", "representative"),
        new(nameof(ProducerText.Phone), "Điện thoại", true, "0912 345 678", "Số di động của người đại diện: lời mời nhận cơ sở được gửi đến đây.", "so dien thoai", "so dt", "dt", "sdt", "dien thoai lien he", "mobile", "phone"),
        new(nameof(ProducerText.CommuneCode), "Xã, phường", true, "Phường Tô Hiệu", "Theo tên mới từ ngày 1/7/2025; chọn trong danh sách, hoặc ghi mã 5 số.", "xa", "phuong", "xa phuong", "ten xa", "dia ban", "ma xa", "commune"),
        new(nameof(ProducerText.AddressLine), "Bản, tiểu khu, số nhà", true, "Tiểu khu 1", "Dài nhất 200 ký tự.", "dia chi", "ban", "tieu khu", "thon", "thon ban", "to dan pho", "so nha", "address"),
        new(nameof(ProducerText.TaxCode), "Mã số thuế", false, "", "Hợp tác xã, doanh nghiệp: 10 số. Hộ và cá nhân: 12 số định danh, chưa có thì bỏ trống.", "mst", "ma so doanh nghiep", "ma so hop tac xa", "ma so dkkd", "so dinh danh", "tax code"),
        new(nameof(ProducerText.Email), "E-mail", false, "", "Không có thì để trống.", "email", "thu dien tu"),
        new(nameof(ProducerText.Postcode), "Mã bưu chính", false, "", "Có 5 chữ số.", "postcode"),
        new(nameof(ProducerText.DigitalAddress), "Mã địa chỉ số", false, "", "Dài nhất 40 ký tự.", "dia chi so"),
        new(nameof(ProducerText.Brand), "Thương hiệu", false, "", "Tên in trên bao bì, dài nhất 70 ký tự. Để trống: tên cơ sở.", "nhan hieu", "ten thuong hieu", "brand"),
        new(nameof(ProducerText.Lat), "Vĩ độ", false, "", "Ví dụ 21,3273", "vi do", "latitude", "lat"),
        new(nameof(ProducerText.Lon), "Kinh độ", false, "", "Ví dụ 103,9210", "kinh do", "longitude", "lon", "long"),
        new(About, "Giới thiệu", false, "", "Dài nhất 4.000 ký tự.", "mo ta", "thong tin", "gioi thieu co so", "about") { Lines = true },
    ];

    private const string About = "About";

    private const int LongestAbout = 4000;

    public async Task<IImportSheet> OpenAsync(Sql sql, Importer importer, Guid? import, CancellationToken ct)
    {
        var rules = await ProducerRules.LoadAsync(sql, !environment.IsProduction(), ct);
        var there = await sql.QueryAsync<(string Name, string Commune, string? TaxCode)>("select name, commune_code, tax_code from producers.producer", ct: ct);
        return new Sheet(rules, [.. there.Select(p => Key(p.Name, p.Commune))], [.. there.Select(p => p.TaxCode).OfType<string>()], importer, producers, t);
    }

    /// <summary>Two of the same name in the same commune are one.</summary>
    private static string Key(string name, string commune) => $"{Vietnamese.Fold(name)}|{commune}";

    private sealed class Sheet(ProducerRules rules, HashSet<string> there, HashSet<string> taxCodes, Importer importer, ProducerRegister producers, Texts t) : IImportSheet
    {
        private static readonly Dictionary<string, string> Kinds = new (string Kind, string[] Words)[]
        {
            (ProducerKind.Cooperative, ["htx", "hop tac xa", "lien hiep htx", "cooperative"]), (ProducerKind.Enterprise, ["dn", "doanh nghiep", "cong ty", "cty", "enterprise", "company"]),
            (ProducerKind.Household, ["ho", "ho gia dinh", "ho san xuat", "ho kinh doanh", "ca nhan", "household"]), (ProducerKind.HouseholdGroup, ["nhom ho", "nhom ho san xuat", "to hop tac", "tht", "group of households"]),
        }.SelectMany(k => k.Words.Select(w => (Word: w, k.Kind))).ToDictionary(k => k.Word, k => k.Kind, StringComparer.Ordinal);

        private static readonly string[] Labels = [.. ProducerKind.All.Select(k => k.Label)];

        private readonly ILookup<string, Commune> communes = rules.Communes.SelectMany(c => new[] { c.Code, c.FullName, c.Label, c.NameEn }.Select(Vietnamese.Fold).SelectMany(Names).Distinct().Select(name => (name, c))).ToLookup(p => p.name, p => p.c, StringComparer.Ordinal);

        private readonly ILookup<string, Commune> former = rules.Communes.SelectMany(c => c.Former.Split("; ", StringSplitOptions.RemoveEmptyEntries).SelectMany(f => Names(Vietnamese.Fold(f.Split(',')[0]))).Select(name => (Name: name, c))).ToLookup(p => p.Name, p => p.c, StringComparer.Ordinal);

        private readonly string[] labels = [.. rules.Communes.Select(c => c.Label)];

        public IReadOnlyList<string> Choices(string field) => field switch
        {
            nameof(ProducerText.Kind) => Labels,
            nameof(ProducerText.CommuneCode) => labels,
            _ => [],
        };

        public RowReading Read(IReadOnlyDictionary<string, string> cells)
        {
            var (form, faults) = Form(cells);
            if (faults.Count > 0)
                return new(null, [cells.Of(nameof(form.Name)), "", "", ""], faults);
            var draft = rules.Draft(form, "", []);
            var key = Key(draft.Name, draft.CommuneCode);
            if (draft.TaxCode is { } taxCode && taxCodes.Contains(taxCode))
                faults.Add(new(nameof(form.TaxCode), t["Mã số thuế này đã thuộc một cơ sở khác trên sàn."]));
            else if (there.Contains(key))
                faults.Add(new(nameof(form.Name), t["Sàn đã có cơ sở tên này ở xã, phường này."]));
            return new(draft.TaxCode ?? key, [draft.Name, t[ProducerKind.Label(draft.Kind)], rules.Communes.First(c => c.Code == draft.CommuneCode).Label, Vietnamese.ShowPhone(draft.Phone)], faults);
        }

        public async Task<(string Made, string? Beside)?> SaveAsync(Tx tx, IReadOnlyDictionary<string, string> cells) =>
            await producers.RegisterAsync(tx, rules.Draft(Form(cells).Form, cells.Of(About), []), importer.Actor) is { } slug ? (slug, null) : null;

        public async Task<Said?> TakeBackAsync(Tx tx, string made, string? beside, DateTimeOffset madeAt) =>
            await producers.UnregisterAsync(tx, made, madeAt, importer.Actor) ? null : new Said("Cơ sở đã có chủ, hoặc đã được sửa.");

        /// <summary>What the page's form would have sent, by the attributes of the form and the rules behind it.</summary>
        private (ProducerText Form, List<CellFault> Faults) Form(IReadOnlyDictionary<string, string> cells)
        {
            var faults = new List<CellFault>();
            string? Text(string field) => cells.Of(field) is { Length: > 0 } text ? text : null;
            var form = new ProducerText
            {
                Kind = Kind(cells, faults),
                Name = Text(nameof(ProducerText.Name)),
                TaxCode = Text(nameof(ProducerText.TaxCode)) is { } code ? Padded(code) : null,
                Representative = Text(nameof(ProducerText.Representative)),
                Phone = Text(nameof(ProducerText.Phone)),
                Email = Text(nameof(ProducerText.Email)),
                CommuneCode = OwnCommune(cells.Of(nameof(ProducerText.CommuneCode)), faults),
                AddressLine = Text(nameof(ProducerText.AddressLine)),
                Postcode = Text(nameof(ProducerText.Postcode)),
                DigitalAddress = Text(nameof(ProducerText.DigitalAddress)),
                Brand = Text(nameof(ProducerText.Brand)),
                Lat = Degrees(nameof(ProducerText.Lat), cells, faults),
                Lon = Degrees(nameof(ProducerText.Lon), cells, faults),
            };
            var results = new List<ValidationResult>();
            Validator.TryValidateObject(form, new ValidationContext(form), results, validateAllProperties: true);
            var said = results.SelectMany(r => r.MemberNames.Select(m => (Field: m, Message: t[r.ErrorMessage!]))).Concat(rules.Faults(form, t));
            foreach (var (field, message) in said.Where(s => !faults.Exists(f => f.Field == s.Field)).DistinctBy(s => s.Field).ToList())
                faults.Add(new(field, message, field == nameof(form.Kind) ? KindOf(cells.Of(nameof(form.Name))) : null));
            if (cells.Of(About).Length > LongestAbout)
                faults.Add(new(About, t["Phần giới thiệu dài nhất 4.000 ký tự."]));
            return (form, faults);
        }

        private string? Kind(IReadOnlyDictionary<string, string> cells, List<CellFault> faults)
        {
            var typed = cells.Of(nameof(ProducerText.Kind));
            var kind = Kinds.GetValueOrDefault(Vietnamese.Fold(typed));
            if (kind is null && typed.Length > 0)
                faults.Add(new(nameof(ProducerText.Kind), t["Danh sách không có “{0}”.", typed], Nearest.Choice(typed, Labels) ?? KindOf(cells.Of(nameof(ProducerText.Name)))));
            return kind;
        }

        /// <summary>"HTX Mường Giàng" says itself what it is.</summary>
        private static string? KindOf(string name)
        {
            var folded = Vietnamese.Fold(name) + " ";
            return Kinds.Where(k => folded.StartsWith(k.Key + " ", StringComparison.Ordinal)).OrderByDescending(k => k.Key.Length).Select(k => ProducerKind.Label(k.Value)).FirstOrDefault();
        }

        private string? OwnCommune(string typed, List<CellFault> faults)
        {
            if (typed.Length == 0)
                return null;
            var found = Named(communes, typed);
            if (found.Count == 1)
                return found[0].Code;
            var once = found.Count == 0 ? Named(former, typed) : [];
            var message = found.Count > 1 ? t["Có {0} xã, phường cùng tên này.", found.Count] : once.Count > 0 ? t["“{0}” là tên cũ, nay thuộc {1}.", typed, string.Join("; ", once.Select(c => c.FullName))] : t["Danh sách không có “{0}”.", typed];
            faults.Add(new(nameof(ProducerText.CommuneCode), message, (found.Concat(once).FirstOrDefault() ?? Near(Vietnamese.Fold(typed)))?.Label));
            return null;
        }

        private Commune? Near(string name) => name.Length > 80 ? null : Nearest.Of(name, communes.Concat(former).SelectMany(g => g.Select(c => (g.Key, c))), Math.Max(1, name.Length / 4));

        /// <summary>"Xã Mường Sang, huyện Mộc Châu" is looked for as it stands, and by what stands before the comma.</summary>
        private static List<Commune> Named(ILookup<string, Commune> among, string typed)
        {
            return new[] { typed, typed.Split(',')[0].Trim() }.Select(Vietnamese.Fold).SelectMany(Names).Select(n => among[n].Distinct().ToList()).FirstOrDefault(f => f.Count > 0) ?? [];
        }

        /// <summary>With and without the word for what it is; folded.</summary>
        private static IEnumerable<string> Names(string name) => new[] { "xa ", "phuong ", "thi tran " }.FirstOrDefault(k => name.StartsWith(k, StringComparison.Ordinal)) is { } kind ? [name, name[kind.Length..]] : [name];

        /// <summary>A number that a spreadsheet took for one to count with has lost its zeros: filled up, it is a tax code again or is not.</summary>
        private static string Padded(string typed) =>
            typed.Length is 9 or 11 && Vietnamese.TaxCode("0" + typed) is { } whole ? whole : typed;

        private decimal? Degrees(string field, IReadOnlyDictionary<string, string> cells, List<CellFault> faults)
        {
            var typed = cells.Of(field);
            var degrees = Vietnamese.ParseQuantity(typed.Replace('.', ','));
            if (degrees is null && typed.Length > 0)
                faults.Add(new(field, t["Hãy nhập một số, ví dụ 12,5."]));
            return degrees;
        }
    }
}
