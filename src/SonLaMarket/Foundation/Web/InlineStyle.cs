using System.Security.Cryptography;
using System.Text;

namespace SonLaMarket.Foundation.Web;

/// <summary>The style that a page carries inside itself, so that one answer is enough to paint it: that of the trace page and of the page shown offline.</summary>
public sealed class InlineStyle
{
    public InlineStyle(IWebHostEnvironment environment)
    {
        Css = Read(environment);
        Source = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'";
    }

    public string Css { get; }

    /// <summary>What the content security policy calls it.</summary>
    public string Source { get; }

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
