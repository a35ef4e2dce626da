using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web;

/// <summary>Reads back what was typed, so that a wrong zero is seen before it is saved: "35k" is "ba mươi lăm nghìn đồng một kg".</summary>
public static class TypedEcho
{
    public static readonly string[] Kinds = ["money", "weight", "area", "date"];

    /// <summary>Empty where nothing was typed or it was not understood (the form's own message says that).</summary>
    /// <param name="grams">What one of the thing that is paid for weighs: the price of a kilogram is said too.</param>
    public static string Of(string kind, string? typed, string per, DateOnly today, Texts t, long? grams = null) => kind switch
    {
        "money" => Vietnamese.ParseMoney(typed) is { } vnd ? Money(vnd, per, t) + PerKilogram(vnd, grams) : "",
        "weight" => Vietnamese.ParseWeight(typed) is ({ } kilograms, true) ? Vietnamese.Number(kilograms) + "\u00a0kg" : "",
        "area" => Measures.SquareMetres(typed) is { } metres ? Vietnamese.Area(metres) : "",
        "date" => Vietnamese.ParseDate(typed, today) is { } day ? (t.IsEnglish ? day.ToString("dddd, d MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture) : Vietnamese.LongDate(day)) : "",
        _ => "",
    };

    /// <summary>What somebody typed as the weight of one; null where that is none.</summary>
    internal static long? Grams(string? weight) => Vietnamese.ParseWeight(weight) is ({ } kilograms, _) && kilograms is > 0 and <= 10_000 ? (long)decimal.Round(kilograms * 1000) : null;

    private static string PerKilogram(long vnd, long? grams) =>
        grams is null or 1000 or <= 0 ? "" : $" ({Vietnamese.Money((long)decimal.Round(vnd * 1000m / grams.Value))}/kg)";

    private static string Money(long vnd, string per, Texts t) =>
        t.IsEnglish ? Vietnamese.Money(vnd) + (per.Length == 0 ? "" : " per " + per)
        : Spoken.Money(vnd) + (per.Length == 0 ? "" : " một " + per);
}

/// <summary>The same for the script that reads back while somebody types: one place knows the words.</summary>
[Microsoft.AspNetCore.Authorization.AllowAnonymous]
[ApiExplorerSettings(IgnoreApi = true)]
public sealed class EchoController(Texts t, TimeProvider clock) : Controller
{
    [HttpGet("/doc-lai")]
    public IActionResult Show([FromQuery(Name = "loai")] string? kind, [FromQuery(Name = "chu")] string? typed, [FromQuery(Name = "moi")] string? per, [FromQuery(Name = "gam")] long? grams, [FromQuery(Name = "nang")] string? weight) =>
        Content(TypedEcho.Of(kind ?? "", typed, per is { Length: <= 40 } ? per : "", Vietnamese.Today(clock), t, TypedEcho.Grams(weight) ?? grams), "text/plain; charset=utf-8");
}
