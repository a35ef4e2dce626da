using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Producers;

/// <summary>What a producer is told; <c>{0}</c> is what it is about, <c>{1}</c> the page to look at.</summary>
public static class ProducerNotice
{
    public static readonly Notice Approved = new("producer-approved", "Cơ sở {0} đã được duyệt", "SonLaMarket: cơ sở {0} đã được Sở Công Thương duyệt và hiện công khai.", "Trang cơ sở: {1}");
    public static readonly Notice Returned = new("producer-returned", "Hồ sơ cơ sở {0} cần bổ sung", "SonLaMarket: hồ sơ cơ sở {0} cần bổ sung: {2}", "Sửa tại {1}");
    public static readonly Notice CertificateExpires = new("certificate-expires", "Chứng nhận {0} sắp hết hạn", "SonLaMarket: chứng nhận {0} hết hạn ngày {2}. Sau ngày đó trang sản phẩm không còn hiện chứng nhận này.", "Nộp chứng nhận mới tại {1}");

    public static readonly Notice AreaCodeEnded = new("area-code-ended", "Mã số vùng trồng {0} không còn hiệu lực", "SonLaMarket: mã số vùng trồng {0} không còn hiệu lực từ hôm nay: {2}", "Xem tại {1}");
}

/// <summary>Tells a producer by the phone and e-mail of its own page.</summary>
public sealed class ProducerNotices(Messages messages, SiteOptions site)
{
    /// <param name="happening">Tells one happening from another of the same kind.</param>
    public async Task TellAsync(Tx tx, long producerId, Notice notice, string happening, string about, string path, params object[] values)
    {
        var (phone, email) = await tx.SingleAsync<(string, string)>("select phone, email from producers.producer where id = @producerId", new { producerId });
        var contacts = new[] { phone, email }.Where(c => c.Length > 0).Select(c => new Contact(c));
        await messages.TellAsync(tx, contacts, Texts.Vi, notice, happening, [about, site.Absolute(path), .. values]);
    }
}

/// <summary>Says 90, 60 and 30 days ahead that a checked certificate ends, once each.</summary>
public sealed class ExpiringCertificates(ProducerNotices notices, Db db, TimeProvider clock) : IRecurring
{
    public async Task RunAsync(CancellationToken ct)
    {
        // Asked every day: a day that was missed, because nothing ran, is made up for, and who was told is not told again. A certificate that has its successor is left in peace.
        const string ending = """
            select distinct on (c.id) c.id, c.producer_id, c.number, c.valid_until, d.days from producers.certificate c cross join unnest(@Warnings) as d (days)
            where c.status = 'verified' and c.valid_until >= @today and c.valid_until - @today <= d.days
              and not exists (select 1 from producers.certificate n where n.producer_id = c.producer_id and n.kind_code = c.kind_code and n.status = 'verified' and n.valid_until > c.valid_until)
            order by c.id, d.days
            """;
        var today = Vietnamese.Today(clock);
        foreach (var about in await db.QueryAsync<Ending>(ending, new { today, CertificateEnd.Warnings }, ct))
        {
            await using var tx = await db.BeginAsync(ct);
            await notices.TellAsync(tx, about.ProducerId, ProducerNotice.CertificateExpires, $"{about.Id}:{about.Days}", about.Number, "/quan-ly/chung-nhan", Vietnamese.Date(about.ValidUntil));
            await tx.CommitAsync(CancellationToken.None);
        }
    }

    private sealed record Ending(Guid Id, long ProducerId, string Number, DateOnly ValidUntil, int Days);
}
