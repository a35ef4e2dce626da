using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Origin.Keep;

/// <summary>A page of a lot's whole diary, as those read it who keep it.</summary>
public sealed record DiaryReading(DiaryCover Cover, Page<DiaryRow> Diary)
{
    private const int Take = 100;

    public static async Task<DiaryReading> LoadAsync(Sql sql, long lotId, string? after, CancellationToken ct) =>
        new(await DiaryCover.LoadAsync(sql, lotId, ct), await DiaryRow.PageAsync(sql, lotId, DiaryPlace.Parse(after), Take, ct));
}
