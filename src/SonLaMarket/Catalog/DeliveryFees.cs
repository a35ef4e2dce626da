using Dapper;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog;

/// <summary>How far a parcel goes.</summary>
public static class DeliveryZone
{
    /// <summary>Within Sơn La.</summary>
    public const string Province = "province";

    /// <summary>The other provinces of the north, up to Ninh Bình: a night's drive.</summary>
    public const string North = "north";

    public const string Country = "country";

    public static readonly string[] All = [Province, North, Country];

    /// <summary>Province codes grow from north to south; Thanh Hoá (38) is the first of the middle.</summary>
    public static string Of(string provinceCode) =>
        provinceCode == Communes.SonLa ? Province : string.CompareOrdinal(provinceCode, "38") < 0 ? North : Country;
}

/// <param name="Zone">One of <see cref="DeliveryZone"/>.</param>
/// <param name="UpToG">Weight in grams up to which the fee holds.</param>
public sealed record DeliveryRate(string Zone, long UpToG, long FeeVnd);

/// <param name="ReadyDays">Days until the parcel is handed over.</param>
/// <param name="CutOffHour">An order from this hour on, Vietnam time, counts for the next day; 24 for no such hour.</param>
/// <param name="PackDays">Days of the week on which parcels are made up, 1 Monday to 7 Sunday.</param>
/// <param name="CodLimitVnd">Highest amount the seller takes in cash on delivery; 0 for none.</param>
public sealed record DeliveryTerms(int ReadyDays, int DaysProvince, int DaysNorth, int DaysCountry, int CutOffHour, int[] PackDays, long CodLimitVnd)
{
    /// <summary>Days on the way.</summary>
    public int DaysTo(string zone) => zone switch
    {
        DeliveryZone.Province => DaysProvince,
        DeliveryZone.North => DaysNorth,
        _ => DaysCountry,
    };

    /// <summary>The day on which what is ordered now is handed over.</summary>
    public DateOnly HandedOver(DateTimeOffset now)
    {
        var local = Vietnamese.Local(now);
        var day = DateOnly.FromDateTime(local.DateTime).AddDays((local.Hour >= CutOffHour ? 1 : 0) + ReadyDays);
        while (!PackDays.Contains(Weekday(day)))
            day = day.AddDays(1);
        return day;
    }

    private static int Weekday(DateOnly day) => day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek;
}

/// <summary>What one seller's parcel costs and when it arrives.</summary>
public sealed record DeliveryTable(long ProducerId, DeliveryTerms Terms, IReadOnlyList<DeliveryRate> Rates)
{
    /// <summary>The fee for a parcel. Beyond the heaviest row, that row counts once for each of its weights begun.</summary>
    public long FeeVnd(string provinceCode, long weightG)
    {
        var rates = Rates.Where(r => r.Zone == DeliveryZone.Of(provinceCode)).OrderBy(r => r.UpToG).ToList();
        if (rates.Count == 0)
            return 0;
        var top = rates[^1];
        return rates.FirstOrDefault(r => weightG <= r.UpToG)?.FeeVnd ?? checked(top.FeeVnd * ((weightG + top.UpToG - 1) / top.UpToG));
    }

    /// <summary>The day by which what is ordered now arrives.</summary>
    public DateOnly DeliverBy(string provinceCode, DateTimeOffset now) => Terms.HandedOver(now).AddDays(Terms.DaysTo(DeliveryZone.Of(provinceCode)));
}

/// <summary>Each seller's table of delivery fees: a row once they have said it, a usual one until then.</summary>
public sealed class DeliveryFees(Audit audit)
{
    private static readonly DeliveryTerms UsualTerms = new(1, 2, 3, 4, 24, [1, 2, 3, 4, 5, 6, 7], 3_000_000);

    private static readonly DeliveryRate[] UsualRates =
    [
        new(DeliveryZone.Province, 2_000, 20_000), new(DeliveryZone.Province, 5_000, 30_000), new(DeliveryZone.Province, 10_000, 45_000), new(DeliveryZone.Province, 30_000, 90_000),
        new(DeliveryZone.North, 2_000, 30_000), new(DeliveryZone.North, 5_000, 50_000), new(DeliveryZone.North, 10_000, 75_000), new(DeliveryZone.North, 30_000, 160_000),
        new(DeliveryZone.Country, 2_000, 35_000), new(DeliveryZone.Country, 5_000, 60_000), new(DeliveryZone.Country, 10_000, 95_000), new(DeliveryZone.Country, 30_000, 220_000),
    ];

    /// <summary>The table of a producer who has not said anything yet.</summary>
    public static DeliveryTable Usual(long producerId) => new(producerId, UsualTerms, UsualRates);

    /// <summary>The tables of these producers, by producer.</summary>
    public static async Task<Dictionary<long, DeliveryTable>> OfAsync(Sql sql, IEnumerable<long> producerIds, CancellationToken ct = default)
    {
        var ids = producerIds.Distinct().ToArray();
        return ids.Length == 0 ? [] : await sql.MultipleAsync(TablesSql, new { ids }, grid => ReadAsync(grid, ids), ct);
    }

    /// <summary>What <see cref="ReadAsync"/> reads, of the producers @ids.</summary>
    public const string TablesSql = """
        select producer_id, ready_days, days_province, days_north, days_country, cut_off_hour, pack_days, cod_limit_vnd from catalog.delivery_terms where producer_id = any(@ids);
        select producer_id, zone, up_to_g, fee_vnd from catalog.delivery_rate where producer_id = any(@ids) order by producer_id, zone, up_to_g
        """;

    public static async Task<Dictionary<long, DeliveryTable>> ReadAsync(SqlMapper.GridReader grid, IEnumerable<long> ids)
    {
        var said = (await grid.ReadAsync<TermsRow>()).ToDictionary(t => t.ProducerId);
        var rates = (await grid.ReadAsync<RateRow>()).ToLookup(r => r.ProducerId);
        return ids.ToDictionary(id => id, id => said.GetValueOrDefault(id) is not { } t ? Usual(id) : new DeliveryTable(id,
            new DeliveryTerms(t.ReadyDays, t.DaysProvince, t.DaysNorth, t.DaysCountry, t.CutOffHour, t.PackDays, t.CodLimitVnd),
            [.. rates[id].Select(r => new DeliveryRate(r.Zone, r.UpToG, r.FeeVnd))]));
    }

    /// <summary>The producer's table, locked until the transaction ends.</summary>
    public static async Task<DeliveryTable> LockAsync(Tx tx, long producerId)
    {
        // Until the producer has said anything there is no row to lock.
        await tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('delivery-terms', @producerId))", new { producerId });
        return (await OfAsync(tx, [producerId]))[producerId];
    }

    /// <summary>Replaces the producer's table.</summary>
    public async Task SaveAsync(Tx tx, long producerId, DeliveryTerms terms, IReadOnlyList<DeliveryRate> rates, Actor actor)
    {
        const string say = """
            insert into catalog.delivery_terms (producer_id, ready_days, days_province, days_north, days_country, cut_off_hour, pack_days, cod_limit_vnd)
            values (@producerId, @ReadyDays, @DaysProvince, @DaysNorth, @DaysCountry, @CutOffHour, @PackDays, @CodLimitVnd)
            on conflict on constraint delivery_terms_pk do update set ready_days = @ReadyDays, days_province = @DaysProvince, days_north = @DaysNorth, days_country = @DaysCountry,
              cut_off_hour = @CutOffHour, pack_days = @PackDays, cod_limit_vnd = @CodLimitVnd
            """;
        const string insert = """
            insert into catalog.delivery_rate (producer_id, zone, up_to_g, fee_vnd)
            select @producerId, r.zone, r.up_to_g, r.fee_vnd from unnest(@zones, @weights, @fees) as r (zone, up_to_g, fee_vnd)
            """;
        await tx.ExecuteAsync(say, new { producerId, terms.ReadyDays, terms.DaysProvince, terms.DaysNorth, terms.DaysCountry, terms.CutOffHour, terms.PackDays, terms.CodLimitVnd });
        await tx.ExecuteAsync("delete from catalog.delivery_rate where producer_id = @producerId", new { producerId });
        await tx.ExecuteAsync(insert, new
        {
            producerId,
            zones = rates.Select(r => r.Zone).ToArray(),
            weights = rates.Select(r => r.UpToG).ToArray(),
            fees = rates.Select(r => r.FeeVnd).ToArray(),
        });
        await audit.WriteAsync(tx, actor, "delivery.edit", $"producer-delivery:{producerId}", detail: new { terms, rates });
    }

    private sealed record TermsRow(long ProducerId, int ReadyDays, int DaysProvince, int DaysNorth, int DaysCountry, int CutOffHour, int[] PackDays, long CodLimitVnd);

    private sealed record RateRow(long ProducerId, string Zone, long UpToG, long FeeVnd);
}
