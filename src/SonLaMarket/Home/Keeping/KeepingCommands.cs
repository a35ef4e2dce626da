using System.Globalization;
using Npgsql;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Supervision;

namespace SonLaMarket.Home.Keeping;

/// <summary>
/// The verbs that keep what the market knows (docs/operations.md): <c>backup</c>, <c>restore</c>, <c>verify</c>, <c>check</c>. They work on
/// the database and files that the settings name, also while the site runs, except <c>restore</c>, which wants both empty.
/// </summary>
public static class KeepingCommands
{
    private const string Usage = """
        Usage: backup [--to DIR] [--keep N]   copies database, keys and uploads into DIR (default: Backup__Folder)
               restore --from DIR [--at TIME] brings them back into an empty place, to the newest state or to a moment ("31/01/2026 08:00", Vietnam time, or 2026-01-31T08:00+07:00)
               verify --from DIR              reads every copy and restores the newest one for trial
               check                          asks the invariants of the running market
        """;

    private static readonly string[] WithOffset = ["yyyy-MM-ddTHH:mmzzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", "yyyy-MM-ddTHH:mm'Z'", "yyyy-MM-ddTHH:mm:ss.FFFFFFF'Z'"];
    private static readonly string[] InVietnam = ["dd/MM/yyyy HH:mm", "dd/MM/yyyy HH:mm:ss", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"];

    private static readonly string[] Verbs = ["backup", "restore", "verify", "check"];

    public static bool Asked(string[] args) => args is [var verb, ..] && Verbs.Contains(verb);

    /// <summary>0 when done and all is well, 1 when not, 2 when the words are wrong.</summary>
    public static async Task<int> RunAsync(string[] args, IConfiguration configuration, TextWriter output, TextWriter error)
    {
        using var logging = LoggerFactory.Create(l => l.AddConfiguration(configuration.GetSection("Logging")).AddConsole(c => c.LogToStandardErrorThreshold = LogLevel.Trace));
        var logger = logging.CreateLogger("SonLaMarket.Keeping");
        try
        {
            switch (args[0])
            {
                case "backup" when Folder(configuration["to"] ?? configuration["Backup:Folder"]) is { } to && Keep(configuration["keep"], out var keep):
                    return await new Backup(configuration, output, logger).RunAsync(to, keep);
                case "restore" when Folder(configuration["from"]) is { } from && Moment(configuration["at"], out var at):
                    return await new Restore(configuration, output, logger).RunAsync(from, at);
                case "restore" when !Moment(configuration["at"], out _):
                    await error.WriteLineAsync($"'{configuration["at"]}' is not read as a moment. Write \"31/01/2026 08:00\" (day/month/year, Vietnam time) or 2026-01-31T08:00+07:00.");
                    return 2;
                case "verify" when Folder(configuration["from"]) is { } from:
                    return await new Verification(configuration, output, logger).RunAsync(from);
                case "check":
                    return await CheckAsync(configuration, output, logger);
                default:
                    await error.WriteLineAsync(Usage);
                    return 2;
            }
        }
        catch (Exception e) when (e is BackupException or EmbeddedPostgresException or IOException or UnauthorizedAccessException or NpgsqlException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task<int> CheckAsync(IConfiguration configuration, TextWriter output, ILogger logger)
    {
        await using var database = await Database.LookAsync(configuration, logger);
        return await TellAsync(new Db(database.Source), TimeProvider.System.GetUtcNow(), output) ? 0 : 1;
    }

    /// <summary>One line for each invariant, and for each case that breaks it. True when all hold.</summary>
    internal static async Task<bool> TellAsync(Db db, DateTimeOffset now, TextWriter output)
    {
        var holds = true;
        foreach (var result in await Invariants.AskAllAsync(db, now))
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{result.Invariant.Id}\t{(result.Faults.Count == 0 ? "holds" : "BROKEN")}\t{result.Invariant.English}"));
            foreach (var fault in result.Faults)
                await output.WriteLineAsync($"\t{fault}");
            holds &= result.Faults.Count == 0;
        }
        return holds;
    }

    private static BackupFolder? Folder(string? path) => path is { Length: > 0 } ? new BackupFolder(Path.GetFullPath(path)) : null;

    private static bool Keep(string? typed, out int? keep)
    {
        keep = int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
        return typed is null || keep is not null;
    }

    /// <summary>With an offset, or as it is written in Vietnam and in its time. Nothing is guessed: 05/02 is the fifth of February, or nothing.</summary>
    private static bool Moment(string? typed, out DateTimeOffset? at)
    {
        at = null;
        if (typed is null)
            return true;
        if (DateTimeOffset.TryParseExact(typed, WithOffset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact))
            at = exact;
        else if (DateTime.TryParseExact(typed, InVietnam, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            at = new DateTimeOffset(local, TimeSpan.FromHours(7));
        return at is not null;
    }
}
