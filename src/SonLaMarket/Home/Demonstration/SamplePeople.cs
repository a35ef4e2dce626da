using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Home.Demonstration;

/// <summary>The printed accounts. They exist in the demonstration only; no second factor is demanded of them.</summary>
public sealed record SampleAccount(string Role, string SignIn, string Password, string Name)
{
    public static readonly SampleAccount[] Printed =
    [
        new(Roles.Seller, "nguoi-ban-1@mau.invalid", "man-hau-tren-doi-1", "Người bán mẫu Một"),
        new(Roles.Seller, "nguoi-ban-2@mau.invalid", "xoai-tron-ben-suoi-2", "Người bán mẫu Hai"),
        new(Roles.Buyer, "nguoi-mua@mau.invalid", "gio-tre-di-cho-3", "Người mua mẫu"),
        new(Roles.Officer, "can-bo@mau.invalid", "so-cong-thuong-mau-4", "Cán bộ mẫu"),
        new(Roles.Operator, "quan-tri@mau.invalid", "van-hanh-san-mau-5", "Quản trị mẫu"),
    ];

    /// <summary>Adds the printed accounts that are not there yet; the numbers of all by sign-in.</summary>
    public static async Task<Dictionary<string, long>> AddAsync(Tx tx, People people)
    {
        var ids = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var account in Printed)
        {
            ids[account.SignIn] = (await people.FindBySignInAsync(tx, account.SignIn))?.Id
                ?? (await people.AddAsync(tx, new NewPerson(account.SignIn, null, account.Name, account.Password, [account.Role], IsSample: true, SecondFactorDemanded: false), Actor.System))!.Value;
        }
        return ids;
    }
}
