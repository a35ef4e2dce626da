using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Foundation;

/// <summary>Somebody whose data is asked for: the owner of an account, or a guest who bought something.</summary>
/// <param name="PersonId">Null for a guest.</param>
/// <param name="Phone">E.164; only where it is proven to be theirs.</param>
/// <param name="Email">Only where it is proven to be theirs.</param>
/// <param name="Purchase">The code of the order that a guest holds; without a proven phone it is all that they may ask about.</param>
public sealed record DataSubject(long? PersonId, string Name, string? Phone, string? Email, string? Purchase = null);

/// <summary>One kind of data that a room holds of somebody.</summary>
/// <param name="Key">For machines: "orders".</param>
/// <param name="Purpose">What it is held for, and on what ground.</param>
/// <param name="Kept">How long, and what of it stays after erasing.</param>
/// <param name="EditPath">Where its owner corrects it, if they can.</param>
public sealed record DataSection(string Key, string Title, string Purpose, string Kept, IReadOnlyList<IReadOnlyList<DataField>> Records, string? EditPath = null);

/// <param name="Key">For machines: "placedAt".</param>
/// <param name="Label">For people.</param>
public sealed record DataField(string Key, string Label, string? Value);

/// <summary>
/// What a room holds of a person (<see cref="IRoom.PersonalData"/>). Shown in floor order; erased from the top floor down, so
/// that what refers to something goes before it.
/// </summary>
public interface IPersonalData
{
    /// <summary>The newest first.</summary>
    /// <param name="take">At most so many records a section.</param>
    Task<IReadOnlyList<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct);

    /// <summary>Why nothing can be erased yet, as sentences for the person.</summary>
    Task<IReadOnlyList<string>> HindrancesAsync(Sql sql, DataSubject subject, CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Erases what may go and masks what must stay. Again: nothing more.</summary>
    Task EraseAsync(Tx tx, DataSubject subject, Actor actor);
}
