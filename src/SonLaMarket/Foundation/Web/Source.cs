using System.Net;
using System.Net.Sockets;

namespace SonLaMarket.Foundation.Web;

/// <summary>Where a request comes from, as limits count it: one IPv4 address, or the /64 of an IPv6 one, of which a subscriber has the whole.</summary>
public static class Source
{
    public static string Of(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) + "/64" : address.ToString();
    }
}
