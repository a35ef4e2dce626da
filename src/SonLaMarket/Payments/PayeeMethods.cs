using System.Text.Json;
using Dapper;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Payments;

/// <summary>The account to which a payee's buyers transfer.</summary>
/// <param name="BankBin">The bank's number at NAPAS, six digits.</param>
/// <param name="Account">Letters and digits.</param>
/// <param name="Holder">As the bank has it, so that the buyer can compare.</param>
public sealed record BankAccount(string BankBin, string Account, string Holder)
{
    /// <summary>No bank has this number: a sample that nobody can pay to.</summary>
    public const string NoBank = "000000";

    /// <summary>What it is called.</summary>
    public const string SampleBank = "Ngân hàng mẫu, không có thật";
}

/// <summary>A bank that transfers may go to.</summary>
public sealed record Bank(string Bin, string Name);

/// <summary>What a payee is told; <c>{0}</c> is its name, <c>{1}</c> the page to look at.</summary>
public static class PayeeNotice
{
    public static readonly Notice AccountSet = new("payee-account", "Tài khoản nhận tiền của {0} vừa được đổi", "SonLaMarket: tài khoản nhận tiền của {0} vừa được đổi. Nếu không phải bạn, hãy báo quản trị sàn ngay.", "Xem tại {1}");
}

/// <summary>Which ways to pay each payee takes. A further way is a row of payments.method and its settings here.</summary>
public sealed class PayeeMethods(ProducerNotices notices, Audit audit, TimeProvider clock)
{
    /// <summary>What a payee chooses from: where money is real, every bank that takes transfers by VietQR; elsewhere the one that does not exist, so that nobody ever pays to a sample.</summary>
    public static Task<List<Bank>> BanksAsync(Sql sql, SiteOptions site, CancellationToken ct = default) => site.ShowsSamples
        ? Task.FromResult<List<Bank>>([new(BankAccount.NoBank, BankAccount.SampleBank)])
        : sql.QueryAsync<Bank>("""
            select b.bin, b.name from (select bin, short_name || ' – ' || name as name from foundation.bank where vietqr = 'transfer' and not deprecated) b order by b.name collate "vi-x-icu"
            """, ct: ct);

    /// <summary>What is awaited before the goods are sent, that is all but cash, by payee: what <see cref="ReadAsync"/> reads, of the payees @ids, where the operator's terminal is <see cref="VnpaySettings.SharedTerminal"/>.</summary>
    public const string TakenSql = """
        select i.id as producer_id, 'vnpay' as method from unnest(@ids) as i (id)
        where exists (select 1 from payments.terminal t where t.active and (t.producer_id = i.id or (t.producer_id is null and t.tmn_code = @SharedTerminal)))
        union all
        select m.producer_id, m.method from payments.payee_method m where m.producer_id = any(@ids) and m.active
        """;

    public static async Task<ILookup<long, string>> ReadAsync(SqlMapper.GridReader grid) => (await grid.ReadAsync<Taken>()).ToLookup(t => t.ProducerId, t => t.Method);

    /// <summary>Null when the payee never named one.</summary>
    public static async Task<(BankAccount Account, bool Active)?> BankAccountAsync(Sql sql, long producerId, CancellationToken ct = default) =>
        await sql.FirstOrDefaultAsync<Kept>("select settings::text as settings, active from payments.payee_method where producer_id = @producerId and method = 'transfer'", new { producerId }, ct) is { } kept
            ? (JsonSerializer.Deserialize<BankAccount>(kept.Settings)!, kept.Active)
            : null;

    /// <summary>The same, and nobody else names one until the transaction ends.</summary>
    public static async Task<(BankAccount Account, bool Active)?> LockBankAccountAsync(Tx tx, long producerId)
    {
        // Until the payee has named one there is no row to lock.
        await tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('payee-method', @producerId))", new { producerId });
        return await BankAccountAsync(tx, producerId);
    }

    /// <summary>Takes transfers to this account from now on, or no longer. The payee is told: it is where their money goes.</summary>
    public async Task SetBankAccountAsync(Tx tx, long producerId, BankAccount account, bool active, Actor actor)
    {
        const string upsert = """
            insert into payments.payee_method (producer_id, method, active, settings, changed_at) values (@producerId, 'transfer', @active, @settings::jsonb, @now)
            on conflict on constraint payee_method_pk do update set active = excluded.active, settings = excluded.settings, changed_at = excluded.changed_at
            """;
        const string find = "select slug, name from producers.producer where id = @producerId";
        var now = clock.GetUtcNow();
        await tx.ExecuteAsync(upsert, new { producerId, active, settings = JsonSerializer.Serialize(account), now });
        var (slug, name) = await tx.SingleAsync<(string, string)>(find, new { producerId });
        await audit.WriteAsync(tx, actor, "payee.set", "producer:" + slug, detail: new { method = PaymentMethod.Transfer, active, bankBin = account.BankBin, lastDigits = account.Account[^Math.Min(3, account.Account.Length)..] });
        await notices.TellAsync(tx, producerId, PayeeNotice.AccountSet, $"{producerId}:{now.ToUnixTimeMilliseconds()}", name, "/quan-ly/cach-nhan-tien");
    }

    private sealed record Taken(long ProducerId, string Method);

    private sealed record Kept(string Settings, bool Active);
}
