using SonLaMarket.Foundation;

namespace SonLaMarket.Jobs;

public sealed class JobsRoom : IRoom
{
    public Type PersonalData => typeof(JobsOfPerson);

    public IEnumerable<MenuItem> Menu =>
    [
        new(Roles.Diary, "/quan-ly/viec", "Việc đang chạy", 95, MenuGroup.Self),
        new(Roles.Officer, "/so-cong-thuong/viec", "Việc đang chạy", 195),
        new(Roles.Operator, "/quan-tri/viec", "Việc đang chạy", 280),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<Queue>();
        services.AddSingleton<Worker>();
        services.AddHostedService(s => s.GetRequiredService<Worker>());
        services.AddSingleton<LongTasks>();
        services.AddSingleton<TaskRunner>();
        services.AddHostedService(s => s.GetRequiredService<TaskRunner>());
        services.AddRecurring<ForgetTasks>("forget-long-tasks", "0 23 3 * * *");
    }
}
