using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Home.Keeping;

/// <summary>Reads every copy against its hashes, then restores the newest one, log included, into a place of its own and looks at what came back: a backup is good when it was restored.</summary>
internal sealed class Verification(IConfiguration configuration, TextWriter output, ILogger logger)
{
    public async Task<int> RunAsync(BackupFolder from)
    {
        var newest = from.Newest();
        var damage = from.Copies().SelectMany(BackupFolder.Damage).ToList();
        foreach (var line in damage)
            await output.WriteLineAsync(line);
        if (damage.Count > 0)
            return 1;
        var folder = Path.Combine(Path.GetTempPath(), "sonlamarket-verify-" + Guid.NewGuid().ToString("N")[..12]);
        try
        {
            await using var trial = await TrialAsync(from, newest, folder);
            var whole = await Restore.WholeAsync(new Db(trial.Source), from.Files, newest.Manifest.EndedAt, output);
            await output.WriteLineAsync($"verified\t{newest.Name}\t{(whole ? "whole" : "NOT whole")}");
            return whole ? 0 : 1;
        }
        finally
        {
            await EmbeddedPostgres.DeleteAsync(new(folder));
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A dump needs a server to be restored into; the data files of a cluster are one.</summary>
    private async Task<Database> TrialAsync(BackupFolder from, BackupCopy copy, string folder)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Database:Folder"] = folder, ["Database:PostgresBin"] = configuration["Database:PostgresBin"] };
        if (copy.Manifest.Kind == "dump")
        {
            await using var server = await EmbeddedPostgres.StartAsync(new(folder, configuration["Database:PostgresBin"], Disposable: true), logger);
            await DatabaseCopies.BringBackAsync(Settings(new(settings, StringComparer.Ordinal) { ["ConnectionStrings:SonLaMarket"] = server.OwnerConnectionString() }), from, copy, null, disposable: true, logger);
            await Migrator.RunAsync(server.OwnerConnectionString(), EmbeddedPostgres.AppRole);
        }
        else
        {
            await DatabaseCopies.BringBackAsync(Settings(settings), from, copy, null, disposable: true, logger);
        }
        return await Database.LookAsync(Settings(settings), logger);
    }

    private static IConfiguration Settings(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
