using Dapper;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Payments;

/// <summary>What a seller gets of one sale.</summary>
/// <param name="Code">Of the payment.</param>
/// <param name="TmnCode">The terminal that the money goes to; null where it goes to none.</param>
/// <param name="OwnTerminal">It is the seller's own.</param>
/// <param name="Bank">The bank of the account that transfers go to now; null where there is none.</param>
/// <param name="PaidVnd">What the buyer paid so far, also what came twice.</param>
/// <param name="BackVnd">What of it was agreed to go back.</param>
/// <param name="FeeVnd">Of the market; of what is awaited, as the rules in force today have it.</param>
/// <param name="TaxVnd">That is kept back, the same.</param>
public sealed record SellerShare(
    string Code, string Method, string Status, long ProducerId, long AmountVnd, DateTimeOffset? HoldUntil, DateTimeOffset? PaidAt, string? TmnCode, bool OwnTerminal, string? Bank, string? Account, long PaidVnd, long BackVnd, long FeeVnd, long TaxVnd)
{
    /// <summary>What <see cref="ReadAsync"/> reads of the payment of @payable, on the day @today.</summary>
    public const string Sql = $"""
        select y.code, y.method, y.status, y.producer_id, y.amount_vnd, y.hold_until, y.paid_at, t.tmn_code, t.producer_id is not null as own_terminal, b.short_name as bank, k.settings->>'Account' as account,
          coalesce(s.paid_vnd, 0)::bigint as paid_vnd, coalesce(s.back_vnd, 0)::bigint as back_vnd, coalesce(s.fee_vnd, 0)::bigint as fee_vnd, coalesce(s.tax_vnd, 0)::bigint as tax_vnd
        from payments.payment y left join payments.terminal t on t.id = y.terminal_id
          left join payments.payee_method k on k.producer_id = y.producer_id and k.method = y.method and y.method = 'transfer' left join foundation.bank b on b.bin = k.settings->>'BankBin'
          left join lateral (
            select -sum(l.amount_vnd) filter (where l.account = 'buyer-paid') as paid_vnd, sum(l.amount_vnd) filter (where l.account = 'refund') as back_vnd,
              sum(l.amount_vnd) filter (where l.account = 'fee') as fee_vnd, sum(l.amount_vnd) filter (where l.account = 'tax') as tax_vnd
            from payments.posting o join payments.ledger_line l on l.posting_id = o.id where o.payment_id = y.id) s on true
        where y.payable = @payable;
        {Charges.Rules} s.id = (select y.producer_id from payments.payment y where y.payable = @payable) and {Charges.InForce};
        """;

    /// <summary>What <see cref="Charges.ForeseeAsync"/> reckons with.</summary>
    internal List<Applying> Rules { get; private init; } = [];

    /// <summary>Nothing came yet, and something is still waited for.</summary>
    public bool Awaited => PaidVnd == 0 && Status is "pending" or "review";

    /// <summary>After fees and taxes; null where nothing comes any more, or all of it goes back.</summary>
    public long? OwnVnd => Awaited ? AmountVnd - FeeVnd - TaxVnd : PaidVnd > BackVnd ? PaidVnd - BackVnd - FeeVnd - TaxVnd : null;

    /// <summary>Null where there is no such payment. Of one that is awaited the charges are not foreseen yet.</summary>
    public static async Task<SellerShare?> ReadAsync(SqlMapper.GridReader grid)
    {
        var share = await grid.ReadFirstOrDefaultAsync<SellerShare>();
        var rules = (await grid.ReadAsync<Applying>()).AsList();
        return share is null ? null : share with { Rules = rules };
    }
}

/// <summary>How <c>/Payments/_Share.cshtml</c> tells it.</summary>
/// <param name="DeliverBy">When the goods are to be there: with them comes cash.</param>
/// <param name="Carrier">Who brings them; empty where that is not known yet.</param>
/// <param name="PickedUp">The buyer comes for them.</param>
public sealed record ShareShown(SellerShare Share, DateOnly? DeliverBy, string Carrier, bool PickedUp)
{
    /// <summary>What of the buyer's money is not the seller's; empty where all of it is.</summary>
    public string Less(Texts t)
    {
        var less = new List<string>();
        if (Share.BackVnd > 0)
            less.Add(t["phần phải hoàn {0}", Vietnamese.Money(Share.BackVnd)]);
        if (Share.FeeVnd > 0)
            less.Add(t["phí sàn {0}", Vietnamese.Money(Share.FeeVnd)]);
        if (Share.TaxVnd > 0)
            less.Add(t["thuế {0}", Vietnamese.Money(Share.TaxVnd)]);
        return string.Join(", ", less);
    }

    /// <summary>The market's fee is in what comes to the seller, who pays it later.</summary>
    public bool FeeLater => Share.FeeVnd > 0 && (Share.OwnTerminal || Share.Method != PaymentMethod.Vnpay);

    /// <summary>How the money comes to the seller.</summary>
    public string Way(Texts t) => Share.Method switch
    {
        PaymentMethod.Cod when PickedUp => t["Tiền mặt: bạn thu khi người mua đến lấy"],
        PaymentMethod.Cod when Carrier.Length > 0 => t["Tiền mặt: {0} thu khi giao hàng", Carrier],
        PaymentMethod.Cod => t["Tiền mặt: người giao hàng thu khi giao"],
        PaymentMethod.Transfer => t["Chuyển khoản thẳng vào tài khoản của cơ sở {0}", $"{Share.Bank} {Share.Account}".Trim()],
        _ when Share.OwnTerminal => t["Qua VNPAY, vào thẳng cổng {0} của bạn; ngày tiền về ngân hàng và phí của VNPAY theo hợp đồng của bạn với VNPAY", Share.TmnCode],
        _ => t["Qua VNPAY, vào cổng chung {0}", Share.TmnCode],
    };

    /// <summary>By when it is to come; null where nobody said.</summary>
    public string? Due => Share.HoldUntil is { } until ? Vietnamese.DateTime(until) : DeliverBy is { } day ? Vietnamese.Date(day) : null;
}
