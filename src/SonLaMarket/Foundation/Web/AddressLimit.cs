using System.Net;

namespace SonLaMarket.Foundation.Web;

/// <summary>How often one address of the network may ask for something. Many people stand behind one address of a mobile network: choose generously.</summary>
public abstract class AddressLimit(int tries, TimeSpan window, IHostEnvironment environment) : KeyLimit(tries, window)
{
    public bool TryTake(IPAddress? address) => address is not null && IPAddress.IsLoopback(address) && !environment.IsProduction() || TryTake(Source.Of(address));
}
