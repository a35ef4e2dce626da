using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision.Recall;

/// <summary>Asked for by whoever opens a recall that reaches thousands of lots.</summary>
/// <param name="MemberId">A seller, who recalls lots of their own producer; null for an officer.</param>
public sealed record OpenRecall(IReadOnlyList<string> Lots, string Reason, string Advice, Actor Actor, long? MemberId = null)
{
    /// <summary>Under which it is opened once, though the work runs again.</summary>
    public Guid Key { get; init; } = Guid.CreateVersion7();

    /// <summary>The proposal that it follows.</summary>
    public long? Proposal { get; init; }
}

/// <summary>
/// Opens a recall of many lots in one transaction: none of them is recalled before all are. Orders of these lots wait for it meanwhile, as the lots are locked.
/// One after the other, so that two who open the same see each other.
/// </summary>
public sealed class RecallOpening(Recalls recalls, RecallProposals proposals, LongTasks tasks, Db db) : ILongTask<OpenRecall>
{
    public const string Begun = "Đợt thu hồi này chạm tới rất nhiều lô nên cần ít phút. Mọi lô bị chặn bán cùng một lúc khi việc này xong.";

    /// <summary>Somebody may hold a lot for a moment.</summary>
    private const int Attempts = 3;

    /// <summary>Asks for it where it reaches more lots than are recalled at once; null where it is to be opened now.</summary>
    public async Task<Guid?> AskAsync(Tx tx, long personId, OpenRecall input) =>
        await Recalls.IsLongAsync(tx, input.Lots) ? await tasks.AskAsync(tx, personId, new Said("Mở thu hồi từ lô {0}", input.Lots[0]), input) : null;

    public async Task<TaskResult> RunAsync(OpenRecall input, TaskProgress progress, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OpenAsync(input, progress, ct);
            }
            catch (Exception e) when (attempt < Attempts && DatabaseBusyException.Means(e))
            {
                await Task.Delay(TimeSpan.FromSeconds(attempt), ct);
            }
        }
    }

    private async Task<TaskResult> OpenAsync(OpenRecall input, TaskProgress progress, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await tx.QueryAsync<int>("select 1 from pg_advisory_xact_lock(hashtextextended('origin.open-recall', 0))");
        if (await Recalls.FindAsync(tx, input.Key) is { } before)
            return Opened(before);
        if (await Recalls.OpenForAsync(tx, input.Lots) is var (lot, open))
            return new(new Said("Lô {0} đã nằm trong đợt thu hồi {1} đang mở.", lot, open), Failed: true);
        var work = new RecallWork(input.Key, (written, lots) =>
        {
            ct.ThrowIfCancellationRequested();
            return progress.ReportAsync(written, lots);
        });
        var number = input.Proposal is { } proposal ? await proposals.ConfirmAsync(tx, proposal, input.Lots, input.Reason, input.Advice, input.Actor, work)
            : await recalls.OpenAsync(tx, input.Lots, input.Reason, input.Advice, input.Actor, input.MemberId, work: work);
        if (number is null)
            return new(input.Proposal is null ? new Said("Có mã lô không tồn tại. Hãy kiểm tra lại từng mã.") : new Said("Chưa ghi: trong lúc bạn xem, đề nghị này đã được quyết định."), Failed: true);
        await tx.CommitAsync(CancellationToken.None);
        return Opened(number);

        TaskResult Opened(string number) => new(new Said("Đã mở thu hồi {0}. Lô bị chặn bán ngay; đơn chưa gửi được giữ lại.", number),
            input.MemberId is null ? "/so-cong-thuong/thu-hoi/" + number : $"/quan-ly/lo/{input.Lots[0]}/thu-hoi");
    }
}
