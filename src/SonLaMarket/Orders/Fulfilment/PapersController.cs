using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Orders.Papers;

namespace SonLaMarket.Orders.Fulfilment;

/// <summary>Papers of parcels as PDF: the label to stick on, the slip to pack by. For one part, or for all that wait to be packed.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/don-hang")]
public sealed class PapersController(Db db, SiteOptions site) : Controller
{
    /// <summary>A morning's work; more are printed in a second round.</summary>
    private const int MostAtOnce = 50;

    [HttpGet("{code}/nhan.pdf")]
    public Task<IActionResult> Label(string code, CancellationToken ct) => FileAsync("nhan-" + code, [code], p => Task.FromResult(Labels(p)), ct);

    [HttpGet("{code}/phieu-dong-goi.pdf")]
    public Task<IActionResult> Slip(string code, CancellationToken ct) => FileAsync("phieu-dong-goi-" + code, [code], p => SlipsAsync(p, ct), ct);

    [HttpGet("nhan.pdf")]
    public async Task<IActionResult> AllLabels(CancellationToken ct) => await FileAsync("nhan", await ToPackAsync(ct), p => Task.FromResult(Labels(p)), ct);

    [HttpGet("phieu-dong-goi.pdf")]
    public async Task<IActionResult> AllSlips(CancellationToken ct) => await FileAsync("phieu-dong-goi", await ToPackAsync(ct), p => SlipsAsync(p, ct), ct);

    private byte[] Labels(List<Parcel> parcels) => ParcelLabel.Pdf(parcels, code => site.Absolute("/quan-ly/don-hang/" + code));

    private async Task<byte[]> SlipsAsync(List<Parcel> parcels, CancellationToken ct) => PackingSlip.Pdf(parcels, await Deadline.DaysAsync(db, Deadline.ToOpen, ct), lot => site.Absolute("/lo/" + lot));

    private async Task<IActionResult> FileAsync(string name, string[] codes, Func<List<Parcel>, Task<byte[]>> draw, CancellationToken ct)
    {
        var parcels = await Parcel.LoadAsync(db, codes, User.Id(), ct);
        return parcels.Count == 0 ? NotFound() : File(await draw(parcels), "application/pdf", name + ".pdf");
    }

    /// <summary>What is due first comes first.</summary>
    private async Task<string[]> ToPackAsync(CancellationToken ct)
    {
        const string select = $"""
            select s.code from orders.sub_order s join producers.acting m on m.producer_id = s.producer_id and m.person_id = @me
            where s.status = 'confirmed' and not {LineLots.Blocked} order by s.deliver_by, s.id limit @MostAtOnce
            """;
        return [.. await db.QueryAsync<string>(select, new { me = User.Id(), MostAtOnce }, ct)];
    }
}
