using System.Text.Json;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Imports;

/// <param name="Column">In the file, from 0.</param>
/// <param name="Text">As the file has it.</param>
public sealed record Heading(string Field, int Column, string Text);

/// <summary>A file on its way in.</summary>
/// <param name="State">checking, unreadable, checked, saving, saved, undoing, undone.</param>
/// <param name="TaskState">Of the long work that it waits for; null when there was none.</param>
/// <param name="Problem">Why it could not be read or saved.</param>
/// <param name="Announced">Rows that saving makes something of.</param>
/// <param name="Kept">Rows that undoing left as they are.</param>
/// <param name="Pictures">Those that go with the rows announced.</param>
/// <param name="Unchanged">Rows that leave everything as it is: read, not announced.</param>
/// <param name="Questions">Rows with something that its person is asked about before saving.</param>
/// <param name="SparePictures">Names of some that no row took.</param>
public sealed record Import(
    Guid Id, long? ProducerId, string Kind, string FileName, string State, string? TaskState, long TaskDone, long? TaskTotal, int Sheet, int HeadingRow, string Headings, string Notes, string? Problem, string[] ProblemArgs,
    bool ValidOnly, int Announced, int Refused, int Saved, int Kept, int Pictures, string[] SparePictures, int Unchanged, int Questions, DateTimeOffset CreatedAt, DateTimeOffset? SavedAt, DateTimeOffset? UndoneAt, bool HasFile)
{
    public static readonly TimeSpan UndoWithin = TimeSpan.FromHours(24);

    public Heading[] Columns => JsonSerializer.Deserialize<Heading[]>(Headings)!;

    public Said[] Remarks => JsonSerializer.Deserialize<Said[]>(Notes)!;

    /// <summary>Work is going on that its person waits for.</summary>
    public bool Working => State is "checking" or "saving" or "undoing" && TaskState is "waiting" or "running";

    /// <summary>Work was begun and ended without a result: it may be asked for again.</summary>
    public bool Stuck => State is "checking" or "saving" or "undoing" && !Working;

    public bool Open => State == "checked" || (State == "saving" && Stuck);

    public bool Undoable(DateTimeOffset now) => (State == "saved" || (State == "undoing" && Stuck)) && now < SavedAt + UndoWithin;
}

/// <summary>A row of the file.</summary>
/// <param name="Row">As the spreadsheet numbers it.</param>
/// <param name="Cells">Texts by the field of their column, as typed or corrected.</param>
/// <param name="Twin">An earlier row that says the same.</param>
/// <param name="Made">What came of it, by its public key; <paramref name="Beside"/> what came with it.</param>
public sealed record ImportLine(int Row, Dictionary<string, string> Cells, int Faults = 0, int? Twin = null, string? Made = null, string? Beside = null, Told? KeptBecause = null, string? Seen = null);

/// <summary>Something in a cell that cannot be taken, in the language being read.</summary>
/// <param name="Suggestion">The nearest value that can be; null where there is none.</param>
public sealed record CellFault(string Field, string Message, string? Suggestion = null);

/// <summary>A row as it was understood.</summary>
/// <param name="Key">Rows with the same key say the same; null while it cannot be told.</param>
/// <param name="Preview">What is shown of it before it is saved, by <see cref="IImportKind.PreviewHeadings"/>.</param>
public sealed record RowReading(string? Key, string[] Preview, List<CellFault> Faults)
{
    public Guid[] PictureIds { get; init; } = [];

    /// <summary>It leaves everything as it is.</summary>
    public bool Unchanged { get; init; }

    /// <summary>What its person is asked before it is saved; null where nothing is unusual.</summary>
    public string? Question { get; init; }

    /// <summary>What it was compared with: where that is another thing when it is saved, what was announced holds no more.</summary>
    public string? Seen { get; init; }
}
