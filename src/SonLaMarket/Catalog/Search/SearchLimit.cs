using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Search;

/// <summary>How often one address may search for words: ten a second is more than a village behind one address types, and less than a copier wants. Answers from the cache do not count.</summary>
public sealed class SearchLimit(IHostEnvironment environment) : AddressLimit(Tries, TimeSpan.FromMinutes(1), environment)
{
    public const int Tries = 600;
}
