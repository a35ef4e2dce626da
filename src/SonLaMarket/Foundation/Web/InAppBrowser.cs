namespace SonLaMarket.Foundation.Web;

/// <summary>Browsers inside other apps, by the names that they give themselves: they often lack the camera, downloads, a second tab.</summary>
public static class InAppBrowser
{
    private static readonly (string Mark, string Name)[] Known =
        [("Zalo", "Zalo"), ("Instagram", "Instagram"), ("MessengerForiOS", "Messenger"), ("Orca-Android", "Messenger"), ("FBAN", "Facebook"), ("FBAV", "Facebook"), ("FB_IAB", "Facebook"), ("musical_ly", "TikTok"), ("BytedanceWebview", "TikTok")];

    /// <summary>The app's name; null in a browser of its own.</summary>
    public static string? Of(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        return Array.Find(Known, k => agent.Contains(k.Mark, StringComparison.OrdinalIgnoreCase)).Name;
    }
}
