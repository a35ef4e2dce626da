namespace SonLaMarket.Accounts.Manage;

/// <summary>A device by the two words its owner knows it by. Only for people to recognise their own; nothing is decided by it.</summary>
public static class Device
{
    // The first that matches counts: later ones also stand in the text of earlier ones.
    private static readonly (string Mark, string Name)[] Browsers =
        [("Zalo", "Zalo"), ("CocCoc", "Cốc Cốc"), ("coc_coc", "Cốc Cốc"), ("Edg", "Edge"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux")];

    /// <summary>"Chrome, Android"; null when neither is known.</summary>
    public static string? Name(string userAgent)
    {
        var known = new[] { Find(Browsers, userAgent), Find(Systems, userAgent) }.OfType<string>().ToList();
        return known.Count == 0 ? null : string.Join(", ", known);
    }

    private static string? Find((string Mark, string Name)[] all, string userAgent) => Array.Find(all, x => userAgent.Contains(x.Mark, StringComparison.Ordinal)).Name;
}
