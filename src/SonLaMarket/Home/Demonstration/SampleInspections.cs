using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Supervision;

namespace SonLaMarket.Home.Demonstration;

/// <summary>Inspections of the sample province: without fault, with faults to mend, of a growing area whose sample is at the laboratory, one written on paper, and one that is due.</summary>
public sealed class SampleInspections(Inspections inspections, DateOnly today)
{
    public async Task AddAsync(Tx tx, List<SampleListing> listings, Actor officer)
    {
        var (lot, area, producer, due) = (listings[1], listings[2].Producer, listings[4].Producer, listings[6]);
        await RecordAsync(tx, await OfLotAsync(tx, lot), officer, new(today.AddDays(-1), InspectionWay.Digital, Seen("diary inputs interval hygiene labels"), InspectionConclusion.Clear,
            "Nhật ký khớp với vườn; thuốc trong kho còn nhãn; tem dán đúng lô (tình huống mẫu).", null, "", []));
        await RecordAsync(tx, new(area.Id, area.AreaId, null), officer, new(today.AddDays(-2), InspectionWay.Digital, Seen("diary inputs waste"), InspectionConclusion.Clear,
            "Ranh giới vườn đúng hồ sơ; bao gói thuốc được gom vào bể (tình huống mẫu).", null, "2 kg quả, 1 mẫu nước tưới", []));
        await RecordAsync(tx, new(producer.Id, null, null), officer, new(today.AddDays(-3), InspectionWay.Paper, Seen("diary hygiene", "storage"), InspectionConclusion.Mend,
            "Phân bón để chung kho với hàng đã đóng gói: phải tách kho (tình huống mẫu).", today.AddDays(14), "", []));
        await inspections.PlanAsync(tx, await OfLotAsync(tx, due), today, "Kiểm tra định kỳ (tình huống mẫu).", officer);
    }

    private async Task RecordAsync(Tx tx, InspectionSubject subject, Actor officer, InspectionRecord record)
    {
        var id = await inspections.PlanAsync(tx, subject, record.DoneOn, "Kiểm tra định kỳ (tình huống mẫu).", officer);
        await inspections.RecordAsync(tx, id, record, officer);
    }

    private static async Task<InspectionSubject> OfLotAsync(Tx tx, SampleListing listing) => (await InspectionSubject.FindAsync(tx, listing.LotCode, CancellationToken.None))!;

    private static Dictionary<string, string> Seen(string met, string fault = "") =>
        met.Split(' ').Select(c => (c, InspectionCheck.Met)).Concat(fault.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => (c, InspectionCheck.Fault))).ToDictionary(c => c.c, c => c.Item2, StringComparer.Ordinal);
}
