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
        routes.MapPost("/control/refunds/{transactionNo}", RefundAsync);
        routes.MapGet("/control/reconciliation/{day}.csv", DayFileAsync);
    }

    private async Task SetFaultsAsync(HttpContext context)
    {
        var input = await ReadAsync(context);
        if (input is null || Faults.Read(input) is not { } faults)
        {
            var choices = string.Join("; ", Faults.Switches.Select(choice => $"{choice.Key} is one of {string.Join(", ", choice.Value.Select(option => option.Value))}"));
            await RefuseAsync(context, StatusCodes.Status400BadRequest, choices + "; delayMs 0 to 86400000");
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
                new { payment = Describe(ended), returnUrl = await gateway.ReturnAddressAsync(ended, context.RequestAborted) }, context.RequestAborted);
        }
    }

    /// <summary>Moves a refund on, or ends it.</summary>
    private async Task RefundAsync(HttpContext context)
    {
        var status = (await ReadAsync(context))?.GetValueOrDefault("status");
        var number = context.Request.RouteValues["transactionNo"] as string;
        if (status is not ("05" or "06" or "00" or "09"))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "status is 05, 06, 00 or 09");
        }
        else if (gateway.Book.ByRefund(number) is not { } payment)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "there is no refund with this number");
        }
        else
        {
            var changed = gateway.Book.Change(payment.Key, current => current with
            {
                Refunds = [.. current.Refunds.Select(refund => refund.TransactionNo == number ? refund with { Commanded = status, CommandedAt = gateway.Now } : refund)],
            })!;
            if (context.Request.HasFormContentType) BackToPage(context);
            else await context.Response.WriteAsJsonAsync(Describe(changed), context.RequestAborted);
        }
    }

    private Task DayFileAsync(HttpContext context)
    {
        var day = context.Request.RouteValues["day"] as string ?? "";
        if (GatewayTime.Read(day + "000000") is null) return RefuseAsync(context, StatusCodes.Status400BadRequest, "the day is eight digits");
        context.Response.ContentType = "text/csv; charset=utf-8";
        return context.Response.WriteAsync(DayFile.Of(gateway, day, context.Request.Query["tmnCode"].ToString() is { Length: > 0 } one ? one : null), context.RequestAborted);
    }

    private object Describe(Payment payment) => new
    {
        payment.TxnRef,
        payment.TmnCode,
        payment.AmountVnd,
        status = payment.Status(gateway.Now),
        transactionNo = payment.Outcome?.TransactionNo,
        refunds = payment.Refunds.Select(refund => new { refund.TransactionNo, refund.RequestId, refund.AmountVnd, refund.Type, status = refund.StatusAt(gateway.Now, gateway.Options.RefundStep) }),
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
