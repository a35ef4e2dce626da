using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Orders.Delivery;

/// <summary>How a new seller delivers and is paid, on one short page: the usual fees, days to get ready, cash or not. The table of fees waits for whoever wants it.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/giao-hang/bat-dau")]
public sealed class StartController(ProducerRegister producers, DeliveryFees fees, Db db, Texts t) : PageController(t)
{
    /// <summary>What is usual for cash on delivery where nobody said otherwise.</summary>
    private const long UsualCodLimitVnd = 3_000_000;

    [HttpGet("")]
    public async Task<IActionResult> Edit(CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);
        var page = await PageAsync(producer.Id, ct);
        return View("Start", page with { Form = StartForm.Of(page.Table.Terms) });
    }

    [HttpPost("")]
    public async Task<IActionResult> Update(StartForm form, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        var page = await PageAsync(producer.Id, ct);
        if (!ModelState.IsValid)
            return Invalid("Start", page with { Form = form });
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var table = await DeliveryFees.LockAsync(tx, producer.Id);
        var terms = table.Terms;
        if (Request.IsOutdated(StartForm.Of(terms)))
            return ChangedMeanwhile("Start", page with { Form = form, Table = table }, form, StartForm.Of(terms), (field, _) => field == nameof(form.Cod) ? terms.CodLimitVnd > 0 ? T["Có"] : T["Không"] : null);
        await fees.SaveAsync(tx, producer.Id, terms with { ReadyDays = form.ReadyDays!.Value, CodLimitVnd = !form.Cod ? 0 : terms.CodLimitVnd > 0 ? terms.CodLimitVnd : UsualCodLimitVnd }, table.Rates, User.As(Roles.Seller));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(producer.Version == 0 ? "/quan-ly/ho-so" : "/quan-ly/giao-hang", form.Cod || page.Terminal ? T["Đã lưu cách giao hàng và nhận tiền."] : T["Đã lưu. Còn thiếu cách nhận tiền: tiền mặt khi giao hoặc cổng VNPAY."]);
    }

    private async Task<StartPage> PageAsync(long producerId, CancellationToken ct) => new(
        new StartForm(), (await DeliveryFees.OfAsync(db, [producerId], ct))[producerId],
        await db.SingleAsync<bool>("select exists (select 1 from payments.terminal where producer_id = @producerId and active)", new { producerId }, ct));
}

public sealed record StartForm
{
    [Required(ErrorMessage = "Hãy nhập số ngày.")]
    [Range(0, 30, ErrorMessage = "Số ngày từ 0 đến 30.")]
    public int? ReadyDays { get; init; }

    public bool Cod { get; init; }

    internal static StartForm Of(DeliveryTerms terms) => new() { ReadyDays = terms.ReadyDays, Cod = terms.CodLimitVnd > 0 };
}

public sealed record StartPage(StartForm Form, DeliveryTable Table, bool Terminal);
