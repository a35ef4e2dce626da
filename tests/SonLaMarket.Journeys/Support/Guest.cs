using System.Net;
using System.Text.RegularExpressions;

namespace SonLaMarket.Journeys.Support;

/// <summary>A guest over plain HTTP: fills the cart and the details, then places when told.</summary>
public sealed partial class Guest(string baseUrl) : IDisposable
{
    private readonly Web web = new(baseUrl);
    private string formKey = "";
    private string total = "";

    public Web Web => web;

    /// <summary>The key of the form: one order each.</summary>
    public string Form => formKey;

    public async Task PrepareAsync(string listing, string payment, int quantity = 1)
    {
        var (added, _, _) = await web.PostAsync("/gio-hang", [new("listing", listing), new("quantity", quantity.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        Assert.Equal(HttpStatusCode.SeeOther, added);
        var (kept, body, _) = await web.SubmitAsync("/thanh-toan", "/thanh-toan", ("name", "Người mua thử"), ("tel", "0009876543"), ("address-level1", "01"), ("address-level2", "00004"), ("street-address", "Số 1"), ("payment", payment));
        Assert.True(kept == HttpStatusCode.SeeOther, $"{kept}: {body}");
        var (_, confirm, _) = await web.GetAsync("/thanh-toan/xac-nhan");
        formKey = FormKey().Match(confirm).Groups["key"].Value;
        total = Total().Match(confirm).Groups["total"].Value;
        token = Token().Match(confirm[confirm.IndexOf("/thanh-toan/xac-nhan\"", StringComparison.Ordinal)..]).Groups["token"].Value;
    }

    private string token = "";

    /// <summary>Where placing leads: the payment page, the order page, or null when the order was refused.</summary>
    public async Task<Uri?> PlaceAsync()
    {
        var (status, _, location) = await web.PostAsync("/thanh-toan/xac-nhan", [new("form_key", formKey), new("total", total), new("__RequestVerificationToken", token)]);
        // An error is no refusal: what was done before it is not known.
        if ((int)status >= 500)
            throw new HttpRequestException($"{(int)status}");
        return status == HttpStatusCode.SeeOther && location is not null && !location.OriginalString.Contains("gio-hang", StringComparison.Ordinal) && location.OriginalString != "/thanh-toan" ? location : null;
    }

    public void Dispose() => web.Dispose();

    [GeneratedRegex("name=\"form_key\" value=\"(?<key>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormKey();

    [GeneratedRegex("name=\"total\" value=\"(?<total>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Total();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
