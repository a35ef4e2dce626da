using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MimeKit;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Accounts;

/// <summary>Mail over a real connection to a real, small mail server; what it costs when that server stumbles.</summary>
public sealed class MailTests(MailTests.MailSite shared) : IClassFixture<MailTests.MailSite>
{
    private static readonly Notice Notice = new("thu", "Đơn {0} đã được gửi đi", "SonLaMarket: đơn {0} đã được gửi đi. {2}", "Xem đơn: {1}");
    private static int people;
    private readonly string recipient = $"nguoi-mua-rieng{Interlocked.Increment(ref people)}@example.invalid";
    private readonly string code = $"A{people}";
    private readonly Site site = shared.Site;
    private readonly SmtpServer server = Obliging(shared.Server);

    private IReadOnlyList<ReceivedMail> Mails => [.. server.Mails.Where(m => m.To.Contains(recipient))];

    /// <summary>A site that sends its mail to a server in the test's hands.</summary>
    public sealed class MailSite(PostgresFixture postgres) : IAsyncLifetime
    {
        private TestDatabase database = null!;

        public SmtpServer Server { get; } = new();

        public Lines Log { get; } = new();

        public Site Site { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            database = await postgres.CloneAsync();
            Site = new Site(database, services => services.AddSingleton<ILoggerProvider>(Log), new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Mail:Host"] = "127.0.0.1",
                ["Mail:Port"] = $"{Server.Port}",
                ["Mail:Security"] = "none",
                ["Mail:From"] = "cho@example.invalid",
            });
        }

        public async ValueTask DisposeAsync()
        {
            await Site.DisposeAsync();
            await database.DisposeAsync();
            await Server.DisposeAsync();
            Log.Dispose();
        }
    }

    [Fact]
    public async Task A_notice_arrives_as_a_mail_that_any_reader_shows()
    {
        await TellAsync();
        await site.RunDueAsync();
        var received = Assert.Single(Mails);
        Assert.Equal(("cho@example.invalid", recipient), (received.From, Assert.Single(received.To)));
        var mail = await MimeMessage.LoadAsync(new MemoryStream(Encoding.UTF8.GetBytes(received.Data)));
        Assert.Equal($"Đơn {code} đã được gửi đi", mail.Subject);
        Assert.Equal($"SonLaMarket: đơn {code} đã được gửi đi. VNPost EB1\n\nXem đơn: https://x.vn/d", mail.TextBody!.ReplaceLineEndings("\n").Trim());
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.NotNull(await site.Db.SingleAsync<DateTimeOffset?>("select sent_at from accounts.message where recipient = @recipient", new { recipient }));
    }

    [Theory]
    [InlineData("RCPT", "450 mailbox busy")]
    [InlineData("DATA.", "452 no room")]
    [InlineData("MAIL", "421 closing")]
    [InlineData("DATA.", "")]
    public async Task What_may_pass_is_tried_again_and_arrives_once(string command, string answer)
    {
        server.Answer = line => line.StartsWith(command, StringComparison.Ordinal) ? answer : null;
        await TellAsync();
        await site.RunDueAsync();
        Assert.Empty(Mails);
        Assert.True(await site.Db.SingleAsync<bool>("select sent_at is null from accounts.message where recipient = @recipient", new { recipient }));
        server.Answer = _ => null;
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        await site.RunDueAsync();
        site.Clock.Advance(TimeSpan.FromHours(3));
        await site.RunDueAsync();
        Assert.Single(Mails);
        Assert.Equal((2, ""), await site.Db.SingleAsync<(int, string)>("select attempts, last_error from accounts.message where sent_at is not null and recipient = @recipient", new { recipient }));
    }

    [Fact]
    public async Task A_server_that_is_away_is_waited_for()
    {
        server.Answer = _ => "";
        await TellAsync();
        await site.RunDueAsync();
        Assert.Equal(1, await site.Db.SingleAsync<int>("select attempts from accounts.message where sent_at is null and refused_at is null and recipient = @recipient", new { recipient }));
        server.Answer = _ => null;
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        await site.RunDueAsync();
        Assert.Single(Mails);
    }

    [Fact]
    public async Task An_address_that_does_not_exist_is_refused_once_and_for_all()
    {
        server.Answer = line => line.StartsWith("RCPT", StringComparison.Ordinal) && line.Contains(recipient, StringComparison.Ordinal) ? $"550 <{recipient}>: no such user" : null;
        await TellAsync();
        for (var i = 0; i < 3; i++)
        {
            await site.RunDueAsync();
            site.Clock.Advance(TimeSpan.FromHours(1));
        }
        Assert.Equal((1, "refused for good: 550"), await site.Db.SingleAsync<(int, string)>("select attempts, last_error from accounts.message where refused_at is not null and recipient = @recipient", new { recipient }));
        Assert.Equal(0, await site.Db.SingleAsync<long>("select count(*) from jobs.job where payload->>'Key' = 'thu:' || @code || ':email' and done_at is null", new { code }));
    }

    [Fact]
    public async Task A_goodbye_that_fails_sends_nothing_again()
    {
        server.Answer = line => line == "QUIT" ? "" : null;
        await TellAsync();
        await site.RunDueAsync();
        site.Clock.Advance(TimeSpan.FromHours(1));
        await site.RunDueAsync();
        Assert.Single(Mails);
    }

    /// <summary>The process died between the server's answer and our note: the second mail has the id of the first.</summary>
    [Fact]
    public async Task Sent_again_after_a_crash_it_is_recognisably_the_same()
    {
        await TellAsync();
        await site.RunDueAsync();
        await site.Db.ExecuteAsync("update accounts.message set sent_at = null where recipient = @recipient; update jobs.job set done_at = null where payload->>'Key' = 'thu:' || @code || ':email'", new { recipient, code });
        await site.RunDueAsync();
        var ids = Mails.Select(m => m.Data.Split("\r\n").Concat(m.Data.Split('\n')).First(l => l.StartsWith("Message-Id:", StringComparison.OrdinalIgnoreCase)).Trim()).ToList();
        Assert.Equal(2, ids.Count);
        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task The_same_happening_is_told_once_whoever_tells_it()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => TellAsync())));
        await Task.WhenAll(site.RunDueAsync(), site.RunDueAsync(), site.RunDueAsync());
        Assert.Single(Mails);
    }

    [Fact]
    public async Task Nobody_is_named_in_the_log()
    {
        var answers = new Queue<string>([$"450 <{recipient}> busy", "421 closing", $"550 <{recipient}> unknown"]);
        server.Answer = line => line.StartsWith("RCPT", StringComparison.Ordinal) && line.Contains(recipient, StringComparison.Ordinal) && answers.TryPeek(out var next) ? next : null;
        await TellAsync();
        for (var i = 0; i < 3; i++)
        {
            await site.RunDueAsync();
            answers.TryDequeue(out _);
            site.Clock.Advance(TimeSpan.FromHours(1));
        }
        Assert.Contains(shared.Log.Said, l => l.Contains("MessageWritten", StringComparison.Ordinal));
        Assert.DoesNotContain(shared.Log.Said, l => l.Contains("nguoi-mua-rieng", StringComparison.OrdinalIgnoreCase) || l.Contains("EB1", StringComparison.Ordinal));
        Assert.Equal(0, await site.Db.SingleAsync<long>("select count(*) from jobs.job where last_error like '%nguoi-mua-rieng%' or payload::text like '%nguoi-mua-rieng%'"));
    }

    [Fact]
    public async Task An_ending_certificate_is_told_of_90_60_and_30_days_ahead_once_each_also_after_days_without_power()
    {
        var shop = new Shop(site);
        var seller = await shop.SellerAsync();
        var today = DateOnly.FromDateTime(site.Clock.GetUtcNow().UtcDateTime.AddHours(7));
        await using (var tx = await site.Db.BeginAsync())
        {
            var certificates = site.Get<Certificates>();
            var id = (await certificates.SubmitAsync(tx, seller.ProducerId, new("vietgap-crop", "MẪU-1", "Tổ chức MẪU", "", null, today.AddYears(-1), today.AddDays(92), null), new Actor(seller.PersonId, Roles.Seller)))!.Value;
            await certificates.DecideAsync(tx, id, true, "", new Actor(null, Roles.Officer));
            await tx.CommitAsync();
        }
        // 91, 90, 89, 60, 59 days are left, then nothing runs until 25 are; then 24, none, and the end.
        foreach (var days in new[] { 1, 1, 1, 29, 1, 34, 1, 24, 3 })
        {
            site.Clock.Advance(TimeSpan.FromDays(days));
            await site.RunDueAsync();
        }
        var told = await site.Db.QueryAsync<string>("select split_part(key, ':', 3) from accounts.message where key like 'certificate-expires:%' order by id");
        Assert.Equal(["90", "60", "30"], told);
    }

    private static SmtpServer Obliging(SmtpServer server)
    {
        server.Answer = _ => null;
        return server;
    }

    private async Task TellAsync()
    {
        await using var tx = await site.Db.BeginAsync();
        await site.Get<Messages>().TellAsync(tx, [new Contact(recipient)], "vi", Notice, code, code, "https://x.vn/d", "VNPost EB1");
        await tx.CommitAsync();
    }

    public sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly List<string> said = [];

        public IReadOnlyList<string> Said
        {
            get
            {
                lock (said)
                    return [.. said];
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (said)
                said.Add($"{formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>In the demonstration mail ends in a folder, and the operator opens it.</summary>
public sealed class MailFolderTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Mail_of_the_demonstration_is_a_file_on_the_outbox_page()
    {
        await using var database = await postgres.CloneAsync();
        var folder = Directory.CreateTempSubdirectory("slm-mail-");
        await using var site = new Site(database, settings: new Dictionary<string, string>(StringComparer.Ordinal) { ["environment"] = "Demonstration", ["Mail:Folder"] = Path.Combine(folder.FullName, "mail"), ["Files:Folder"] = Path.Combine(folder.FullName, "files") });
        await using (var tx = await site.Db.BeginAsync())
        {
            await site.Get<Messages>().SendAsync(tx, "email", "a@example.invalid", "one", "Đơn đã nhận", "Mã đơn ABC");
            await site.Get<People>().AddAsync(tx, new("van-hanh@example.invalid", null, "Người vận hành mẫu", Seller.Password, [Roles.Operator], IsSample: true, SecondFactorDemanded: false), Actor.System);
            await tx.CommitAsync();
        }
        await site.RunDueAsync();
        var browser = await site.Open().SignInAsync("van-hanh@example.invalid", Seller.Password);
        var page = await browser.GetAsync("/quan-tri/hop-thu-di");
        var mail = await browser.GetAsync(page.Page.QuerySelector("a[href*='/thu?m=']")!.GetAttribute("href")!);
        Assert.Equal("message/rfc822", mail.Message.Content.Headers.ContentType!.MediaType);
        var read = await MimeMessage.LoadAsync(new MemoryStream(Encoding.UTF8.GetBytes(mail.Body)));
        Assert.Equal(("Đơn đã nhận", "Mã đơn ABC"), (read.Subject, read.TextBody!.Trim()));
        Assert.Equal(404, (int)(await browser.GetAsync("/quan-tri/hop-thu-di/thu?m=x")).Status);
        folder.Delete(recursive: true);
    }
}
