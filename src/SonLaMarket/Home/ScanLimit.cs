using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Home;

/// <summary>Reading a photo costs a fraction of a second of a processor, and anybody may ask for it.</summary>
public sealed class ScanLimit(IHostEnvironment environment) : AddressLimit(60, TimeSpan.FromMinutes(5), environment);
