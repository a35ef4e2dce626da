using SonLaMarket.Foundation;
using SonLaMarket.Jobs;

namespace SonLaMarket.Files;

public sealed class FilesRoom : IRoom
{
    public Type PersonalData => typeof(FilesOfPerson);

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        var options = FileOptions.Of(configuration);
        Directory.CreateDirectory(options.Folder);
        services.AddSingleton(options);
        services.AddSingleton<FileStore>();
        services.AddSingleton<Uploads>();
        services.AddSingleton<PictureInput>();
        services.AddSingleton<DocumentInput>();
        services.AddSingleton<FocalPoints>();
        services.AddHostedService<FocalPoints.Listener>();
        services.AddRecurring<UnnamedFiles>("files.unnamed", "0 50 3 * * *");
    }
}
