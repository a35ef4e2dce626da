using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Vnpay.Simulator;

/// <summary>What a tester does to the gateway: choose faults, look at payments and calls, act as the customer.</summary>
internal sealed class Control(Gateway gateway)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", context =>
        {
            context.Response.Redirect("/control");
            return Task.CompletedTask;
        });
        routes.MapGet("/control", context => ControlHtml.ShowAsync(context, gateway));
        routes.MapGet("/control/payments", context => context.Response.WriteAsJsonAsync(gateway.Book.All().Select(Describe), context.RequestAborted));
        routes.MapGet("/control/faults", context => context.Response.WriteAsJsonAsync(gateway.Faults, context.RequestAborted));
        routes.MapPost("/control/faults", SetFaultsAsync);
        routes.MapPost("/control/pay/{txnRef}", PayAsync);
    }

    private async Task SetFaultsAsync(HttpContext context)
    {
        var input = await ReadAsync(context);
        if (input is null || !int.TryParse(input.GetValueOrDefault("delayMs", "0"), out var delayMs)
            || new Faults(input.GetValueOrDefault("ipn", "none"), delayMs) is not { IsValid: true } faults)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"ipn is one of {string.Join(", ", Faults.Kinds)}; delayMs 0 to 86400000");
            return;
        }
        gateway.Faults = faults;
        if (context.Request.HasFormContentType) BackToPage(context);
        else await context.Response.WriteAsJsonAsync(faults, context.RequestAborted);
    }

    private async Task PayAsync(HttpContext context)
    {
        var input = await ReadAsync(context);
        var responseCode = input?.GetValueOrDefault("responseCode", "00");
        var status = input?.GetValueOrDefault("transactionStatus");
        if (responseCode is not { Length: 2 } || status is not (null or { Length: 2 }))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "responseCode (and transactionStatus, if given) are two characters");
        }
        else if (gateway.Book.ByTxnRef(context.Request.RouteValues["txnRef"] as string) is not { } payment)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "no payment address with this reference was opened here");
        }
        else if (gateway.End(payment, responseCode, status, card: null) is not { } ended)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, "this payment has ended already");
        }
        else if (context.Request.HasFormContentType)
        {
            BackToPage(context);
        }
        else
        {
            await context.Response.WriteAsJsonAsync(
                new { payment = Describe(ended), returnUrl = await gateway.ReturnAddressAsync(ended) }, context.RequestAborted);
        }
    }

    private object Describe(Payment payment) => new
    {
        payment.TxnRef,
        payment.TmnCode,
        payment.AmountVnd,
        status = payment.Status(gateway.Now),
        transactionNo = payment.Outcome?.TransactionNo,
        refunds = Array.Empty<object>(),
        responseCode = payment.Outcome?.ResponseCode,
        payment.Ipn,
    };

    /// <summary>JSON object or form, as texts; an empty body is an empty object; null when it is neither.</summary>
    private static async Task<Dictionary<string, string>?> ReadAsync(HttpContext context)
    {
        if (context.Request.HasFormContentType)
            return (await context.Request.ReadFormAsync(context.RequestAborted)).ToDictionary(field => field.Key, field => field.Value.ToString());
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        if (string.IsNullOrWhiteSpace(text)) return [];
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? json.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.ToString())
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { status, detail }, options: null, "application/problem+json", context.RequestAborted);
    }

    private static void BackToPage(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = "/control";
    }
}
