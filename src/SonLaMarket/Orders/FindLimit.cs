using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders;

/// <summary>How often one address may look for an order by code and phone: enough for a person, too little for trying codes.</summary>
public sealed class FindLimit(IHostEnvironment environment) : AddressLimit(Tries, Window, environment)
{
    public const int Tries = 10;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
}
