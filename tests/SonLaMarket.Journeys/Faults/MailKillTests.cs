using SonLaMarket.Checker;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Faults;

/// <summary>The program is killed while it sends mail: every mail arrives; what arrives twice has one id; what happens inside happens once.</summary>
public sealed class MailKillTests(PostgresFixture postgres)
{
    private const int Mails = 40;

    [Fact]
    public async Task Killed_while_sending_it_loses_no_mail_and_makes_none_anew()
    {
        var seeds = Seeds.For("mail kills");
        await using var database = await postgres.CloneAsync();
        await using var server = new SmtpServer { Answer = line => { if (line == "DATA.") Thread.Sleep(15); return null; } };
        var files = Directory.CreateTempSubdirectory("slm-mail-kill-");
        var settings = new Dictionary<string, string?>(database.Settings, StringComparer.Ordinal)
        {
            ["Files:Folder"] = files.FullName,
            ["Mail:Host"] = "127.0.0.1",
            ["Mail:Port"] = $"{server.Port}",
            ["Mail:Security"] = "none",
            ["Mail:From"] = "cho@example.invalid",
        };
        var port = RunningSite.FreePort();
        await database.Db.ExecuteAsync("""
            with written as (insert into accounts.message (key, channel, recipient, subject, body, created_at) select 'kill:' || n, 'email', 'nguoi' || n || '@example.invalid', 'Thư ' || n, 'Thư mẫu', now() from generate_series(1, @Mails) n returning key)
            insert into jobs.job (kind, payload, run_at, created_at) select 'MessageWritten>Delivery', jsonb_build_object('Key', key), now(), now() from written
            """, new { Mails });
        var kills = Seeds.Rounds(3, 200);
        for (var round = 0; round < kills; round++)
        {
            await using var site = await RunningSite.StartAsync(settings, port, 0, "--data", "reference");
            await Task.Delay(seeds.Random.Next(0, 250));
            await site.KillAsync();
            // The lease of whoever died runs out.
            await database.Db.ExecuteAsync("update jobs.job set leased_until = null, run_at = now() where done_at is null; update accounts.message set claimed_until = null");
            if (round < kills - 1 && await database.Db.SingleAsync<long>("select count(*) from accounts.message where key like 'kill:%' and sent_at is null") < 10)
                await database.Db.ExecuteAsync("update accounts.message set sent_at = null where key like 'kill:%'; update jobs.job set done_at = null where kind = 'MessageWritten>Delivery'");
        }
        await using (await RunningSite.StartAsync(settings, port, 0, "--data", "reference"))
            await Until.TrueAsync(async () => await database.Db.SingleAsync<long>("select count(*) from jobs.job where kind = 'MessageWritten>Delivery' and done_at is null") == 0, "mail is left over");
        files.Delete(recursive: true);
        Assert.Equal(0, await database.Db.SingleAsync<long>("select count(*) from accounts.message where key like 'kill:%' and sent_at is null"));
        var history = new History();
        for (var n = 1; n <= Mails; n++)
            history.Note("outbox", "want", ("key", $"nguoi{n}@example.invalid"));
        foreach (var mail in server.Mails)
            history.Note("mail server", "effect", ("key", mail.To[0]), ("id", mail.Data.Split('\n').First(l => l.StartsWith("Message-Id:", StringComparison.OrdinalIgnoreCase)).Trim()));
        await Judged.UnbrokenAsync($"mail kills, {kills} kills, {Mails} mails, {server.Mails.Count - Mails} arrived again under their own id, seed {seeds.Seed}", history, database.OwnerConnectionString);
    }
}
