using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;
using SonLaMarket.Supervision.Recall;

namespace SonLaMarket.Supervision;

public sealed class SupervisionRoom : IRoom
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(Roles.Officer, "/so-cong-thuong", "Tổng quan", 100),
        new(Roles.Officer, "/so-cong-thuong/duyet", "Hàng chờ duyệt", 110),
        new(Roles.Officer, "/so-cong-thuong/giam-sat", "Giám sát", 120),
        new(Roles.Officer, "/so-cong-thuong/vung-trong", "Mã số vùng trồng", 125),
        new(Roles.Officer, "/so-cong-thuong/lo-bi-chan", "Lô bị chặn", 130),
        new(Roles.Officer, "/so-cong-thuong/thu-hoi", "Mở, theo dõi thu hồi", 140),
        new(Roles.Officer, "/so-cong-thuong/kiem-tra", "Kiểm tra thực địa", 145),
        new(Roles.Seller, "/quan-ly/kiem-tra", "Kiểm tra của Sở", 63, MenuGroup.Self),
        new(Roles.Officer, "/so-cong-thuong/bao-cao-tem", "Báo cáo", 150),
        new(Roles.Officer, "/so-cong-thuong/ma-la", "Mã lạ, quét bất thường", 152),
        new(Roles.Officer, "/so-cong-thuong/khieu-nai", "Khiếu nại của người mua", 155),
        new(Roles.Officer, "/so-cong-thuong/nhat-ky-he-thong", "Nhật ký hệ thống", 160),
        new(Roles.Operator, "/quan-tri", "Quản trị", 200),
        new(Roles.Operator, "/quan-tri/viec-nen", "Việc nền", 240),
        new(Roles.Operator, "/quan-tri/kiem-tra", "Kiểm tra hệ thống", 235),
        new(Roles.Operator, "/quan-tri/giao-dien", "Giao diện", 290),
    ];

    public Type PersonalData => typeof(SupervisionOfPerson);

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<Decisions>();
        services.AddSingleton<Inspections>();
        services.AddSingleton<SentInspections>();
        services.AddFileUse("select unnest(picture_ids) from supervision.inspection union all select sample_file_id from supervision.inspection");
        services.AddSingleton<RecallProposals>();
        services.AddLongTask<OpenRecall, RecallOpening>(urgent: true);
        services.AddHandler<LotBlockChanged, RecallRules>();
        services.AddHandler<RecallOpened, RecallRules>();
        services.AddRecurring<InvariantWatch>("supervision.invariants", "40 */5 * * * *");
        services.AddRecurring<CertificateWatch>("supervision.certificates", "0 15 7 * * *");
    }
}
