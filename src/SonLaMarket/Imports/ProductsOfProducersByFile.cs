using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Producers;

namespace SonLaMarket.Imports;

/// <summary>
/// Products of producers that operators brought in and for whom nobody works yet, a row each, as the office's list has them. Price, lot and day of harvest are not in it: they are their seller's
/// word. Whoever takes the producer over finds the products, and prices them.
/// </summary>
public sealed class ProductsOfProducersByFile(Products products, IHostEnvironment environment, Texts t) : IImportKind
{
    private const string Producer = "Producer";

    public string Word => "office-products";

    public string Label => "Sản phẩm của các cơ sở";

    public bool Office => true;

    public string ListPath => Importer.Operators;

    public IReadOnlyList<string> PreviewHeadings => ["Sản phẩm", "Cơ sở", "Nhóm hàng", "Tính lượng theo", "Mã GTIN"];

    public IReadOnlyList<ImportColumn> Columns { get; } =
    [
        .. ProductsByFile.Own[..1],
        new(Producer, "Cơ sở", true, "Hợp tác xã Nông nghiệp A", "Tên như khi nhập cơ sở, chưa có người nhận. Hai cơ sở trùng tên: ghi thêm xã sau dấu phẩy.", "ten co so", "don vi", "ten don vi", "co so san xuat", "nha san xuat", "hop tac xa", "htx", "chu the", "producer"),
        .. ProductsByFile.Own[1..],
    ];

    private sealed record Owner(long Id, string Name, string Commune)
    {
        public string Full => $"{Name}, {Commune}";
    }

    public async Task<IImportSheet> OpenAsync(Sql sql, Importer importer, Guid? import, CancellationToken ct)
    {
        const string unowned = """
            select p.id, p.name, c.full_name as commune from producers.producer p join foundation.commune c on c.code = p.commune_code
            where p.status = 'draft' and not exists (select 1 from producers.acting a where a.producer_id = p.id) order by p.name collate "vi-x-icu", p.id
            """;
        const string names = "select r.producer_id, r.name from producers.product r join producers.producer p on p.id = r.producer_id where p.status = 'draft' and r.taken_back_at is null";
        var rules = await ProductRules.LoadAsync(sql, 0, environment.IsProduction(), ct);
        return new Sheet(rules, await sql.QueryAsync<Owner>(unowned, ct: ct), (await sql.QueryAsync<(long Owner, string Name)>(names, ct: ct)).ToLookup(n => n.Owner, n => Vietnamese.Fold(n.Name)),
            [.. await sql.QueryAsync<string>("select gtin from producers.product where gtin is not null", ct: ct)], await SentPictures.LoadAsync(sql, import, ct), importer, products, t);
    }

    private sealed class Sheet(ProductRules rules, List<Owner> owners, ILookup<long, string> names, HashSet<string> gtins, SentPictures pictures, Importer importer, Products products, Texts t) : IImportSheet
    {
        private readonly ILookup<string, Owner> byName = owners.SelectMany(o => new[] { o.Name, o.Full }.Select(n => (Name: Vietnamese.Fold(n), Owner: o))).ToLookup(n => n.Name, n => n.Owner, StringComparer.Ordinal);
        private readonly Dictionary<long, ProductsByFile.Sheet> sheets = [];

        public IReadOnlyList<string> Choices(string field) => field == Producer ? [.. owners.Select(o => byName[Vietnamese.Fold(o.Name)].Count() == 1 ? o.Name : o.Full)] : Of(0).Choices(field);

        public RowReading Read(IReadOnlyDictionary<string, string> cells)
        {
            var found = byName[Vietnamese.Fold(cells.Of(Producer))].ToList();
            var owner = found is [var one] ? one : null;
            var reading = Of(owner?.Id ?? 0).Read(cells);
            if (owner is null)
                reading.Faults.Insert(0, new(Producer, found.Count > 1 ? t["Có {0} cơ sở cùng tên này. Hãy ghi thêm xã.", found.Count] : t["Không có cơ sở tên này chờ người nhận. Hãy nhập cơ sở trước."], found.Count > 1 ? found[0].Full : Nearest.Choice(cells.Of(Producer), Choices(Producer))));
            string[] preview = [reading.Preview[0], owner?.Name ?? cells.Of(Producer), .. reading.Preview[1..4]];
            return reading with { Preview = preview, Key = owner is null || reading.Key is null ? null : cells.Of(nameof(ProductText.Gtin)).Length > 0 ? reading.Key : $"{owner.Id}|{reading.Key}" };
        }

        public async Task<(string Made, string? Beside)?> SaveAsync(Tx tx, IReadOnlyDictionary<string, string> cells) =>
            byName[Vietnamese.Fold(cells.Of(Producer))].ToList() is [var owner] ? await Of(owner.Id).SaveAsync(tx, cells) : null;

        public async Task<Said?> TakeBackAsync(Tx tx, string made, string? beside, DateTimeOffset madeAt) =>
            !await ProductsByFile.Sheet.IsBuiltOnAsync(tx, made, madeAt) && await products.TakeBackAsync(tx, made, null, importer.Actor) ? null : new Said("Cơ sở đã có chủ, hoặc đã được sửa.");

        private ProductsByFile.Sheet Of(long producer) => sheets.TryGetValue(producer, out var known) ? known : sheets[producer] = new(rules, [.. names[producer]], gtins, pictures, producer, importer, products, t);
    }
}
