using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Catalog.Manage;

/// <summary>How much of a lot is for sale.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/ton-kho/{code}")]
public sealed class StockController(Stock stock, Lots lots, Db db, Texts t) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Edit(string code, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var row = await RowAsync(lot, ct);
        return View("Stock", new StockPage(new StockForm { Supplied = Shown(row?.Supplied ?? lot.QuantityBase, lot) }, lot, row));
    }

    [HttpPost("")]
    public async Task<IActionResult> Update(string code, StockForm form, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var page = new StockPage(form, lot, await RowAsync(lot, ct));
        if (form.Supplied is { } q && lot.BaseUnit == "piece" && q != decimal.Truncate(q))
            ModelState.AddModelError(nameof(form.Supplied), T["Số lượng theo đơn vị phải là số nguyên."]);
        if (!ModelState.IsValid)
            return Invalid("Stock", page);
        var supplied = lot.BaseUnit == "g" ? (long)decimal.Round(form.Supplied!.Value * 1000m) : (long)form.Supplied!.Value;
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await stock.SupplyAsync(tx, code, supplied, User.Id(), User.As(Roles.Seller)))
        {
            ModelState.AddModelError(nameof(form.Supplied), T["Không được nhiều hơn lượng của lô ({0}), cũng không ít hơn lượng đã bán và đang giữ.", Quantity.Show(lot.QuantityBase, lot.BaseUnit, T)]);
            return Invalid("Stock", page);
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/ton-kho/{code}", T["Đã cập nhật tồn kho."]);
    }

    private static decimal Shown(long quantityBase, Lot lot) => lot.BaseUnit == "g" ? quantityBase / 1000m : quantityBase;

    private Task<StockRow?> RowAsync(Lot lot, CancellationToken ct) => db.FirstOrDefaultAsync<StockRow>("""
        select @Code as code, supplied, available, held, sold, @BaseUnit as base_unit, @Blocked as blocked from catalog.lot_stock where lot_id = @Id
        """, new { lot.Id, lot.Code, lot.BaseUnit, lot.Blocked }, ct);
}

public sealed record StockForm
{
    [Required(ErrorMessage = "Hãy nhập lượng đưa vào bán.")]
    [Range(0, 1_000_000, ErrorMessage = "Số lượng từ 0 đến 1.000.000.")]
    public decimal? Supplied { get; init; }
}

public sealed record StockPage(StockForm Form, Lot Lot, StockRow? Stock);
