using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Imports.Manage;

/// <summary>Operators' files: producers, as drafts; their owners are invited, and put them before the Department themselves.</summary>
[Authorize(Policy = Roles.Operator)]
[Route(Importer.Operators)]
public sealed class ProducerImportsController(ImportRegister imports, Members members, Messages messages, SiteOptions site, Db db, Texts t, TimeProvider clock) : ImportPages(imports, db, t, clock)
{
    private const int MostInvited = 200;

    /// <summary>Invites the owners of all that have none and wait for none, so many at once.</summary>
    [HttpPost("moi")]
    public async Task<IActionResult> Invite()
    {
        await using var tx = await Db.BeginAsync();
        var invited = 0;
        foreach (var producer in (await members.UnownedAsync(tx, MostInvited)).Where(p => p.InvitedUntil is null))
        {
            var contact = new Contact(producer.Phone);
            if (await members.InviteOwnerAsync(tx, producer.Id, contact, User.Id(), User.As(Roles.Operator)) is not { } path)
                continue;
            await messages.TellAsync(tx, [contact], "invitation", "SonLaMarket", T["Sở Công Thương mời bạn nhận cơ sở {0} trên SonLaMarket: xem lại thông tin rồi gửi duyệt. Mở liên kết này trong 7 ngày: {1}", producer.Name, site.Absolute(path)]);
            invited++;
        }
        await tx.CommitAsync();
        return SeeOther(Importer.Operators, T["Đã gửi lời mời tới {0} chủ cơ sở.", invited]);
    }

    protected override Task<Importer?> ImporterAsync(CancellationToken ct) => Task.FromResult<Importer?>(new(0, User.Id(), User.As(Roles.Operator)));

    protected override Task<List<UnownedProducer>> UnownedAsync(CancellationToken ct) => members.UnownedAsync(Db, MostInvited, ct);
}
