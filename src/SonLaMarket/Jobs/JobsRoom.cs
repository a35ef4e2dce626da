using SonLaMarket.Foundation;

namespace SonLaMarket.Jobs;

public sealed class JobsRoom : IRoom
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<Queue>();
        services.AddSingleton<Worker>();
        services.AddHostedService(s => s.GetRequiredService<Worker>());
    }
}
