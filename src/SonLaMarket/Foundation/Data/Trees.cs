namespace SonLaMarket.Foundation.Data;

/// <summary>Copies folders, closed to everybody but their owner.</summary>
internal static class Trees
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="made">Told of each folder and file once it stands.</param>
    /// <param name="skip">What to leave out, by its path below <paramref name="from"/>. What vanishes meanwhile is left out too.</param>
    public static void Copy(string from, string to, Action<string>? made = null, Func<string, bool>? skip = null)
    {
        Directory.CreateDirectory(to, OwnerOnly | UnixFileMode.UserExecute);
        made?.Invoke(to);
        foreach (var entry in Entries(from))
        {
            var name = Path.GetRelativePath(from, entry.FullName);
            var target = Path.Combine(to, name);
            if (skip?.Invoke(name) == true)
                continue;
            if (entry is DirectoryInfo)
                Directory.CreateDirectory(target, OwnerOnly | UnixFileMode.UserExecute);
            else if (!CopyFile(entry.FullName, target))
                continue;
            made?.Invoke(target);
        }
    }

    /// <summary>Folders before what they hold.</summary>
    private static IEnumerable<FileSystemInfo> Entries(string folder) =>
        new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(e => e.FullName, StringComparer.Ordinal);

    private static bool CopyFile(string from, string to)
    {
        try
        {
            using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var target = new FileStream(to, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
            source.CopyTo(target);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }
}
