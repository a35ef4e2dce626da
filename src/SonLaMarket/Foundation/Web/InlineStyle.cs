namespace SonLaMarket.Foundation.Web;

/// <summary>The style that a page carries inside itself, so that one answer is enough to paint it: that of the trace page and of the page shown offline.</summary>
public sealed class InlineStyle(IWebHostEnvironment environment)
{
    public string Css { get; } = Read(environment);

    private static string Read(IWebHostEnvironment environment)
    {
        using var reader = new StreamReader(environment.WebRootFileProvider.GetFileInfo("css/trace.css").CreateReadStream());
        return string.Join('\n', reader.ReadToEnd().Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0));
    }
}

/// <summary>Tells the worker (wwwroot/sw.js) that a page may be kept on the device and shown, with its age, when there is no network.</summary>
public static class KeepOffline
{
    public const string Header = "X-Keep-Offline";
}
