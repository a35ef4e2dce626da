using System.ComponentModel.DataAnnotations;
using System.Net;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Origin;

/// <summary>What a report can be about, and what can be the matter.</summary>
public static class ProblemKinds
{
    /// <summary>A code on a label that we never issued.</summary>
    public const string Label = "label";
    public const string Lot = "lot";
    public const string Listing = "listing";
    public const string Unknown = "unknown";

    public static readonly (string Word, string Label)[] Matters =
    [
        ("differs", "Hàng khác với trang này"), ("quality", "Hàng hỏng, kém chất lượng"), ("copied", "Tem có vẻ bị sao chép, dán lại"),
        ("wrong", "Thông tin trên trang sai"), ("other", "Việc khác"),
    ];

    public static string MatterLabel(string word) => word == Unknown ? "Mã không do sàn cấp" : Matters.First(m => m.Word == word).Label;
}

/// <summary>What the form asks, under a lot or a listing.</summary>
public record ProblemForm : IValidatableObject
{
    [Required(ErrorMessage = "Hãy chọn một mục.")]
    public string? Matter { get; init; }

    [DataType(DataType.MultilineText)]
    [StringLength(1000, ErrorMessage = "Ghi chú dài nhất 1.000 ký tự.")]
    public string? Note { get; init; }

    [StringLength(120, ErrorMessage = "Liên hệ dài nhất 120 ký tự.")]
    public string? Contact { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Matter is not null && Array.TrueForAll(ProblemKinds.Matters, m => m.Word != Matter))
            yield return new(validationContext.GetRequiredService<Foundation.Text.Texts>()["Hãy chọn một mục."], [nameof(Matter)]);
    }
}

/// <param name="Path">Where the thing itself stands; the form is sent to the address below it.</param>
public sealed record ProblemPage(ProblemForm Form, string Path, string Name, bool Sent = false);

/// <summary>Reports by people who bought or scanned something: leads for inspectors.</summary>
public sealed class ProblemReports(Audit audit, Db db, TimeProvider clock) : IRecurring
{
    private const int MostAnHour = 20;

    /// <summary>How long a thing that was reported too often takes no more reports.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>
    /// False when the same thing was reported too often within an hour: the officers know by then. The same words from the same
    /// network again (a double click, a reload) are one report: the forms stand on pages that may be cached and carry no key.
    /// </summary>
    /// <param name="from">Where it comes from: only in a digest with the words, which is forgotten after the hour.</param>
    public async Task<bool> AddAsync(Tx tx, string subject, string code, string matter, string? note, string? contact, IPAddress? from)
    {
        const string insert = """
            insert into origin.problem_report (subject, code, matter, note, contact, reported_at, repeat_mark)
            select @subject, @code, @matter, @note, @contact, @now, @mark
            where (select count(*) from origin.problem_report where code = @code and reported_at > @now - interval '1 hour') < @MostAnHour
            on conflict (repeat_mark) do nothing;
            select exists (select 1 from origin.problem_report where repeat_mark = @mark);
            """;
        await ForgetAsync(tx);
        var mark = Codes.Hash(string.Join('\0', subject, code, matter, note, contact, Source.Of(from)));
        return await tx.SingleAsync<bool>(insert, new { subject, code, matter, note = note ?? "", contact = contact ?? "", now = clock.GetUtcNow(), MostAnHour, mark });
    }

    public Task RunAsync(CancellationToken ct) => ForgetAsync(db);

    private Task<int> ForgetAsync(Sql sql) =>
        sql.ExecuteAsync("update origin.problem_report set repeat_mark = null where repeat_mark is not null and reported_at <= @before", new { before = clock.GetUtcNow() - Window });

    public async Task<bool> HandleAsync(Tx tx, long id, Actor officer)
    {
        if (await tx.ExecuteAsync("update origin.problem_report set handled_at = @now, handled_by = @PersonId where id = @id and handled_at is null", new { id, officer.PersonId, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, officer, "label-report.handle", $"label-report:{id}");
        return true;
    }
}
