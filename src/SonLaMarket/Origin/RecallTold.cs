using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Origin;

/// <summary>Tells every producer whose lots a recall reaches, by all ways to them, whoever opened it: the buyers wait for their call.</summary>
public sealed class RecallTold(Db db, Messages messages, SiteOptions site) : IHandle<RecallOpened>
{
    /// <summary>The values are the recall's number, the lots, and the page of the first of them.</summary>
    public static readonly Notice Opened = new("recall-opened", "Thu hồi {0}: lô {1}", "SonLaMarket: lô {1} của cơ sở bị thu hồi ({0}). Ngừng giao, giữ riêng hàng còn lại và gọi người mua.", "Lý do và việc cần làm: {2}");

    public async Task HandleAsync(RecallOpened message, CancellationToken ct)
    {
        const string reached = """
            select p.id, p.phone, p.email, r.number, string_agg(l.code, ', ' order by l.id) as lots, min(l.code) as first
            from origin.recall r join origin.recall_lot x on x.recall_id = r.id join origin.lot l on l.id = x.lot_id join producers.producer p on p.id = l.producer_id
            where r.id = @RecallId and l.id = any(@LotIds) group by p.id, r.number order by p.id
            """;
        await using var tx = await db.BeginAsync(ct);
        foreach (var p in await tx.QueryAsync<Reached>(reached, new { message.RecallId, message.LotIds }, ct))
        {
            var contacts = new[] { p.Phone, p.Email }.Where(c => !string.IsNullOrEmpty(c)).Select(c => new Contact(c!));
            await messages.TellAsync(tx, contacts, Texts.Vi, Opened, $"{p.Number}:{p.Id}", p.Number, p.Lots, site.Absolute("/quan-ly/lo/" + p.First));
        }
        await tx.CommitAsync(CancellationToken.None);
    }

    private sealed record Reached(long Id, string? Phone, string? Email, string Number, string Lots, string First);
}
