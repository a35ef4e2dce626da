using System.Globalization;
using Npgsql;

namespace SonLaMarket.Foundation.Data;

/// <summary>Copies of the running cluster, the archive of its write-ahead log, and the way back from both.</summary>
public sealed partial class EmbeddedPostgres
{
    /// <summary>What PostgreSQL makes anew at each start, or must not find twice ("Making a Base Backup Using the Low Level API").</summary>
    private static readonly string[] NotCopied = ["pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"];

    private static readonly string[] NotCopiedFiles = ["postmaster.pid", "postmaster.opts", "server.log"];

    /// <summary>The folder of the archive belongs to the server's user, who must be able to write there.</summary>
    private async Task OpenArchiveAsync()
    {
        if (archive is null)
            return;
        if (archive.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('/' or '.' or '_' or '-')))
            throw new EmbeddedPostgresException($"The folder of backups may have letters, digits and ./_- in its name only: {archive}");
        if (!Directory.Exists(archive))
            folder.Give(Directory.CreateDirectory(archive).FullName);
        if ((await Commands.RunAsync("/bin/sh", ["-c", "test -w \"$0\"", archive], folder.User)).Code != 0)
            throw new EmbeddedPostgresException($"The database server's user cannot write to {archive}: every folder above it must let that user pass.");
    }

    /// <summary>A part that is there already is archived already; another part under its name is a fault that PostgreSQL reports and repeats.</summary>
    private IEnumerable<string> ArchiveSettings() => archive is null ? [] :
    [
        "archive_mode=on",
        "archive_timeout=60",
        $"archive_command=if test -f {archive}/%f; then cmp -s %p {archive}/%f; else cp %p {archive}/%f.part && sync {archive}/%f.part && mv {archive}/%f.part {archive}/%f; fi",
    ];

    /// <summary>Copies the cluster, while it is used, into a new folder from which a server can start. By pg_basebackup; where the installation lacks it, by the same steps done here.</summary>
    /// <exception cref="EmbeddedPostgresException">The copy could not be made.</exception>
    public async Task CopyToAsync(string to, CancellationToken ct = default)
    {
        var program = binaries.Program("pg_basebackup");
        if (!File.Exists(program))
        {
            await CopyFilesAsync(to, ct);
            return;
        }
        string[] args = ["-D", to, "-F", "plain", "-X", "stream", "-c", "fast", "--no-manifest", "--no-password", "-h", folder.SocketFolder, "-p", "5432", "-U", Owner];
        var (code, output) = await Commands.RunAsync(program, args, null, new Dictionary<string, string>(StringComparer.Ordinal) { ["PGPASSWORD"] = passwords.Owner });
        if (code != 0)
            throw new EmbeddedPostgresException("pg_basebackup failed: " + output.Trim().ReplaceLineEndings(" "));
        File.Delete(Path.Combine(to, "server.log"));
    }

    /// <summary>The slot keeps the log that is written meanwhile; the session that begins the backup must be the one that ends it.</summary>
    private async Task CopyFilesAsync(string to, CancellationToken ct)
    {
        await using var connection = await ConnectAsync(ct);
        await ScalarAsync(connection, "select pg_create_physical_replication_slot('sonlamarket_backup', true, true)::text", ct);
        var first = await ScalarAsync(connection, "select pg_walfile_name(pg_backup_start('sonlamarket', true))", ct);
        Trees.Copy(folder.Data, to, skip: name => NotCopied.Contains(name.Split('/')[0]) || NotCopiedFiles.Contains(name) || name.Contains("pgsql_tmp", StringComparison.Ordinal));
        foreach (var empty in NotCopied)
            Directory.CreateDirectory(Path.Combine(to, empty));
        Directory.CreateDirectory(Path.Combine(to, "pg_wal", "archive_status"));
        await using var stop = new NpgsqlCommand("select pg_walfile_name(lsn), labelfile, spcmapfile from pg_backup_stop(false)", connection);
        await using var reader = await stop.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var last = reader.GetString(0);
        await File.WriteAllTextAsync(Path.Combine(to, "backup_label"), reader.GetString(1), ct);
        if (reader.GetString(2) is { Length: > 0 } map)
            await File.WriteAllTextAsync(Path.Combine(to, "tablespace_map"), map, ct);
        foreach (var part in Directory.EnumerateFiles(Path.Combine(folder.Data, "pg_wal")).Select(p => Path.GetFileName(p)!))
        {
            if (part.Length == 24 && string.CompareOrdinal(part, first) >= 0 && string.CompareOrdinal(part, last) <= 0)
                File.Copy(Path.Combine(folder.Data, "pg_wal", part), Path.Combine(to, "pg_wal", part));
        }
    }

    /// <summary>Puts a copy into an empty folder and rolls it forward by the archive, to its end or to a moment; the server is stopped afterwards.</summary>
    /// <param name="data">What <see cref="CopyToAsync"/> made.</param>
    /// <param name="passwordFile">The passwords of the cluster that was copied.</param>
    /// <param name="wal">The archive, or null for the copy alone.</param>
    /// <param name="until">The moment after which nothing counts; null for all there is.</param>
    /// <exception cref="EmbeddedPostgresException">The folder holds a database already, or the archive ends before the moment.</exception>
    public static async Task RestoreAsync(EmbeddedPostgresOptions target, string data, string passwordFile, string? wal, DateTimeOffset? until, ILogger logger, CancellationToken ct = default)
    {
        string staged;
        await using (var folder = ClusterFolder.Take(target.Folder))
        {
            if (Directory.Exists(folder.Data) || File.Exists(folder.PasswordFile))
                throw new EmbeddedPostgresException($"The folder {folder.Path} already holds a database: a restore wants an empty one, given by Database__Folder.");
            folder.Open();
            staged = Path.Combine(folder.Path, "wal.restore");
            var half = folder.Data + ".new";
            foreach (var left in new[] { half, staged }.Where(Directory.Exists))
                Directory.Delete(left, recursive: true);
            Trees.Copy(data, half, made: folder.Give);
            if (wal is not null)
            {
                Trees.Copy(wal, staged, made: folder.Give);
                await File.AppendAllLinesAsync(Path.Combine(half, "postgresql.auto.conf"), Recovery(staged, until), ct);
                await File.WriteAllTextAsync(Path.Combine(half, "recovery.signal"), "", ct);
                folder.Give(Path.Combine(half, "recovery.signal"));
            }
            File.Copy(passwordFile, folder.PasswordFile);
            File.SetUnixFileMode(folder.PasswordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Directory.Move(half, folder.Data);
        }
        await using (var server = await StartAsync(target with { Archive = null, Fresh = false }, logger, ct))
            await server.RecoverAsync(until, ct);
        if (wal is not null)
            Directory.Delete(staged, recursive: true);
    }

    private static IEnumerable<string> Recovery(string staged, DateTimeOffset? until)
    {
        yield return $"restore_command = 'cp \"{staged}/%f\" \"%p\"'";
        yield return "recovery_target_timeline = 'latest'";
        yield return "recovery_target_action = 'promote'";
        if (until is { } at)
            yield return string.Create(CultureInfo.InvariantCulture, $"recovery_target_time = '{at.ToUniversalTime():yyyy-MM-dd HH:mm:ss.ffffff}+00'");
    }

    /// <summary>Readers are let in before the log has been followed to its end; the end is when the server takes changes.</summary>
    private async Task RecoverAsync(DateTimeOffset? until, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await using var connection = await ConnectAsync(ct);
                if (await ScalarAsync(connection, "select pg_is_in_recovery()::text", ct) == "false")
                {
                    foreach (var setting in new[] { "restore_command", "recovery_target_timeline", "recovery_target_action", "recovery_target_time" })
                        await ScalarAsync(connection, $"alter system reset {setting}", ct);
                    return;
                }
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                if ((await File.ReadAllTextAsync(Path.Combine(folder.Data, "server.log"), ct)).Contains("recovery ended before configured recovery target was reached", StringComparison.Ordinal))
                    throw new EmbeddedPostgresException($"The archive ends before {until:O}: nothing was written after it. Restore without --at for all there is.", e);
            }
            await Task.Delay(100, ct);
        }
    }

    private static async Task<string?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        // A backup waits for a checkpoint, which may take minutes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(ct) as string;
    }
}
