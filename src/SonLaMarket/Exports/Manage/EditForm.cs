using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Exports.Manage;

/// <summary>A profile as it is edited: what stands over all columns, and one column that is open. The rest comes along as it is.</summary>
public sealed record EditForm
{
    /// <summary>The version that is changed.</summary>
    public int Version { get; init; }

    /// <summary>The profile as it was when the page was made, Base64 of its JSON.</summary>
    [StringLength(1_000_000, ErrorMessage = "Hồ sơ này quá dài.")]
    public string? Draft { get; init; }

    [Required(ErrorMessage = "Hãy ghi tên sàn.")]
    [StringLength(100, ErrorMessage = "Ghi dài nhất 100 ký tự.")]
    public string? Name { get; init; }

    public string? Source { get; init; }

    public string Status { get; init; } = "draft";

    public string[]? Formats { get; init; }

    public string Formula { get; init; } = "apostrophe";

    [StringLength(8000, ErrorMessage = "Điều kiện dài nhất 8.000 ký tự.")]
    public string? Filter { get; init; }

    public long? MaxRows { get; init; }

    public long? MaxBytes { get; init; }

    [DataType(DataType.MultilineText)]
    public string? BannedWords { get; init; }

    [DataType(DataType.MultilineText)]
    [StringLength(100_000, ErrorMessage = "Bảng này quá dài.")]
    public string? Lookups { get; init; }

    [DataType(DataType.MultilineText)]
    [StringLength(100_000, ErrorMessage = "Bảng này quá dài.")]
    public string? Categories { get; init; }

    /// <summary>The three of <see cref="TemplatePlace"/>.</summary>
    public string? TemplateSheet { get; init; }

    public int? HeaderRow { get; init; }

    public int? FirstDataRow { get; init; }

    [StringLength(300, ErrorMessage = "Ghi dài nhất 300 ký tự.")]
    public string? Note { get; init; }

    /// <summary>Saves a profile of its own beside this one.</summary>
    public string? NewCode { get; init; }

    /// <summary>Which listings the preview shows.</summary>
    public string? Sample { get; init; }

    /// <summary>The place of the open column; null while none is.</summary>
    public int? Open { get; init; }

    public ColumnForm? Column { get; init; }

    internal static EditForm Of(Profile profile, int version, int? open) => new()
    {
        Version = version,
        Draft = Convert.ToBase64String(Encoding.UTF8.GetBytes(profile.Write())),
        Name = profile.Name,
        Source = profile.Source,
        Status = profile.Status,
        Formats = profile.Formats,
        Formula = profile.Formula,
        Filter = profile.Filter,
        MaxRows = profile.Limits?.MaxRows,
        MaxBytes = profile.Limits?.MaxBytes,
        BannedWords = string.Join('\n', profile.BannedWords ?? []),
        Lookups = string.Join('\n', (profile.Lookups ?? []).SelectMany(l => l.Value.Select(w => $"{l.Key}: {w.Key} = {w.Value}"))),
        Categories = string.Join('\n', (profile.Categories ?? []).Select(c => $"{c.Key} = {c.Value}")),
        TemplateSheet = profile.Template?.Sheet,
        HeaderRow = profile.Template?.HeaderRow,
        FirstDataRow = profile.Template?.FirstDataRow,
        Open = open,
        Column = open is { } at ? ColumnForm.Of(profile.Columns[at]) : null,
    };

    /// <summary>The profile with what was typed. What cannot be read is said in the state.</summary>
    internal Profile Apply(Profile stored, ModelStateDictionary state, Texts t)
    {
        var draft = Read(stored);
        var columns = draft.Columns.ToArray();
        if (Open is { } at && at >= 0 && at < columns.Length && Column is not null)
            columns[at] = Column.Apply();
        return draft with
        {
            Name = Name ?? "",
            Source = Source ?? "",
            Status = Status,
            Formats = Formats ?? [],
            Formula = Formula,
            Filter = Filter,
            Limits = MaxRows is null && MaxBytes is null ? null : new(Whole(MaxRows, nameof(MaxRows), state, t), MaxBytes),
            BannedWords = Lines(BannedWords),
            Lookups = Tables(state, t),
            Categories = Words(Categories, nameof(Categories), state, t),
            Template = TemplateSheet is null && HeaderRow is null && FirstDataRow is null ? null : new(TemplateSheet, HeaderRow, FirstDataRow),
            Note = Note ?? stored.Note,
            Columns = columns,
        };
    }

    /// <summary>Whoever changes what the form carries along changes their own draft, which is looked at like any other.</summary>
    private Profile Read(Profile stored)
    {
        try
        {
            var draft = Draft is null ? stored : Profile.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(Draft)));
            return draft is { Columns.Length: > 0 } && Array.TrueForAll(draft.Columns, c => c?.Name is not null) ? draft with { Code = stored.Code, Author = stored.Author } : stored;
        }
        catch (Exception e) when (e is FormatException or ProfileException)
        {
            return stored;
        }
    }

    private Dictionary<string, Dictionary<string, string>>? Tables(ModelStateDictionary state, Texts t)
    {
        var tables = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var line in Lines(Lookups) ?? [])
        {
            if (line.Split(':', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } table, var pair] || Pair(pair) is not { } words)
            {
                state.AddModelError(nameof(Lookups), t["Không hiểu dòng “{0}”. Ví dụ: nhom: coffee = 1868", line]);
                return null;
            }
            (tables.TryGetValue(table, out var known) ? known : tables[table] = new(StringComparer.Ordinal))[words.Ours] = words.Theirs;
        }
        return tables.Count == 0 ? null : tables;
    }

    private static Dictionary<string, string>? Words(string? text, string field, ModelStateDictionary state, Texts t)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Lines(text) ?? [])
        {
            if (Pair(line) is not { } pair)
            {
                state.AddModelError(field, t["Không hiểu dòng “{0}”. Ví dụ: 1868 = Beverages > Coffee", line]);
                return null;
            }
            words[pair.Ours] = pair.Theirs;
        }
        return words.Count == 0 ? null : words;
    }

    private static (string Ours, string Theirs)? Pair(string text) => text.Split('=', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } ours, { Length: > 0 } theirs] ? (ours, theirs) : null;

    private static int? Whole(long? number, string field, ModelStateDictionary state, Texts t)
    {
        if (number is <= int.MaxValue or null)
            return (int?)number;
        state.AddModelError(field, t["Số này lớn hơn mức cho phép."]);
        return null;
    }

    internal static string[]? Lines(string? text) => text is null ? null : text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } lines ? lines : null;
}

/// <summary>The open column.</summary>
public sealed record ColumnForm
{
    public string? Name { get; init; }

    public string? From { get; init; }

    [DataType(DataType.MultilineText)]
    public string? Transforms { get; init; }

    public bool Required { get; init; }

    [StringLength(8000, ErrorMessage = "Điều kiện dài nhất 8.000 ký tự.")]
    public string? RequiredWhen { get; init; }

    public int? MaxLength { get; init; }

    public string LengthIn { get; init; } = "units";

    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    public bool Unique { get; init; }

    public int? Many { get; init; }

    public string Kind { get; init; } = "text";

    public string? Check { get; init; }

    public int? MaxDays { get; init; }

    [DataType(DataType.MultilineText)]
    public string? Allowed { get; init; }

    [DataType(DataType.MultilineText)]
    public string? Aliases { get; init; }

    [DataType(DataType.MultilineText)]
    public string? Parts { get; init; }

    public string? OnMissing { get; init; }

    public int? MinWidth { get; init; }

    public int? MinHeight { get; init; }

    public long? MaxImageBytes { get; init; }

    internal static ColumnForm Of(Column column) => new()
    {
        Name = column.Name,
        From = column.From,
        Transforms = string.Join('\n', column.Transforms ?? []),
        Required = column.Required,
        RequiredWhen = column.RequiredWhen,
        MaxLength = column.MaxLength,
        LengthIn = column.LengthIn,
        Min = column.Min,
        Max = column.Max,
        Unique = column.Unique,
        Many = column.Many,
        Kind = column.Kind,
        Check = column.Check,
        MaxDays = column.MaxDays,
        Allowed = string.Join('\n', column.Allowed ?? []),
        Aliases = string.Join('\n', column.Aliases ?? []),
        Parts = string.Join('\n', column.Parts ?? []),
        OnMissing = column.OnMissing,
        MinWidth = column.Probe?.MinWidth,
        MinHeight = column.Probe?.MinHeight,
        MaxImageBytes = column.Probe?.MaxBytes,
    };

    internal Column Apply() => new(
        Name ?? "", From, EditForm.Lines(Transforms), Required, RequiredWhen, MaxLength, LengthIn, Min, Max, Unique, Many ?? 1, Kind, Check, EditForm.Lines(Allowed), MaxDays,
        MinWidth is null && MinHeight is null && MaxImageBytes is null ? null : new(MinWidth ?? 1, MinHeight ?? 1, MaxImageBytes), EditForm.Lines(Aliases), string.IsNullOrEmpty(OnMissing) ? null : OnMissing, EditForm.Lines(Parts));
}
