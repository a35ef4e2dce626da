using SonLaMarket.Foundation;

namespace SonLaMarket.Files;

public sealed class FilesRoom : IRoom
{
    public Type PersonalData => typeof(FilesOfPerson);

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.GetSection("Files").Get<FileOptions>() ?? new FileOptions();
        if (options.Folder.Length == 0)
        {
            var beside = configuration["Database:Folder"] is { Length: > 0 } database ? Path.GetFullPath(database) + "-files"
                : Environment.UserName == "root" ? "/var/lib/sonlamarket/files"
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "sonlamarket", "files");
            options.Folder = beside;
        }
        Directory.CreateDirectory(options.Folder);
        services.AddSingleton(options);
        services.AddSingleton<FileStore>();
        services.AddSingleton<Uploads>();
        services.AddSingleton<PictureInput>();
        services.AddSingleton<FocalPoints>();
        services.AddHostedService<FocalPoints.Listener>();
    }
}
