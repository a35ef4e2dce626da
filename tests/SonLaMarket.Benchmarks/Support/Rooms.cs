using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Home;

namespace SonLaMarket.Benchmarks.Support;

/// <summary>The rooms as the program composes them, without its pages: for verbs that no page waits for.</summary>
public static class Rooms
{
    public static ServiceProvider Of(Db db, string? files = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Demonstration" });
        builder.Configuration["Files:Folder"] = files ?? Path.GetTempPath();
        IServiceCollection services = new ServiceCollection();
        foreach (var known in builder.Services)
            services.Add(known);
        services.AddSingleton(db).AddSingleton(db.Source).AddSingleton(TimeProvider.System).AddSingleton<Texts>().AddSingleton(new SiteOptions { PublicBaseUrl = "https://example.invalid" });
        foreach (var room in AllRooms.Make())
            room.AddServices(services, builder.Configuration);
        return services.BuildServiceProvider();
    }
}
