using System.Globalization;
using SonLaMarket.Files;
using SonLaMarket.Foundation.Data;
using FileOptions = SonLaMarket.Files.FileOptions;

namespace SonLaMarket.Home.Keeping;

/// <summary>Brings database, keys and uploads back into an empty place, and says whether what came back is whole.</summary>
internal sealed class Restore(IConfiguration configuration, TextWriter output, ILogger logger)
{
    public async Task<int> RunAsync(BackupFolder from, DateTimeOffset? at)
    {
        var files = FileOptions.Of(configuration).Folder;
        if (Directory.Exists(files) && Directory.EnumerateFileSystemEntries(files).Any())
            throw new BackupException($"The folder {files} is not empty: a restore wants an empty one, given by Files__Folder.");
        var copy = from.Newest(at);
        await DatabaseCopies.BringBackAsync(configuration, from, copy, at, disposable: false, logger);
        var copied = await FileStore.CopyMissingAsync(from.Files, files);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"restored\t{copy.Name}\t{(at is null ? "newest state" : at.Value.ToString("O", CultureInfo.InvariantCulture))}\t{copied} files"));
        await using var database = await Database.LookAsync(configuration, logger);
        return await WholeAsync(new Db(database.Source), files, at ?? copy.Manifest.EndedAt, output) ? 0 : 1;
    }

    /// <param name="moment">What the state is of: an order that waited then is not stuck.</param>
    internal static async Task<bool> WholeAsync(Db db, string files, DateTimeOffset moment, TextWriter output)
    {
        var damage = await FileStore.DamageAsync(db, files);
        foreach (var line in damage)
            await output.WriteLineAsync(line);
        return await KeepingCommands.TellAsync(db, moment, output) && damage.Count == 0;
    }
}
