using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;

namespace SonLaMarket.Exports;

public sealed class ExportsRoom : IRoom
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(Roles.Operator, "/quan-tri/xuat-du-lieu", "Xuất dữ liệu", 220),
        new(Roles.Seller, "/quan-ly/xuat-du-lieu", "Đưa sang sàn khác", 65, MenuGroup.Goods),
        new(Roles.Officer, "/so-cong-thuong/san-lien-ket", "Sàn liên kết", 165),
    ];

    public Type PersonalData => typeof(ExportsOfPerson);

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ExportFiles>();
        services.AddSingleton<ExportRuns>();
        services.AddSingleton<FeedTokens>();
        services.AddSingleton<Proofs>();
        services.AddSingleton<ProfileVersions>();
        services.AddSingleton<ProfilePreview>();
        services.AddSingleton<Fillings>();
        services.AddSingleton<OwnFiles>();
        services.AddSingleton<CategoryMaps>();
        services.AddSingleton<PartnerReports>();
        services.AddSingleton<PushSettings>();
        services.AddSingleton<Pushes>();
        services.AddLongTask<BuildFeed, FeedBuilding>();
        services.AddLongTask<BuildOpenData, OpenBuilds>();
        services.AddHandler<ListingChanged, Rebuilds>();
        services.AddHandler<LotBlockChanged, Rebuilds>();
        services.AddHandler<RebuildFeeds, Rebuilds>(lane: "files");
        services.AddHandler<RebuildFeed, Rebuilds>(lane: "files");
        services.AddHandler<RunAsked, AskedRuns>(lane: "files");
        services.AddHandler<BuildOpenData, OpenBuilds>(lane: "files");
        services.AddHandler<PushListings, PushRound>(lane: "partners");
        services.AddRecurring<PushRound>("exports.push", "20 * * * * *");
        services.AddRecurring<Fillings>("exports.fillings", "0 25 * * * *");
        services.AddRecurring<Rebuilds>("exports.hourly", "0 5 * * * *");
        services.AddRecurring<OpenBuilds>("exports.open-data", "0 35 * * * *");
    }

    /// <summary>The shipped profiles seed the table; a changed file becomes a new version, unless an operator wrote the newest one: theirs goes on. Versions that are there stay as they are.</summary>
    public async Task LoadReferenceAsync(Tx tx, SeedFolder seed, CancellationToken ct)
    {
        const string insert = """
            insert into exports.profile (code, version, name, status, definition, created_at, author, note)
            select @Code, coalesce(max(version), 0) + 1, @Name, @Status, @json::jsonb, now(), @Author, @Note from exports.profile where code = @Code
            having not exists (select 1 from exports.profile p where p.code = @Code and p.definition = @json::jsonb)
              and coalesce((select p.author = @Author from exports.profile p where p.code = @Code order by p.version desc limit 1), true)
            """;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(seed.Path, "profiles"), "*.json").Order(StringComparer.Ordinal))
        {
            var json = await File.ReadAllTextAsync(file, ct);
            var profile = Profile.Read(json);
            await tx.ExecuteAsync(insert, new { profile.Code, profile.Name, profile.Status, json, profile.Author, profile.Note }, ct);
        }
    }
}
