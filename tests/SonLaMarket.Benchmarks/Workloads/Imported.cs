using System.Diagnostics;
using SonLaMarket.Accounts;
using SonLaMarket.Benchmarks.Support;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Imports;
using SonLaMarket.Jobs;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>P11: a workbook of as many rows as a file may have, read and saved by the running marketplace, beside one of a tenth; time, and memory beyond its rest.</summary>
public sealed class Imported : IWorkload
{
    private const int Rows = ImportKinds.MaxRows, Few = Rows / 10;

    public string Name => "imports";

    public bool Alone => true;

    public async Task RunAsync(Bench bench)
    {
        var db = bench.Market.Db;
        var (producer, person) = await db.SingleAsync<(long, long)>("select m.producer_id, m.person_id from producers.member m join producers.producer p on p.id = m.producer_id where m.role = 'owner' and p.status = 'approved' order by 1 limit 1");
        var importer = new Importer(producer, person, new Actor(person, Roles.Seller));
        var imports = new ImportRegister(new LongTasks(TimeProvider.System), [], new Audit(TimeProvider.System), TimeProvider.System);
        await using var product = bench.Market.StartProduct(Market.Large, probed: false);
        await product.AnswersAsync("/health/ready");
        bench.Report.Line($"### Files of {Few:N0} and {Rows:N0} rows, among {bench.Market.Listings} listings");
        bench.Report.Line();
        bench.Report.Line("| file | rows | MB | read and checked, s | saved, s | taken back, s | application before, MB | most, MB |");
        bench.Report.Line("|---|---|---|---|---|---|---|---|");
        var (read, saved, growth) = (0.0, 0.0, 0.0);
        var tenth = new Dictionary<string, (double Read, double Saved)>(StringComparer.Ordinal);
        var (readGrowth, savedGrowth) = (0.0, 0.0);
        // The first also compiles what is called for the first time.
        foreach (var (name, rows, file) in Files(Few).Concat(Files(Few)).Concat(Files(Rows)))
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            var before = Proc.Resident(product.ProcessId) / 1e6;
            Guid id;
            await using (var tx = await db.BeginAsync(CancellationToken.None))
            {
                id = (await imports.AddAsync(tx, importer, "", name + ".xlsx", file))!.Value;
                await tx.CommitAsync(CancellationToken.None);
            }
            var first = await WaitAsync(bench, product, id, "checked");
            var second = await AskAsync("saved", imports.SaveAsync);
            var third = await AskAsync("undone", (tx, import, _, who) => imports.UndoAsync(tx, import, who));
            var most = Math.Max(first.Most, Math.Max(second.Most, third.Most));
            bench.Report.Line($"| {name} | {rows:N0} | {Report.N(file.Length / 1e6, 1)} | {Report.N(first.Seconds, 1)} | {Report.N(second.Seconds, 1)} | {Report.N(third.Seconds, 1)} | {Report.N(before, 0)} | {Report.N(most, 0)} |");
            (read, saved, growth) = (Math.Max(read, first.Seconds), Math.Max(saved, second.Seconds), Math.Max(growth, most - before));
            if (rows == Few)
                tenth[name] = (first.Seconds, second.Seconds);
            else
                (readGrowth, savedGrowth) = (Math.Max(readGrowth, first.Seconds / tenth[name].Read), Math.Max(savedGrowth, second.Seconds / tenth[name].Saved));

            async Task<(double Seconds, double Most)> AskAsync(string state, Func<Foundation.Data.Tx, Import, bool, Importer, Task<bool>> ask)
            {
                await using (var tx = await db.BeginAsync(CancellationToken.None))
                {
                    if (!await ask(tx, (await ImportRegister.LockAsync(tx, id, importer))!, false, importer))
                        throw new InvalidOperationException($"{name} is not {state}");
                    await tx.CommitAsync(CancellationToken.None);
                }
                return await WaitAsync(bench, product, id, state);
            }
        }
        bench.Report.Line();
        bench.Report.AtMost($"P11 {Rows:N0} rows read and checked, s", read, 60, 1);
        bench.Report.AtMost($"P11 {Rows:N0} rows saved, s", saved, 60, 1);
        bench.Report.AtMost("P11 rows read and checked, growth of time for ten times the rows", readGrowth, 12, 1);
        bench.Report.AtMost("P11 rows saved, growth of time for ten times the rows", savedGrowth, 12, 1);
        bench.Report.AtMost("P11 growth while a file comes in, MB", growth, 200, 0);
        bench.Report.Line();
    }

    private static IEnumerable<(string Name, int Rows, byte[] File)> Files(int rows)
    {
        var day = Vietnamese.Date(Vietnamese.Today(TimeProvider.System).AddDays(-2));
        yield return ("products", rows, Workbook(rows, ["Tên sản phẩm", "Nhóm sản phẩm", "Tính lượng theo", "Khối lượng tịnh (gam)"], n => [$"Mận khô đo {n}", "Trái cây sấy", "cái", "500"]));
        yield return ("listings", rows, Workbook(rows, ["Tên hàng", "Nhóm hàng", "Ngày thu hoạch", "Đơn vị bán", "Cân nặng một đơn vị", "Số lượng", "Giá bán (đồng)", "Giới thiệu"], n => [$"Mận hậu đo {n}", "Trái cây tươi", day, "hộp", "5 kg", "40", "175.000", "Mận hái trong ngày, đóng hộp tại vườn."]));
    }

    private static byte[] Workbook(int rows, string[] headings, Func<int, string[]> row) =>
        WorkbookTemplate.Write("Nhập", [.. headings.Select(h => new TemplateColumn(h, false, "", "", []))], ("Hướng dẫn", [["", ""]]), "Danh mục", rows + 1, Enumerable.Range(1, rows).Select(row));

    /// <summary>Until the file is in the state asked for; how long that took and the most memory that was seen meanwhile.</summary>
    private static async Task<(double Seconds, double Most)> WaitAsync(Bench bench, Measured product, Guid id, string state)
    {
        var (clock, most) = (Stopwatch.StartNew(), 0.0);
        while (true)
        {
            var (now, task, problem) = await bench.Market.Db.SingleAsync<(string, string, string?)>("select i.state, w.state, i.problem from imports.import i join jobs.long_task w on w.id = i.task_id where i.id = @id", new { id });
            most = Math.Max(most, Proc.Resident(product.ProcessId) / 1e6);
            if (now == state)
                return (clock.Elapsed.TotalSeconds, most);
            if (task is "failed" or "done" || problem is not null)
                throw new InvalidOperationException($"the file is {now}, its work {task}: {problem}");
            await Task.Delay(20);
        }
    }
}
