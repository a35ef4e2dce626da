using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;

namespace SonLaMarket.Imports;

public sealed record CheckImport(Guid Id, Importer Importer);

/// <summary>The dry run: reads a file and says of each row what saving would make of it, or what is wrong. Setting Imports:ReadSeconds: how long reading a file may take.</summary>
public sealed class ImportChecking(ImportRegister imports, PictureTaking pictures, IConfiguration configuration, Db db) : ILongTask<CheckImport>
{
    private readonly int seconds = configuration.GetValue("Imports:ReadSeconds", 60);

    public async Task<TaskResult> RunAsync(CheckImport input, TaskProgress progress, CancellationToken ct)
    {
        var (id, importer) = input;
        if (await ImportRegister.FindAsync(db, id, importer, ct) is not { State: "checking" } import || await ImportRegister.FileAsync(db, id, ct) is not { } file)
            return new(new Said("Tệp này không còn chờ đọc."), importer.PathOf(id));
        try
        {
            var content = Read(file, import.Kind == "" ? imports.KindsFor(importer) : [imports.Kind(import.Kind)], ct);
            await progress.ReportAsync(0, content.Lines.Count);
            await pictures.DrawAsync(id, importer, ct);
            await using var tx = await db.BeginAsync(CancellationToken.None);
            if (await ImportRegister.LockAsync(tx, id, importer) is not { State: "checking" })
                return new(new Said("Tệp này không còn chờ đọc."), importer.PathOf(id));
            await imports.ReadAsync(tx, id, content, importer);
            await tx.CommitAsync(CancellationToken.None);
            await progress.ReportAsync(content.Lines.Count, content.Lines.Count);
            return new(new Said("Đã đọc {0} dòng.", Vietnamese.Number(content.Lines.Count)), importer.PathOf(id));
        }
        catch (WorkbookRefusedException refused)
        {
            await db.ExecuteAsync("delete from imports.picture where import_id = @id; update imports.import set state = 'unreadable', problem = @Text, problem_args = @Args where id = @id and state = 'checking'", new { id, refused.Why.Text, refused.Why.Args }, CancellationToken.None);
            return new(refused.Why, importer.PathOf(id), Failed: true);
        }
    }

    /// <summary>A file that keeps its reader busy for longer is no table: others wait for their turn.</summary>
    private SheetContent Read(byte[] file, IReadOnlyList<IImportKind> kinds, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return SheetFile.Read(file, kinds, either.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new WorkbookRefusedException(new Said("Đọc tệp này quá {0} giây nên đã dừng. Hãy chép riêng các dòng cần nhập sang một tệp mới, hoặc chia thành nhiều tệp.", Vietnamese.Number(seconds)), e);
        }
    }
}
