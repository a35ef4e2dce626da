using System.Diagnostics;
using System.Globalization;
using SonLaMarket.Benchmarks.Support;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;
using SonLaMarket.Origin.Labels;
using SonLaMarket.Origin.Series;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>The largest series of codes printed whole, on each paper, by the work that the page asks for.</summary>
public sealed class Labels : IWorkload
{
    public string Name => "labels";

    public bool Alone => true;

    public async Task RunAsync(Bench bench)
    {
        var db = bench.Market.Db;
        var folder = Directory.CreateTempSubdirectory("slm-labels-");
        await using var services = Rooms.Of(db, folder.FullName);
        await using var scope = services.CreateAsyncScope();
        T Of<T>() where T : notnull => ActivatorUtilities.GetServiceOrCreateInstance<T>(scope.ServiceProvider);
        var (lot, member) = await db.SingleAsync<(string, long)>("select l.code, m.person_id from origin.lot l join producers.acting m on m.producer_id = l.producer_id where l.base_unit = 'g' and l.taken_back_at is null and not exists (select 1 from origin.lot_block b where b.lot_id = l.id and b.lifted_at is null) order by l.quantity_base desc, l.id limit 1");
        var series = Of<ItemSeries>();
        Guid key;
        await using (var tx = await db.BeginAsync())
        {
            key = (await series.OpenAsync(tx, lot, member, ItemSeries.Most, 1, "", new Actor(member, Roles.Seller)) as SeriesOutcome.Opened ?? throw new InvalidOperationException("no series")).Key;
            await tx.CommitAsync();
        }
        var clock = Stopwatch.StartNew();
        await foreach (var _ in series.MakeAsync(db, key))
        {
        }
        var made = clock.Elapsed.TotalSeconds;
        bench.Report.Line($"### {ItemSeries.Most:N0} labels of packages");
        bench.Report.Line();
        bench.Report.Line($"Their codes were made in {Report.N(made, 2)} s.");
        bench.Report.Line();
        bench.Report.Line("| paper | seconds | most memory above rest, MB | file, MB |");
        bench.Report.Line("|---|---|---|---|");
        var (slowest, largest) = (0.0, 0.0);
        foreach (var format in LabelFormat.All)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            await File.WriteAllTextAsync("/proc/self/clear_refs", "5");
            var rest = Memory("VmRSS");
            clock.Restart();
            var result = await Of<ItemPrinting>().RunAsync(new(lot, key, 1, ItemSeries.Most, 1, member, format.Word, 0, 0), new TaskProgress(db, TimeProvider.System, Guid.NewGuid()), CancellationToken.None);
            var (took, grown) = (clock.Elapsed.TotalSeconds, Memory("VmHWM") - rest);
            (slowest, largest) = (Math.Max(slowest, took), Math.Max(largest, grown));
            var bytes = folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(f => f.Length).DefaultIfEmpty().Max();
            bench.Report.Line($"| {format.Word} | {Report.N(took, 1)} | {Report.N(grown, 0)} | {(result.Failed ? "too large" : Report.N(bytes / 1e6, 1))} |");
            foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
                file.Delete();
        }
        bench.Report.Line();
        bench.Report.AtMost($"{ItemSeries.Most:N0} labels drawn, s", slowest, 10, 1);
        bench.Report.AtMost($"memory while {ItemSeries.Most:N0} labels are drawn, MB", largest, 300, 0);
        bench.Report.Line();
        folder.Delete(recursive: true);
    }

    private static double Memory(string name) =>
        double.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1000;
}
