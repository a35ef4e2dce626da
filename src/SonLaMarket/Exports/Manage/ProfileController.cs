using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports.Manage;

/// <summary>One profile: what its files hold and from where, its versions, and that a real platform took a file.</summary>
[Authorize(Policy = Roles.Operator)]
[Route("/quan-tri/xuat-du-lieu/{profile}")]
public sealed class ProfileController(Proofs proofs, PushSettings push, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const int Take = 30;

    [HttpGet("")]
    public async Task<IActionResult> Show(string profile, string? sau, CancellationToken ct) =>
        await LoadAsync(profile, sau, new ProofForm(), ct) is { } page ? View("Profile", page) : NotFound();

    [HttpPost("kiem-chung")]
    [CreatesOnce]
    public async Task<IActionResult> Prove(string profile, ProofForm form, CancellationToken ct)
    {
        if (await LoadAsync(profile, null, form, ct) is not { } page)
            return NotFound();
        if (form.ProvedOn > Vietnamese.Today(clock))
            ModelState.AddModelError(nameof(form.ProvedOn), T["Ngày kiểm chứng không thể ở tương lai."]);
        if (!ModelState.IsValid)
            return Invalid("Profile", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await proofs.AddAsync(tx, profile, form.Version, form.ProvedOn!.Value, Vietnamese.Clean(form.Mark), User.As(Roles.Operator)))
            return NotNow("Profile", page, T["Phiên bản này đã được ghi nhận là đã kiểm chứng, hoặc sàn không còn nhận tệp."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-tri/xuat-du-lieu/{profile}", T["Đã ghi nhận phiên bản {0} là đã kiểm chứng.", form.Version]);
    }

    private async Task<ProfilePage?> LoadAsync(string profile, string? after, ProofForm form, CancellationToken ct)
    {
        const string select = """
            select version, definition::text from exports.newest_profile where code = @profile;
            select f.version, case when p.version is null then f.status else 'proved' end as status, p.proved_on, p.mark, f.author, f.note, f.created_at
            from exports.profile f left join exports.proof p on p.profile_code = f.code and p.version = f.version
            where f.code = @profile and (@before::int is null or f.version < @before) order by f.version desc limit @take;
            select p.version, p.proved_on, array(select c.spec->>'name' from jsonb_array_elements(f.definition->'columns') with ordinality as c (spec, place) order by c.place) as columns
            from exports.proof p join exports.profile f on f.code = p.profile_code and f.version = p.version where p.profile_code = @profile order by p.version desc limit 1;
            select state, count(*) as listings from exports.push where profile_code = @profile group by state order by state;
            select until, reason from exports.push_pause where profile_code = @profile and until > @now
            """;
        var before = Cursor.Parse(after, 1) is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : (int?)null;
        return await db.MultipleAsync(select, new { profile, before, take = Take + 1, now = clock.GetUtcNow() }, async g =>
        {
            var (newest, json) = await g.ReadFirstOrDefaultAsync<(int, string?)>();
            if (json is null)
                return null;
            var versions = Page<VersionRow>.Of([.. await g.ReadAsync<VersionRow>()], Take, v => Cursor.Of(v.Version.ToString(CultureInfo.InvariantCulture)));
            var read = Profile.Read(json);
            return new ProfilePage(read, newest, versions, form)
            {
                Proved = await g.ReadFirstOrDefaultAsync<ProvedColumns>(),
                Pushed = [.. await g.ReadAsync<PushCount>()],
                Paused = await g.ReadFirstOrDefaultAsync<PushPause>(),
                PushesTo = push.For(read)?.Address,
            };
        }, ct);
    }
}

/// <param name="Mark">What the platform answered to the file that proved the version.</param>
public sealed record VersionRow(int Version, string Status, DateOnly? ProvedOn, string? Mark, string Author, string Note, DateTimeOffset CreatedAt);

/// <summary>The columns of the newest version that a real platform took.</summary>
public sealed record ProvedColumns(int Version, DateOnly ProvedOn, string[] Columns);

/// <summary>So many listings stand so with the platform's program.</summary>
public sealed record PushCount(string State, long Listings);

/// <summary>The platform is left alone until then.</summary>
public sealed record PushPause(DateTimeOffset Until, string Reason);

/// <param name="Profile">Its newest version, whose files are made now.</param>
public sealed record ProfilePage(Profile Profile, int Version, Page<VersionRow> Versions, ProofForm Form)
{
    /// <summary>The newest version where it can be proved and is on this page of versions.</summary>
    public VersionRow? Provable => Versions.Items.FirstOrDefault(v => v.Version == Version && v.Status == "draft");

    /// <summary>Null where nothing was proved yet.</summary>
    public ProvedColumns? Proved { get; init; }

    /// <summary>Where listings are sent by themselves; null where that is not set up.</summary>
    public Uri? PushesTo { get; init; }

    public List<PushCount> Pushed { get; init; } = [];

    public PushPause? Paused { get; init; }

    /// <summary>E15: what differs from the columns that the platform took; null where nothing does.</summary>
    public (IReadOnlyList<string> Added, IReadOnlyList<string> Dropped, bool Moved)? ColumnsChanged
    {
        get
        {
            if (Proved is null || Proved.Columns.SequenceEqual(Profile.Columns.Select(c => c.Name), StringComparer.Ordinal))
                return null;
            var now = Array.ConvertAll(Profile.Columns, c => c.Name);
            return (now.Except(Proved.Columns, StringComparer.Ordinal).ToList(), Proved.Columns.Except(now, StringComparer.Ordinal).ToList(),
                !now.Intersect(Proved.Columns, StringComparer.Ordinal).SequenceEqual(Proved.Columns.Intersect(now, StringComparer.Ordinal), StringComparer.Ordinal));
        }
    }
}

public sealed record ProofForm
{
    public int Version { get; init; }

    [Required(ErrorMessage = "Hãy nhập ngày sàn nhận tệp.")]
    public DateOnly? ProvedOn { get; init; }

    [Required(ErrorMessage = "Hãy ghi sàn đã trả lời gì.")]
    [StringLength(200, ErrorMessage = "Ghi dài nhất 200 ký tự.")]
    public string? Mark { get; init; }
}
