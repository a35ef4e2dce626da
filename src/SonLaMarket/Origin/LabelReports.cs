using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>Codes that people met on a label and that we never issued: a lead for inspectors.</summary>
public sealed class LabelReports(Audit audit, TimeProvider clock)
{
    public Task AddAsync(Tx tx, string code, string note, string contact) =>
        tx.ExecuteAsync("insert into origin.unknown_code_report (code, note, contact, reported_at) values (@code, @note, @contact, @now)", new { code, note, contact, now = clock.GetUtcNow() });

    public async Task<bool> HandleAsync(Tx tx, long id, Actor officer)
    {
        if (await tx.ExecuteAsync("update origin.unknown_code_report set handled_at = @now, handled_by = @PersonId where id = @id and handled_at is null", new { id, officer.PersonId, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, officer, "label-report.handle", $"label-report:{id}");
        return true;
    }
}
