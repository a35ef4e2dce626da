namespace SonLaMarket.Tests.Support;

/// <summary>The checkout that these tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SonLaMarket.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException("SonLaMarket.sln was not found above the tests");
    }
}
