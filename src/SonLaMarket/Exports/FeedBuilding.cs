using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports;

/// <summary>Asked for by an operator, who follows it.</summary>
public sealed record BuildFeed(string Profile);

public sealed class FeedBuilding(ExportRuns runs, Db db) : ILongTask<BuildFeed>
{
    public async Task<TaskResult> RunAsync(BuildFeed input, TaskProgress progress, CancellationToken ct)
    {
        var run = await runs.BuildAsync(input.Profile, "operator", ct, progress);
        var (exported, aside) = await db.SingleAsync<(int, int)>("select exported, set_aside from exports.run where id = @run", new { run }, ct);
        return new(new Said("Đã tạo tệp mới: {0} tin, {1} tin để riêng.", Vietnamese.Number(exported), Vietnamese.Number(aside)), "/quan-tri/xuat-du-lieu");
    }
}
