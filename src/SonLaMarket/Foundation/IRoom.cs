using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Foundation;

/// <summary>A capability. Listed by name in Program.cs, in floor order; nothing is scanned for.</summary>
public interface IRoom
{
    /// <summary>Services, handlers of announcements and recurring work of the room.</summary>
    void AddServices(IServiceCollection services, IConfiguration configuration);

    /// <summary>What the room adds to the signed-in menu.</summary>
    IEnumerable<MenuItem> Menu => [];

    /// <summary>The class that knows what the room holds of a person, an <see cref="IPersonalData"/>; null where it holds nothing of anybody.</summary>
    Type? PersonalData => null;

    /// <summary>Brings the room's reference tables (from db/seed/reference) up to date. Repeatable.</summary>
    Task LoadReferenceAsync(Tx tx, SeedFolder seed, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>A line of the menu: shown to people with the role, in ascending order.</summary>
/// <param name="Group">The heading that it stands under (<see cref="MenuGroup"/>); null for one that stands alone.</param>
public sealed record MenuItem(string Role, string Path, string Label, int Order, string? Group = null);

/// <summary>The headings of a long menu, in the order in which they stand.</summary>
public static class MenuGroup
{
    public const string Goods = "Hàng bán";
    public const string Lots = "Lô và nhật ký";
    public const string Orders = "Đơn và tiền";
    public const string Self = "Cơ sở";

    public static readonly string[] All = [Goods, Lots, Orders, Self];
}

/// <summary>The role words. A person may have several.</summary>
public static class Roles
{
    public const string Buyer = "buyer";
    public const string Seller = "seller";
    public const string Officer = "officer";
    public const string Operator = "operator";

    /// <summary>Of a community digital team: acts for producers that agreed.</summary>
    public const string Helper = "helper";

    // What somebody may do for the producer they work for now; given with each request, never stored with the account.
    /// <summary>Members and what pays.</summary>
    public const string Owner = "owner";

    /// <summary>See the money that came and what has to go back.</summary>
    public const string Money = "money";

    /// <summary>See lots and keep their diary: all that some members do.</summary>
    public const string Diary = "diary";
}
