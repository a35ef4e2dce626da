using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Payments;

/// <summary>One side of a posting, on one account.</summary>
/// <param name="AmountVnd">Debit is positive.</param>
/// <param name="Against">The accounts on the other sides, with commas between.</param>
/// <param name="Rule">What the rule of a fee or tax is called.</param>
public sealed record Entry(DateTimeOffset PostedAt, long PostingId, int Line, string Kind, string Account, long AmountVnd, string? Payable, string? Against, string? Rule, string Note)
{
    /// <summary>The order's code behind the payable's kind, as its page has it in the address.</summary>
    public string? Order => Payable is null ? null : OrderOf.Payable(Payable);
}

/// <summary>Which entries of an account: those of a period, of both sides or of one.</summary>
/// <param name="Debit">Null for both.</param>
/// <param name="Method">Only of payments that are made this way; null for all.</param>
/// <param name="After">The last entry that was shown; null from the newest.</param>
public sealed record EntryWish(string Account, Period Period, bool? Debit = null, string? Method = null, EntryKey? After = null);

public sealed record EntryKey(DateTimeOffset PostedAt, long PostingId, int Line);

/// <summary>Whose statement it is.</summary>
public sealed record StatementOwner(long Id, string Slug, string Name, string? TaxCode, string Address, bool IsSample);

/// <summary>A seller's accounts over a period: balances, and the entries behind every figure.</summary>
public sealed record Statement(StatementOwner Owner, Period Period, IReadOnlyList<AccountFigures> Accounts)
{
    private const string Any = """
        select l.posted_at, l.posting_id, l.line, o.kind, l.account, l.amount_vnd, p.payable,
          (select string_agg(x.account, ',' order by x.line) from payments.ledger_line x where x.posting_id = l.posting_id and x.line <> l.line) as against, r.name as rule, o.note
        from payments.ledger_line l join payments.posting o on o.id = l.posting_id left join payments.payment p on p.id = o.payment_id left join payments.charge_rule r on r.code = o.rule_code
        """;

    private const string Select = $"""
        {Any}
        where l.producer_id = @producerId and l.posted_at >= @Begins and l.posted_at < @Ends
        """;

    public AccountFigures this[string account] => Accounts.First(a => a.Account == account);

    /// <summary>Null when there is no such seller.</summary>
    public static async Task<Statement?> LoadAsync(Sql sql, long producerId, Period period, CancellationToken ct)
    {
        const string owner = """
            select p.id, p.slug, coalesce(v.name, p.name) as name, p.tax_code, concat_ws(', ', nullif(coalesce(v.address_line, p.address_line), ''), c.full_name, q.full_name) as address, p.is_sample
            from producers.producer p left join producers.producer_version v on v.producer_id = p.id and v.version = p.public_version
              join foundation.commune c on c.code = coalesce(v.commune_code, p.commune_code) join foundation.province q on q.code = c.province_code
            where p.id = @producerId
            """;
        return await sql.FirstOrDefaultAsync<StatementOwner>(owner, new { producerId }, ct) is { } who ? new(who, period, await Balances.OfAsync(sql, producerId, period, ct)) : null;
    }

    /// <summary>Entries of one account, newest first.</summary>
    public static Task<List<Entry>> EntriesAsync(Sql sql, long producerId, EntryWish wish, int take, CancellationToken ct) => sql.QueryAsync<Entry>($"""
        {Select} and l.account = @Account and (@Debit::boolean is null or (l.amount_vnd > 0) = @Debit) and (@Method::text is null or p.method = @Method)
          and (@at::timestamptz is null or (l.posted_at, l.posting_id, l.line) < (@at, @id, @line))
        order by l.posted_at desc, l.posting_id desc, l.line desc limit @take
        """, new { producerId, wish.Period.Begins, wish.Period.Ends, wish.Account, wish.Debit, wish.Method, at = wish.After?.PostedAt, id = wish.After?.PostingId, line = wish.After?.Line, take }, ct);

    /// <summary>Debit less credit of what <see cref="EntriesAsync"/> lists in all.</summary>
    public static Task<long> SumAsync(Sql sql, long producerId, EntryWish wish, CancellationToken ct) => sql.SingleAsync<long>("""
        select coalesce(sum(l.amount_vnd), 0)::bigint from payments.ledger_line l join payments.posting o on o.id = l.posting_id join payments.payment p on p.id = o.payment_id
        where l.producer_id = @producerId and l.posted_at >= @Begins and l.posted_at < @Ends and l.account = @Account and (@Debit::boolean is null or (l.amount_vnd > 0) = @Debit) and p.method = @Method
        """, new { producerId, wish.Period.Begins, wish.Period.Ends, wish.Account, wish.Debit, wish.Method }, ct);

    /// <summary>Entries of one payment on all accounts, oldest first.</summary>
    public static Task<List<Entry>> OfPaymentAsync(Sql sql, long paymentId, CancellationToken ct) =>
        sql.QueryAsync<Entry>($"{Any} where o.payment_id = @paymentId order by l.posted_at, l.posting_id, l.line", new { paymentId }, ct);

    /// <summary>Entries of all accounts, oldest first, for papers.</summary>
    public static Task<List<Entry>> AllEntriesAsync(Sql sql, long producerId, Period period, int most, CancellationToken ct) => sql.QueryAsync<Entry>($"""
        {Select} and l.account = any(@accounts) order by l.posted_at, l.posting_id, l.line limit @most
        """, new { producerId, period.Begins, period.Ends, accounts = LedgerAccount.All.Select(a => a.Word).ToArray(), most }, ct);
}
