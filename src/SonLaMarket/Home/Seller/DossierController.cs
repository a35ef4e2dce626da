using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Home.Seller;

/// <summary>The seller's dossier: what is done, what is left, and sending it to the Department.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/ho-so")]
public sealed class DossierController(ProducerRegister producers, Listings listings, Db db, Texts t) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Show(CancellationToken ct) => View("Dossier", await LoadAsync(ct));

    /// <summary>The producer, and every listing that was never sent or was sent back, in one transaction.</summary>
    [HttpPost("gui-duyet")]
    public async Task<IActionResult> Submit(CancellationToken ct)
    {
        const string waiting = "select slug from catalog.listing where producer_id = @ProducerId and status in ('draft', 'returned') and public_version is null order by id";
        var dossier = await LoadAsync(ct);
        if (!dossier.Begun)
            return SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);
        if (dossier.TaxCodeMissing)
            return SeeOther("/quan-ly/co-so#TaxCode", T["Hợp tác xã và doanh nghiệp cần mã số thuế."]);
        if (!dossier.CanSubmit)
            return Conflict();
        var (me, actor, id) = (User.Id(), User.As(Roles.Seller), dossier.Facts.ProducerId!.Value);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await producers.SubmitAsync(tx, id, me, actor);
        foreach (var slug in await tx.QueryAsync<string>(waiting, new { dossier.Facts.ProducerId }, CancellationToken.None))
            await listings.SubmitAsync(tx, slug, me, actor);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly", T["Đã gửi duyệt. Trong lúc chờ, bạn vẫn soạn được sản phẩm, lô hàng và nhật ký."]);
    }

    private async Task<Dossier> LoadAsync(CancellationToken ct) => new(await db.SingleAsync<DossierFacts>(Dossier.Select, new { me = User.Id() }, ct));
}
