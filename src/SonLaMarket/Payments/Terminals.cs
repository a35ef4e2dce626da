using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using Vnpay;

namespace SonLaMarket.Payments;

/// <summary>A VNPAY terminal with the secret that signs for it.</summary>
/// <param name="Former">The secret before this one, while messages that were signed with it may still be on their way; null after that.</param>
public sealed record Terminal(long Id, string TmnCode, string Secret, string? Former = null)
{
    /// <summary>Reads what VNPAY says, by the present secret or, for a day after a change, by the former one.</summary>
    public bool TryRead(string query, [NotNullWhen(true)] out VnpayEvent? said) =>
        VnpayEventUtility.TryConstructEvent(query, Secret, out said) || Former is not null && VnpayEventUtility.TryConstructEvent(query, Former, out said);

    /// <summary>Never the secret: records print their members.</summary>
    public override string ToString() => $"Terminal {TmnCode}";
}

/// <summary>
/// VNPAY terminals: the money of a sale goes to the terminal of its seller. Secrets are kept protected and are never shown.
/// </summary>
public sealed class Terminals(IDataProtectionProvider protection, Audit audit, TimeProvider clock)
{
    /// <summary>VNPAY repeats a notification for less than an hour; a buyer may come back from its page later.</summary>
    public static readonly TimeSpan FormerCounts = TimeSpan.FromDays(1);

    private readonly IDataProtector secrets = protection.CreateProtector("vnpay-terminal");

    /// <summary>Gives the producer this terminal (null: the operator's shared one), or a known one a new secret.
    /// False when the code is another's. A former terminal keeps answering for payments begun on it.</summary>
    public async Task<bool> AddAsync(Tx tx, long? producerId, string tmnCode, string secret, Actor actor)
    {
        const string detach = "update payments.terminal set producer_id = null, active = false where producer_id = @producerId and tmn_code <> @tmnCode";
        // A terminal without a producer may come back to one, unless somebody else was paid on it.
        const string upsert = """
            insert into payments.terminal as t (producer_id, tmn_code, hash_secret, active, created_at) values (@producerId, @tmnCode, @secret, true, @now)
            on conflict (tmn_code) do update set hash_secret = excluded.hash_secret, former_secret = case when @known then t.former_secret else t.hash_secret end, former_until = case when @known then t.former_until else @until end, active = true, producer_id = excluded.producer_id
              where t.producer_id is not distinct from excluded.producer_id
                or (t.producer_id is null and not t.active and not exists (select 1 from payments.payment p where p.terminal_id = t.id and p.producer_id <> excluded.producer_id))
            returning id
            """;
        // The same secret once more, also of a form sent twice at once, is no change: the one before it still counts for its day.
        await tx.ExecuteAsync("select 1 from payments.terminal where tmn_code = @tmnCode for update", new { tmnCode });
        var known = (await FindAsync(tx, tmnCode))?.Secret == secret.Trim();
        await tx.ExecuteAsync(detach, new { producerId, tmnCode });
        if (await tx.FirstOrDefaultAsync<long?>(upsert, new { producerId, tmnCode, known, secret = secrets.Protect(secret.Trim()), now = clock.GetUtcNow(), until = clock.GetUtcNow() + FormerCounts }) is null)
            return false;
        await audit.WriteAsync(tx, actor, "terminal.set", $"terminal:{tmnCode}");
        return true;
    }

    /// <summary>By its code, also one no longer used for new payments: its notifications still count.</summary>
    public async Task<Terminal?> FindAsync(Sql sql, string tmnCode, CancellationToken ct = default) =>
        tmnCode.Length != 8 || !tmnCode.All(char.IsAsciiLetterOrDigit) ? null
        : Open(await sql.FirstOrDefaultAsync<Row>("select id, tmn_code, hash_secret, case when former_until > @now then former_secret end as former_secret from payments.terminal where tmn_code = @tmnCode", new { tmnCode, now = clock.GetUtcNow() }, ct));

    public async Task<Terminal> GetAsync(Sql sql, long id, CancellationToken ct = default) =>
        Open(await sql.SingleAsync<Row>("select id, tmn_code, hash_secret, null::text as former_secret from payments.terminal where id = @id", new { id }, ct))
        ?? throw Unreadable(id);

    internal static CryptographicException Unreadable(long id) => new($"The secret of terminal {id} cannot be read with the present keys.");

    /// <summary>What <see cref="ReadAsync"/> reads: the terminal of the payment @paymentCode.</summary>
    internal const string OfPaymentSql = "select t.id, t.tmn_code, t.hash_secret, null::text as former_secret from payments.payment p join payments.terminal t on t.id = p.terminal_id where p.code = @paymentCode";

    internal async Task<Terminal?> ReadAsync(SqlMapper.GridReader grid) => Open(await grid.ReadFirstOrDefaultAsync<Row>());

    /// <summary>The secret that signs for a terminal; null when it is unknown. Serves the simulator.</summary>
    public async Task<string?> SecretAsync(Sql sql, string tmnCode, CancellationToken ct = default) => (await FindAsync(sql, tmnCode, ct))?.Secret;

    private Terminal? Open(Row? row)
    {
        if (row is null)
            return null;
        try
        {
            return new Terminal(row.Id, row.TmnCode, secrets.Unprotect(row.HashSecret), row.FormerSecret is { } former ? secrets.Unprotect(former) : null);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private sealed record Row(long Id, string TmnCode, string HashSecret, string? FormerSecret);
}
