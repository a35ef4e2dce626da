namespace SonLaMarket.Tests.Support;

/// <summary>The checkout that these tests were built from.</summary>
public static class Repository
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", ".git"];

    public static string Root { get; } = Find();

    /// <summary>Every file in a folder and below it, without what builds and tools put there.</summary>
    public static IEnumerable<string> Below(string folder) => Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder).Where(d => !NotOurs.Contains(Path.GetFileName(d))).SelectMany(Below));

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
