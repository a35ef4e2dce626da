using System.Globalization;
using SonLaMarket.Files;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Supervision;
using FileOptions = SonLaMarket.Files.FileOptions;

namespace SonLaMarket.Home.Keeping;

/// <summary>Copies the database with its keys, then the uploads: bytes are stored before the row that names them, so that no copy lacks a file.</summary>
internal sealed class Backup(IConfiguration configuration, TextWriter output, ILogger logger)
{
    public async Task<int> RunAsync(BackupFolder to, int? keep)
    {
        var copy = await DatabaseCopies.TakeAsync(configuration, to, TimeProvider.System, logger);
        var files = await FileStore.CopyMissingAsync(FileOptions.Of(configuration).Folder, to.Files);
        var made = new BackupMade(copy.Name, copy.Manifest.Kind, copy.Manifest.StartedAt, copy.Manifest.EndedAt, copy.Bytes, files);
        await using (var database = await Database.LookAsync(configuration, logger))
            await BackupLog.NoteAsync(new Db(database.Source), made);
        if (keep is { } number)
            to.Prune(number);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"backup\t{copy.Path}\t{made.Kind}\t{made.Bytes} bytes\t{files} new files"));
        return 0;
    }
}
