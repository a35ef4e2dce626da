using System.Security.Cryptography;
using System.Text;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Accounts;

/// <summary>A purpose that people may agree to or not; whatever they say, everything else works the same.</summary>
/// <param name="Version">Changes with the words.</param>
/// <param name="Words">What exactly is agreed to, in Vietnamese; other languages translate it.</param>
public sealed record ConsentPurpose(string Word, string Label, string Version, string Words)
{
    public static readonly ConsentPurpose[] All =
    [
        new("news", "Tin mùa vụ", "2026-11", "Tôi đồng ý để sàn gửi tin về mùa thu hoạch và hàng mới cho tôi qua tin nhắn hoặc e-mail."),
        new("survey", "Hỏi ý kiến", "2026-11", "Tôi đồng ý để sàn liên hệ hỏi ý kiến về việc dùng sàn, tối đa hai lần một năm."),
    ];

    /// <summary>SHA-256 of the words, so that nobody can say later that they were others.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Words)));

    public static ConsentPurpose? Find(string? word) => Array.Find(All, p => p.Word == word);
}

/// <param name="Given">What was said last; null when nothing was ever said, which is no.</param>
public sealed record ConsentState(ConsentPurpose Purpose, bool? Given, DateTimeOffset? At);

/// <param name="Name">Of somebody who agrees now, with where to reach them.</param>
public sealed record Consenting(string Name, string? Phone, string? Email, DateTimeOffset At, string TextVersion);

/// <summary>Each yes and each no, with the words that were read, the way and the time.</summary>
public sealed class Consents(TimeProvider clock)
{
    public async Task<IReadOnlyList<ConsentState>> OfPersonAsync(Sql sql, long personId, CancellationToken ct = default)
    {
        const string select = "select distinct on (purpose) purpose, given, at from accounts.consent where person_id = @personId order by purpose, id desc";
        var said = (await sql.QueryAsync<Said>(select, new { personId }, ct)).ToDictionary(s => s.Purpose, StringComparer.Ordinal);
        return [.. ConsentPurpose.All.Select(p => said.GetValueOrDefault(p.Word) is { } s ? new ConsentState(p, s.Given, s.At) : new ConsentState(p, null, null))];
    }

    /// <summary>Writes a yes or a no; the same again writes nothing.</summary>
    public Task SayAsync(Tx tx, long personId, ConsentPurpose purpose, bool given) => tx.ExecuteAsync("""
        insert into accounts.consent (person_id, purpose, given, text_version, text_hash, channel, at)
        select @personId, @Word, @given, @Version, @Hash, 'web', @now
        where @given is distinct from (select c.given from accounts.consent c where c.person_id = @personId and c.purpose = @Word order by c.id desc limit 1)
          and (@given or exists (select 1 from accounts.consent c where c.person_id = @personId and c.purpose = @Word))
        """, new { personId, purpose.Word, purpose.Version, purpose.Hash, given, now = clock.GetUtcNow() });

    /// <summary>Whoever agrees to the purpose now.</summary>
    public Task<List<Consenting>> AgreeingAsync(Sql sql, string purpose, CancellationToken ct) => sql.QueryAsync<Consenting>("""
        select p.name, p.phone, p.email, c.at, c.text_version
        from (select distinct on (person_id) person_id, given, at, text_version from accounts.consent where purpose = @purpose order by person_id, id desc) c join accounts.person p on p.id = c.person_id
        where c.given and p.disabled_at is null order by c.at
        """, new { purpose }, ct);

    /// <summary>How many agree to each purpose now.</summary>
    public async Task<IReadOnlyList<(ConsentPurpose Purpose, int People)>> CountAsync(Sql sql, CancellationToken ct)
    {
        const string count = """
            select c.purpose, count(*)::int as people
            from (select distinct on (person_id, purpose) person_id, purpose, given from accounts.consent order by person_id, purpose, id desc) c join accounts.person p on p.id = c.person_id
            where c.given and p.disabled_at is null group by c.purpose
            """;
        var counted = (await sql.QueryAsync<Agreed>(count, null, ct)).ToDictionary(a => a.Purpose, a => a.People, StringComparer.Ordinal);
        return [.. ConsentPurpose.All.Select(p => (p, counted.GetValueOrDefault(p.Word)))];
    }

    private sealed record Agreed(string Purpose, int People);

    private sealed record Said(string Purpose, bool Given, DateTimeOffset At);
}
