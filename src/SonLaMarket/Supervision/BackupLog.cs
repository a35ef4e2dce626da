using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Supervision;

/// <summary>A backup that was made.</summary>
/// <param name="NewFiles">Uploads that earlier backups did not have.</param>
public sealed record BackupMade(string Name, string Kind, DateTimeOffset StartedAt, DateTimeOffset EndedAt, long Bytes, int NewFiles);

public static class BackupLog
{
    /// <summary>An older last backup is a reason to look (once a night, with two hours to spare).</summary>
    public static readonly TimeSpan Late = TimeSpan.FromHours(26);

    public static Task NoteAsync(Db db, BackupMade made)
    {
        const string insert = "insert into supervision.backup (name, kind, started_at, ended_at, bytes, new_files) values (@Name, @Kind, @StartedAt, @EndedAt, @Bytes, @NewFiles)";
        return db.ExecuteAsync(insert, made);
    }
}
