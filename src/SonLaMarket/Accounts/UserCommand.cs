using System.ComponentModel.DataAnnotations;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>
/// "user add --email a@b.vn --role operator [--name …]": how the first operator comes in, and the way back in when nobody
/// can. Prints the one-time link that sets the password; an account that exists gets the role and a new link.
/// </summary>
public static class UserCommand
{
    public static bool Asked(string[] args) => args is ["user", ..];

    /// <summary>0 when done, 2 when the words are wrong.</summary>
    public static async Task<int> RunAsync(string[] args, IServiceProvider services, IConfiguration configuration, TextWriter output, TextWriter error)
    {
        var email = Vietnamese.Clean(configuration["email"]).ToLowerInvariant();
        var role = configuration["role"] ?? "";
        if (args is not ["user", "add", ..] || !new EmailAddressAttribute().IsValid(email) || role is not (Roles.Operator or Roles.Officer or Roles.Seller or Roles.Buyer))
        {
            await error.WriteLineAsync("Usage: user add --email a@b.vn --role operator|officer|seller|buyer [--name \"Full name\"]");
            return 2;
        }
        var people = services.GetRequiredService<People>();
        await using var tx = await services.GetRequiredService<Db>().BeginAsync();
        var name = Vietnamese.Clean(configuration["name"]);
        var id = (await people.FindBySignInAsync(tx, email))?.Id
            ?? await people.AddAsync(tx, new NewPerson(email, null, name.Length == 0 ? email.Split('@')[0] : name, null, [role]), Actor.System)
            ?? throw new InvalidOperationException("The account was added by somebody else at the same moment.");
        await people.GrantAsync(tx, id, role, Actor.System);
        var link = await services.GetRequiredService<OneTimeLinks>().CreateAsync(tx, id, Actor.System);
        await tx.CommitAsync();
        await output.WriteLineAsync(services.GetRequiredService<SiteOptions>().Absolute(link));
        return 0;
    }
}
