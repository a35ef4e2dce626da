namespace SonLaMarket.Foundation.Web;

/// <summary>Addresses that hand a page on. Plain links: they work without script and inside other apps.</summary>
public static class Share
{
    public static string Zalo(string address) => "https://zalo.me/share?url=" + Uri.EscapeDataString(address);
}
