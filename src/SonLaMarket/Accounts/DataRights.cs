using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>What all rooms together hold of somebody: shown, taken along, erased.</summary>
public sealed class DataRights(IEnumerable<IPersonalData> rooms, Audit audit)
{
    /// <summary>More records than this of one kind are not put into one file; nobody has so many.</summary>
    public const int Everything = 100_000;

    private readonly List<IPersonalData> rooms = [.. rooms];

    /// <summary>In floor order, sections without records left out.</summary>
    public async Task<List<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct)
    {
        var sections = new List<DataSection>();
        foreach (var room in rooms)
            sections.AddRange((await room.SeeAsync(sql, subject, take, ct)).Where(s => s.Records.Count > 0));
        return sections;
    }

    public async Task<List<string>> HindrancesAsync(Sql sql, DataSubject subject, CancellationToken ct = default)
    {
        var hindrances = new List<string>();
        foreach (var room in rooms)
            hindrances.AddRange(await room.HindrancesAsync(sql, subject, ct));
        return hindrances;
    }

    /// <summary>Erases in one transaction, from the top floor down. Whoever calls has asked for hindrances in the same one.</summary>
    public async Task EraseAsync(Tx tx, DataSubject subject, Actor actor)
    {
        foreach (var room in Enumerable.Reverse(rooms))
            await room.EraseAsync(tx, subject, actor);
        await audit.WriteAsync(tx, actor, "data.erase", subject.PersonId is { } id ? $"person:{id}" : $"order:{subject.Purchase}");
    }

    /// <summary>The owner of an account, with the contacts that are proven to be theirs.</summary>
    public static DataSubject Of(Person person) => new(
        person.Id, person.Name, person.PhoneProvenAt is null ? null : person.Phone, person.EmailProvenAt is null ? null : person.Email);
}
