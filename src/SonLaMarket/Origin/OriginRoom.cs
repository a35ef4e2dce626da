using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;
using SonLaMarket.Origin.Labels;
using SonLaMarket.Origin.Series;
using SonLaMarket.Origin.Trace;

namespace SonLaMarket.Origin;

public sealed class OriginRoom : IRoom
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(Roles.Diary, "/quan-ly/lo", "Lô hàng", 30, MenuGroup.Lots),
        new(Roles.Diary, "/quan-ly/nhat-ky", "Nhật ký", 32, MenuGroup.Lots),
        new(Roles.Diary, "/quan-ly/luot-quet", "Lượt quét tem", 34, MenuGroup.Lots),
    ];

    public Type PersonalData => typeof(OriginOfPerson);

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<OriginEvents>();
        services.AddSingleton<Lots>();
        services.AddSingleton<LotBlocks>();
        services.AddSingleton<Diary>();
        services.AddSingleton<LotSteps>();
        services.AddSingleton<LabReports>();
        services.AddSingleton<DiaryPhotos>();
        services.AddFileUse("""
            select picture_id from origin.approved_product union all select unnest(picture_ids) from origin.diary_entry union all select label_picture_id from origin.diary_entry
            union all select unnest(picture_ids) from origin.inspection union all select unnest(picture_ids) from origin.lab_report
            union all select substring(t.result_path from '/tem/([0-9a-f-]{36})[.]pdf$')::uuid from jobs.long_task t
            """);
        services.AddSingleton<DiaryLinks>();
        services.AddSingleton<Recalls>();
        services.AddSingleton<LotMovements>();
        services.AddSingleton<InspectionResults>();
        services.AddSingleton<LotOffers>();
        services.AddSingleton<TraceDictionary>();
        services.AddSingleton<ApprovedProducts>();
        services.AddRecurring<ProblemReports>("origin.forget-repeats", "20 10 * * * *");
        services.AddSingleton<LabelContents>();
        services.AddLongTask<PrintLabels, LabelPrinting>();
        services.AddSingleton<ItemSeries>();
        services.AddLongTask<MakeItems, ItemMaking>();
        services.AddLongTask<PrintItems, ItemPrinting>();
        services.AddSingleton<ScanRules>();
        services.AddSingleton<Scans>();
        services.AddHostedService(s => s.GetRequiredService<Scans>());
        services.AddRecurring<ScanMonths>("origin.scan-months", "40 5 2 * * *");
        services.AddSingleton<ScanMonths>();
    }

    public async Task LoadReferenceAsync(Tx tx, SeedFolder seed, CancellationToken ct)
    {
        await Inputs.LoadAsync(tx, seed);
        await DiaryTemplates.LoadAsync(tx, seed);
    }
}
