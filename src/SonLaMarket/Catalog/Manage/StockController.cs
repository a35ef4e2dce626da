using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Catalog.Manage;

/// <summary>How much of each lot is for sale, where the rest is, and every change of it.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/ton-kho")]
public sealed class StockController(Stock stock, Lots lots, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const int Take = 30;

    [HttpGet("")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct)
    {
        const string select = $"""
            select o.id, o.code, p.name as product_name, o.harvested_on, o.best_before, s.supplied, s.available, s.held, s.sold, s.written_off, o.base_unit, {LotOffers.Piece} as piece,
              exists (select 1 from origin.lot_block b where b.lot_id = o.id and b.lifted_at is null) as blocked
            from producers.acting m join producers.product p on p.producer_id = m.producer_id join catalog.lot_stock s on s.product_id = p.id join origin.lot o on o.id = s.lot_id
            where m.person_id = @me and o.taken_back_at is null and (@before::bigint is null or o.id < @before) order by o.id desc limit @limit
            """;
        long? before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        var rows = await db.QueryAsync<LotRow>(select, new { me = User.Id(), before, limit = Take + 1 }, ct);
        return View("Lots", new LotList(Page<LotRow>.Of(rows, Take, l => Cursor.Of(l.Id.ToString(CultureInfo.InvariantCulture))), Vietnamese.Today(clock)));
    }

    [HttpGet("{code}")]
    public async Task<IActionResult> Edit(string code, string? sau, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var page = await PageAsync(lot, sau, ct);
        return View("Stock", page with { Form = page.Stored });
    }

    [HttpPost("{code}")]
    public async Task<IActionResult> Update(string code, StockForm form, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var supplied = Base(form.Supplied, nameof(form.Supplied), lot);
        if (!ModelState.IsValid)
            return Invalid("Stock", await PageAsync(lot, null, ct) with { Form = form });
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await Stock.LockSuppliedAsync(tx, lot.Id) is var now && StockForm.Of(now, lot) is var stored && Request.IsOutdated(stored))
            return ChangedMeanwhile("Stock", await PageAsync(lot, null, ct) with { Form = form }, form, stored);
        if (!await stock.SupplyAsync(tx, code, supplied, User.Id(), User.As(Roles.Seller)))
        {
            ModelState.AddModelError(nameof(form.Supplied), lot.Standing
                ? T["Lô chưa thu hoạch. Hãy ghi “Thu hoạch” vào nhật ký của lô, rồi đưa vào bán."]
                : T["Không được nhiều hơn lượng của lô ({0}), cũng không ít hơn lượng đã bán, đang giữ và đã hao hụt.", Quantity.Show(lot.QuantityBase, lot.BaseUnit, T, lot.Piece)]);
            return Invalid("Stock", await PageAsync(lot, null, ct) with { Form = form });
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/ton-kho/{code}", T["Đã cập nhật tồn kho."]);
    }

    [HttpPost("{code}/hao-hut")]
    [CreatesOnce]
    public async Task<IActionResult> WriteOff(string code, WriteOffForm form, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var gone = Base(form.Gone, nameof(form.Gone), lot);
        if (ModelState.IsValid && gone == 0)
            ModelState.AddModelError(nameof(form.Gone), T["Hãy nhập lượng hao hụt."]);
        if (ModelState.IsValid)
        {
            await using var tx = await db.BeginAsync(CancellationToken.None);
            if (await stock.WriteOffAsync(tx, code, gone, form.Reason!, Vietnamese.Clean(form.Note), User.Id(), User.As(Roles.Seller)))
            {
                await tx.CommitAsync(CancellationToken.None);
                return SeeOther($"/quan-ly/ton-kho/{code}", T["Đã ghi hao hụt {0}.", Quantity.Show(gone, lot.BaseUnit, T, lot.Piece)]);
            }
            ModelState.AddModelError(nameof(form.Gone), T["Lượng còn bán được của lô không nhiều như vậy."]);
        }
        var page = await PageAsync(lot, null, ct);
        return Invalid("Stock", page with { Form = page.Stored, WriteOff = form });
    }

    /// <summary>What was typed in base units; says beside the field what is wrong with it.</summary>
    private long Base(Kilograms? typed, string field, Lot lot)
    {
        if (typed is not { } quantity)
            return 0;
        var byWeight = lot.BaseUnit == "g";
        if (quantity.Value is < 0 or > 1_000_000)
            ModelState.AddModelError(field, T["Số lượng từ 0 đến 1.000.000."]);
        else if (!byWeight && quantity.UnitTyped)
            ModelState.AddModelError(field, T["Sản phẩm này tính theo cái, bó, hộp: hãy nhập số đơn vị, không phải khối lượng."]);
        else if (!byWeight && quantity.Value != decimal.Truncate(quantity.Value))
            ModelState.AddModelError(field, T["Số lượng theo đơn vị phải là số nguyên."]);
        else
            return byWeight ? quantity.Grams : (long)quantity.Value;
        return 0;
    }

    private Task<StockPage> PageAsync(Lot lot, string? sau, CancellationToken ct)
    {
        const string select = """
            select @Code as code, supplied, available, held, sold, written_off, @BaseUnit as base_unit, @Piece as piece, @Blocked as blocked from catalog.lot_stock where lot_id = @Id;

            select r.holder, sum(r.quantity_base)::bigint as quantity_base, min(r.created_at) as since, min(r.expires_at) as until
            from catalog.reservation r where r.lot_id = @Id and r.state = 'held' group by r.holder order by min(r.created_at) limit 50;

            select v.no, v.at, v.moved_for, v.note, n.name as person, v.supplied, v.available, v.held, v.sold, v.written_off, v.available_after
            from catalog.stock_movement v left join accounts.person n on n.id = v.person_id
            where v.lot_id = @Id and (@before::int is null or v.no < @before) order by v.no desc limit @limit;
            """;
        int? before = Cursor.Parse(sau, 1) is [var no] && int.TryParse(no, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return db.MultipleAsync(select, new { lot.Id, lot.Code, lot.BaseUnit, lot.Piece, lot.Blocked, before, limit = Take + 1 }, async grid => new StockPage(
            lot,
            await grid.ReadFirstOrDefaultAsync<StockRow>(),
            (await grid.ReadAsync<HoldRow>()).ToList(),
            Page<StockMovement>.Of((await grid.ReadAsync<StockMovement>()).ToList(), Take, v => Cursor.Of(v.No.ToString(CultureInfo.InvariantCulture)))), ct);
    }
}

public sealed record StockForm
{
    [Required(ErrorMessage = "Hãy nhập lượng đưa vào bán.")]
    public Kilograms? Supplied { get; init; }

    /// <param name="supplied">Null while nothing of the lot is for sale: all of it is offered.</param>
    internal static StockForm Of(long? supplied, Lot lot) =>
        new() { Supplied = new(lot.BaseUnit == "g" ? (supplied ?? lot.QuantityBase) / 1000m : supplied ?? lot.QuantityBase) };
}

public sealed record WriteOffForm
{
    [Required(ErrorMessage = "Hãy nhập lượng hao hụt.")]
    public Kilograms? Gone { get; init; }

    [Required(ErrorMessage = "Hãy chọn lý do.")]
    [AllowedValues("spoiled", "lost", "used", "destroyed", "season", ErrorMessage = "Hãy chọn lý do.")]
    public string? Reason { get; init; }

    [StringLength(300, ErrorMessage = "Ghi chú dài nhất 300 ký tự.")]
    public string? Note { get; init; }
}

/// <param name="Piece">What one piece was last sold as.</param>
public sealed record LotRow(long Id, string Code, string ProductName, DateOnly? HarvestedOn, DateOnly? BestBefore, long Supplied, long Available, long Held, long Sold, long WrittenOff, string BaseUnit, string? Piece, bool Blocked)
{
    /// <summary>A quantity of it, as people read it.</summary>
    public string Shown(long quantityBase, Texts t) => Quantity.Show(quantityBase, BaseUnit, t, Piece);
}

public sealed record LotList(Page<LotRow> Lots, DateOnly Today);

/// <summary>What an order keeps of a lot.</summary>
public sealed record HoldRow(string Holder, long QuantityBase, DateTimeOffset Since, DateTimeOffset? Until)
{
    public string? Order => StockHolder.Order(Holder);
}

/// <param name="Stock">Null while nothing of the lot is for sale.</param>
public sealed record StockPage(Lot Lot, StockRow? Stock, IReadOnlyList<HoldRow> Holds, Page<StockMovement> Movements)
{
    public StockForm Form { get; init; } = new();

    /// <summary>The form as it is stored.</summary>
    public StockForm Stored => StockForm.Of(Stock?.Supplied, Lot);

    public WriteOffForm WriteOff { get; init; } = new();
}
