using System.Text.Json;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;

namespace SonLaMarket.Imports;

/// <summary>Files on their way in: sent, read, corrected, saved. Every change locks the file's row first.</summary>
public sealed class ImportRegister(LongTasks tasks, IEnumerable<IImportKind> kinds, Audit audit, TimeProvider clock)
{
    private const string Columns = """
        i.id, i.producer_id, i.kind, i.file_name, i.state, w.state as task_state, coalesce(w.done, 0) as task_done, w.total as task_total, i.sheet, i.heading_row, i.headings::text as headings, i.notes::text as notes,
        i.problem, i.problem_args, i.valid_only, i.announced, i.refused, i.saved, i.kept, i.pictures, i.spare_pictures, i.unchanged, i.questions, i.created_at, i.saved_at, i.undone_at, i.file is not null as has_file
        """;

    private const int MostSpare = 12;

    private const string From = "from imports.import i left join jobs.long_task w on w.id = i.task_id";

    private const string Own = """
        i.producer_id is not distinct from nullif(@ProducerId, 0) and (exists (select 1 from producers.acting m where m.producer_id = i.producer_id and m.person_id = @MemberId)
          or (i.producer_id is null and exists (select 1 from accounts.person_role r where r.person_id = @MemberId and r.role = 'operator')))
        """;

    /// <summary>What this person's files may hold.</summary>
    public IReadOnlyList<IImportKind> KindsFor(Importer importer) => [.. kinds.Where(k => k.Office == (importer.ProducerId == 0))];

    public IImportKind Kind(string word) => kinds.First(k => k.Word == word);

    public static Task<Import?> FindAsync(Sql sql, Guid id, Importer importer, CancellationToken ct = default) =>
        sql.FirstOrDefaultAsync<Import>($"select {Columns} {From} where i.id = @id and {Own}", new { id, importer.ProducerId, importer.MemberId }, ct);

    /// <summary>The same with its row locked until the transaction ends.</summary>
    public static Task<Import?> LockAsync(Tx tx, Guid id, Importer importer) =>
        tx.FirstOrDefaultAsync<Import>($"select {Columns} {From} where i.id = @id and {Own} for update of i", new { id, importer.ProducerId, importer.MemberId });

    /// <summary>Newest first.</summary>
    public static async Task<Page<Import>> PageAsync(Sql sql, Importer importer, Guid? before, int take, CancellationToken ct)
    {
        const string select = $"""
            select {Columns} {From} where {Own} and (@before::uuid is null or (i.created_at, i.id) < (select b.created_at, b.id from imports.import b where b.id = @before and b.producer_id is not distinct from i.producer_id))
            order by i.created_at desc, i.id desc limit @limit
            """;
        return Page<Import>.Of(await sql.QueryAsync<Import>(select, new { importer.ProducerId, importer.MemberId, before, limit = take + 1 }, ct), take, i => Cursor.Of(i.Id.ToString()));
    }

    public static Task<byte[]?> FileAsync(Sql sql, Guid id, CancellationToken ct = default) => sql.FirstOrDefaultAsync<byte[]>("select file from imports.import where id = @id", new { id }, ct);

    /// <summary>Lots of a saved file that may not be sold, in the order of the file, at most fifty.</summary>
    public static Task<List<string>> BlockedLotsAsync(Sql sql, Guid id, CancellationToken ct = default) => sql.QueryAsync<string>("""
        select o.code from imports.line l join origin.lot o on o.code = coalesce(l.beside, l.made)
        where l.import_id = @id and o.taken_back_at is null and exists (select 1 from origin.lot_block b where b.lot_id = o.id and b.lifted_at is null) order by l.row limit 50
        """, new { id }, ct);

    /// <summary>Rows in the order of the file.</summary>
    /// <param name="faulty">Only those that cannot be saved as they are.</param>
    /// <param name="kept">Only those that undoing left.</param>
    public static async Task<List<ImportLine>> LinesAsync(Sql sql, Guid id, bool faulty = false, bool kept = false, int after = 0, int? take = null, CancellationToken ct = default)
    {
        const string select = """
            select row, cells::text as cells, faults, twin, made, beside, kept_because, kept_args, seen from imports.line
            where import_id = @id and row > @after and (not @faulty or faults > 0) and (not @kept or kept_because is not null) order by row limit @take
            """;
        return [.. (await sql.QueryAsync<LineRow>(select, new { id, faulty, kept, after, take }, ct)).Select(l => l.Line)];
    }

    /// <summary>Takes a file, with the pictures for its rows, and has it read. Null while another one of the producer's, or of the operators', is being read or saved: one after the other.</summary>
    /// <exception cref="Foundation.Papers.WorkbookRefusedException">The pictures are not taken.</exception>
    public async Task<Guid?> AddAsync(Tx tx, Importer importer, string kind, string fileName, byte[] file, IReadOnlyCollection<SentFile>? pictures = null)
    {
        const string insert = """
            insert into imports.import (id, producer_id, person_id, kind, file_name, file, state, created_at, changed_at)
            select @id, nullif(@ProducerId, 0), @MemberId, @kind, @fileName, @file, 'checking', @now, @now
            where not exists (select 1 from imports.import i join jobs.long_task w on w.id = i.task_id where i.producer_id is not distinct from nullif(@ProducerId, 0) and i.state in ('checking', 'saving', 'undoing') and w.state in ('waiting', 'running'))
            """;
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var name = Vietnamese.Clean(fileName);
        if (await tx.ExecuteAsync(insert, new { id, importer.ProducerId, importer.MemberId, kind, fileName = name.Length <= 200 ? name : name[..200], file, now }) == 0)
            return null;
        if (pictures is { Count: > 0 })
            await PictureTaking.KeepAsync(tx, id, pictures);
        await AskAsync(tx, id, importer, new Said("Đọc tệp {0}", name), new CheckImport(id, importer));
        await audit.WriteAsync(tx, importer.Actor, "import.upload", $"import:{id}", detail: new { kind, bytes = file.Length });
        return id;
    }

    /// <summary>Has the rows saved. False when the file is not read yet, or saved already.</summary>
    /// <param name="validOnly">Leaves rows with faults out; without it a single one keeps all from being saved.</param>
    public async Task<bool> SaveAsync(Tx tx, Import import, bool validOnly, Importer importer)
    {
        if (!import.Open || import.Announced == 0 || (import.Refused > 0 && !validOnly))
            return false;
        await tx.ExecuteAsync("update imports.import set state = 'saving', valid_only = @validOnly, problem = null, problem_args = '{}', changed_at = @now where id = @Id", new { import.Id, validOnly, now = clock.GetUtcNow() });
        await AskAsync(tx, import.Id, importer, new Said("Lưu tệp {0}", import.FileName), new SaveImport(import.Id, importer));
        return true;
    }

    /// <summary>Has what was saved taken back. False when it was not saved, or longer ago than a day.</summary>
    public async Task<bool> UndoAsync(Tx tx, Import import, Importer importer)
    {
        if (!import.Undoable(clock.GetUtcNow()))
            return false;
        await tx.ExecuteAsync("update imports.import set state = 'undoing', changed_at = @now where id = @Id", new { import.Id, now = clock.GetUtcNow() });
        await AskAsync(tx, import.Id, importer, new Said("Hoàn tác tệp {0}", import.FileName), new UndoImport(import.Id, importer));
        return true;
    }

    /// <summary>Puts what was corrected into the rows and looks at all of them again. The file is locked and open.</summary>
    /// <param name="corrected">Texts by row and field.</param>
    public async Task CorrectAsync(Tx tx, Import import, IReadOnlyDictionary<(int Row, string Field), string> corrected, Importer importer)
    {
        var lines = await LinesAsync(tx, import.Id);
        foreach (var line in lines)
        {
            foreach (var heading in import.Columns.Select(h => h.Field).Concat(Kind(import.Kind).Columns.Select(c => c.Field)).Distinct())
            {
                if (corrected.TryGetValue((line.Row, heading), out var text))
                    line.Cells[heading] = text;
            }
        }
        await JudgeAsync(tx, import.Id, Kind(import.Kind), lines, importer);
    }

    /// <summary>Every suggestion that there is, taken. The file is locked and open.</summary>
    public async Task TakeSuggestionsAsync(Tx tx, Import import, Importer importer)
    {
        var kind = Kind(import.Kind);
        var sheet = await kind.OpenAsync(tx, importer, import.Id, CancellationToken.None);
        var lines = await LinesAsync(tx, import.Id);
        foreach (var line in lines.Where(l => l.Faults > 0))
        {
            foreach (var fault in sheet.Read(line.Cells).Faults.Where(f => f.Suggestion is not null))
                line.Cells[fault.Field] = fault.Suggestion!;
        }
        await JudgeAsync(tx, import.Id, kind, lines, importer);
    }

    /// <summary>A file that was not saved goes, with all that was read of it.</summary>
    public async Task<bool> DiscardAsync(Tx tx, Import import, Importer importer)
    {
        if (import.SavedAt is not null || import.Working)
            return false;
        await tx.ExecuteAsync("delete from imports.import where id = @Id", new { import.Id });
        await audit.WriteAsync(tx, importer.Actor, "import.discard", $"import:{import.Id}");
        return true;
    }

    /// <summary>The bytes of files whose time for undoing is long over.</summary>
    public Task<int> ForgetAsync(Sql sql, CancellationToken ct)
    {
        const string forget = """
            delete from imports.line l using imports.import i where i.id = l.import_id and i.changed_at < @before;
            delete from imports.picture p using imports.import i where i.id = p.import_id and i.changed_at < @before;
            update imports.import set file = null, notes = '[]' where file is not null and changed_at < @before
            """;
        return sql.ExecuteAsync(forget, new { before = clock.GetUtcNow() - TimeSpan.FromDays(30) }, ct);
    }

    /// <summary>Keeps what was read of a file.</summary>
    internal async Task ReadAsync(Tx tx, Guid id, SheetContent content, Importer importer)
    {
        const string update = """
            update imports.import set kind = @Word, sheet = @Sheet, heading_row = @Row, headings = @headings::jsonb, notes = @notes::jsonb, state = 'checked', problem = null, problem_args = '{}' where id = @id
            """;
        await tx.ExecuteAsync("delete from imports.line where import_id = @id", new { id });
        await tx.ExecuteAsync(update, new { id, content.Kind.Word, content.Sheet, content.Row, headings = JsonSerializer.Serialize(content.Headings), notes = JsonSerializer.Serialize(content.Notes) });
        await JudgeAsync(tx, id, content.Kind, content.Lines, importer);
    }

    /// <summary>Reads every row by the rules of its kind, and beside the others; counts what saving would make.</summary>
    internal async Task JudgeAsync(Tx tx, Guid id, IImportKind kind, List<ImportLine> lines, Importer importer)
    {
        const string put = """
            insert into imports.line (import_id, row, cells, faults, twin, seen)
            select @id, r.row, r.cells, r.faults, r.twin, r.seen from jsonb_to_recordset(@rows::jsonb) as r (row int, cells jsonb, faults int, twin int, seen text)
            on conflict (import_id, row) do update set cells = excluded.cells, faults = excluded.faults, twin = excluded.twin, seen = excluded.seen
            """;
        var sheet = await kind.OpenAsync(tx, importer, id, CancellationToken.None);
        var (pictures, unchanged, questions, taken) = (0, 0, 0, new HashSet<Guid>());
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var judged = new List<ImportLine>(lines.Count);
        foreach (var line in lines)
        {
            var reading = sheet.Read(line.Cells);
            int? twin = reading.Key is { } key && !first.TryAdd(key, line.Row) ? first[key] : null;
            judged.Add(line with { Twin = twin, Faults = reading.Faults.Count + (twin is null ? 0 : 1), Seen = reading.Seen });
            pictures += judged[^1].Faults == 0 ? reading.PictureIds.Length : 0;
            unchanged += judged[^1].Faults == 0 && reading.Unchanged ? 1 : 0;
            questions += judged[^1].Faults == 0 && reading.Question is not null ? 1 : 0;
            taken.UnionWith(reading.PictureIds);
        }
        foreach (var part in judged.Chunk(1000))
            await tx.ExecuteAsync(put, new { id, rows = JsonSerializer.Serialize(part.Select(l => new { row = l.Row, cells = l.Cells, faults = l.Faults, twin = l.Twin, seen = l.Seen })) });
        await tx.ExecuteAsync("update imports.import set announced = @good, refused = @bad, pictures = @pictures, unchanged = @unchanged, questions = @questions, spare_pictures = @spare, changed_at = @now where id = @id", new { id, pictures, unchanged, questions, spare = (await SentPictures.LoadAsync(tx, id, CancellationToken.None)).Spare(taken).Take(MostSpare).ToArray(), good = judged.Count(l => l.Faults == 0) - unchanged, bad = judged.Count(l => l.Faults > 0), now = clock.GetUtcNow() });
    }

    private async Task AskAsync<TInput>(Tx tx, Guid id, Importer importer, Said title, TInput input)
    {
        var task = await tasks.AskAsync(tx, importer.MemberId, title, input);
        await tx.ExecuteAsync("update imports.import set task_id = @task where id = @id", new { id, task });
    }

    private sealed record LineRow(int Row, string Cells, int Faults, int? Twin, string? Made, string? Beside, string? KeptBecause, string[]? KeptArgs, string? Seen)
    {
        public ImportLine Line => new(Row, JsonSerializer.Deserialize<Dictionary<string, string>>(Cells)!, Faults, Twin, Made, Beside, KeptBecause is null ? null : new Told(KeptBecause, KeptArgs), Seen);
    }
}

/// <summary>Forgets what nobody undoes any more.</summary>
public sealed class ForgetImports(ImportRegister imports, Db db) : IRecurring
{
    public Task RunAsync(CancellationToken ct) => imports.ForgetAsync(db, ct);
}
