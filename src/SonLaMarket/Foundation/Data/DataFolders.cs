namespace SonLaMarket.Foundation.Data;

/// <summary>Where things are kept in files unless a setting says otherwise: beside the database's own folder.</summary>
public static class DataFolders
{
    public static string Of(IConfiguration configuration, string name) =>
        configuration["Database:Folder"] is { Length: > 0 } database ? $"{Path.GetFullPath(database)}-{name}"
        : Environment.UserName == "root" ? Path.Combine("/var/lib/sonlamarket", name)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "sonlamarket", name);
}
