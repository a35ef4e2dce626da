using System.Diagnostics;
using System.Globalization;
using SonLaMarket.Benchmarks.Limit;
using SonLaMarket.Benchmarks.Support;
using SonLaMarket.Benchmarks.Workloads;

if (args is ["limit", .. var rest])
{
    await LimitProgram.RunAsync(rest);
    return 0;
}
IWorkload[] workloads = [new TracePage(), new ProductPage(), new ListPage(), new Search(), new CheckOut(), new Crowd(), new Ipn(), new Books(), new Scanned(), new ScanRecord(), new Graph(), new Labels(), new ColdStart(), new Memory(), new Feeds(), new ExportFiles(), new Imported(), new Weights(), new Lighthouse()];
var wanted = Value("--workload") ?? "all";
var chosen = workloads.Where(w => wanted == "all" || wanted.Split(',').Contains(w.Name)).ToList();
if (chosen.Count == 0 || args.Contains("--help"))
{
    Console.WriteLine($"--workload all|{string.Join('|', workloads.Select(w => w.Name))}   --quick   --rounds N   --seconds N   --listings N   --write");
    return args.Contains("--help") ? 0 : 2;
}
var quick = args.Contains("--quick");
var rounds = Number("--rounds", quick ? 3 : 5);
double seconds = Number("--seconds", quick ? 1 : 2);
var clock = Stopwatch.StartNew();
await using var market = await Market.OpenAsync(Number("--listings", quick ? 10_000 : 100_000), Value("--program") ?? Machine.Built, Console.Error);
Console.Error.WriteLine($"ready after {clock.Elapsed.TotalSeconds:N0} s");
var report = new Report(Console.Out);
report.Line(Machine.Describe(market.Listings, rounds, seconds));
report.Line();
var comparison = new Comparison(market, rounds, seconds);
foreach (var workload in chosen.Where(w => w.Alone))
    await workload.RunAsync(new Bench(market, null!, null!, comparison, report, rounds, seconds));
if (chosen.Exists(w => !w.Alone))
{
    await using var product = market.StartProduct(Market.Large);
    await using var limit = market.StartLimit();
    await limit.AnswersAsync("/plaintext");
    await product.AnswersAsync("/health/ready");
    foreach (var workload in chosen.Where(w => !w.Alone))
        await workload.RunAsync(new Bench(market, product, limit, comparison, report, rounds, seconds));
}
report.Summary();
Console.Error.WriteLine($"{clock.Elapsed.TotalMinutes:N1} minutes");
if (args.Contains("--write"))
    Machine.Write(report.Text);
return 0;

string? Value(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
int Number(string name, int otherwise) => int.TryParse(Value(name), CultureInfo.InvariantCulture, out var given) ? given : otherwise;
