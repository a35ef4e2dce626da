using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Payments;

/// <summary>
/// What is paid for, as a payment sees it. Implemented by the room above and called inside the payment's own transaction:
/// money and goods change together or not at all.
/// </summary>
public interface IPayable
{
    /// <summary>The money came while the goods were kept.</summary>
    Task PaidAsync(Tx tx, string payable);

    /// <summary>The money came after the goods were given up. False when they cannot be had again: the money goes back.</summary>
    Task<bool> PaidLateAsync(Tx tx, string payable);

    /// <summary>The time to pay is over and nothing was paid: the goods are free again.</summary>
    Task ExpiredAsync(Tx tx, string payable);

    /// <summary>Where the buyer sees what was paid for; null when it is unknown.</summary>
    Task<PayableLink?> LinkAsync(Sql sql, string payable, CancellationToken ct);

    /// <summary>Who pays for each, and by when the goods are to be there; what is unknown is left out.</summary>
    Task<IReadOnlyDictionary<string, PayableFacts>> FactsAsync(Sql sql, IReadOnlyCollection<string> payables, CancellationToken ct);

    /// <summary>What somebody paid for, or is to, the newest first.</summary>
    Task<IReadOnlyList<string>> OfAsync(Sql sql, DataSubject subject, int take, CancellationToken ct);
}

/// <param name="DeliverBy">With it cash comes.</param>
public sealed record PayableFacts(string Payable, string Buyer, DateOnly? DeliverBy);

/// <param name="Name">What people call it: the order's code.</param>
/// <param name="Path">Its page, without the language prefix.</param>
/// <param name="Action">Where a form begins a payment of it, with the payment's code as "payment" and <paramref name="Key"/> as "k".</param>
/// <param name="Open">What may still be paid through VNPAY of the same order, the asked payable's own payment among it.</param>
/// <param name="Others">What the other sellers of the same order get, and which of it is to be paid another way.</param>
public sealed record PayableLink(string Name, string Path, string Action, string Key, IReadOnlyList<StillToPay> Open, IReadOnlyList<Due> Others);

/// <param name="Payable">What is paid for.</param>
/// <param name="Payment">The payment's code.</param>
/// <param name="Before">Until when VNPAY's page takes it.</param>
public sealed record StillToPay(string Payable, string Payment, string Payee, long AmountVnd, DateTimeOffset Before);

internal static class OrderOf
{
    /// <summary>The code behind the payable's kind, as the seller's order page has it in its address.</summary>
    public static string Payable(string payable) => payable[(payable.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
