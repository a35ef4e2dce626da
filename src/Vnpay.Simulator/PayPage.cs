using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Vnpay.Simulator;

/// <summary>The customer's way: open the signed address, choose a card, give the one-time password or cancel, go back to the merchant.</summary>
internal sealed class PayPage(Gateway gateway)
{
    private const int MaxWrongOtps = 3;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/paymentv2/vpcpay.html", OpenAsync);
        routes.MapGet("/paymentv2/Payment/Error.html", PayPageHtml.ErrorAsync);
        routes.MapGet("/paymentv2/Transaction/{token}", context => WithPaymentAsync(context, (payment, _) => ShowAsync(context, payment, null)));
        routes.MapPost("/paymentv2/Transaction/{token}/card", context => WithPaymentAsync(context, (payment, form) => CardAsync(context, payment, form)));
        routes.MapPost("/paymentv2/Transaction/{token}/otp", context => WithPaymentAsync(context, (payment, form) => OtpAsync(context, payment, form)));
        routes.MapGet("/paymentv2/App/{token}", AppAsync);
        routes.MapPost("/paymentv2/App/{token}", AppPayAsync);
        routes.MapPost("/paymentv2/Transaction/{token}/cancel", context => WithPaymentAsync(context, (payment, _) => EndAsync(context, payment, "24", null)));
    }

    private async Task OpenAsync(HttpContext context)
    {
        if (await IsDownAsync(context)) return;
        var query = context.Request.QueryString.Value ?? "";
        if (context.Request.Query["vnp_Command"] == "genqr")
        {
            await GenerateQrAsync(context, query);
            return;
        }
        var (payment, error) = await PayRequest.ReadAsync(gateway, query, "pay");
        context.Response.Redirect(payment is null ? PayPageHtml.ErrorAddress(error, context.Request.Query["vnp_Locale"] == "en") : PayPageHtml.Address(payment));
    }

    /// <summary>For a page of the merchant's own: what the QR code has to say.</summary>
    private async Task GenerateQrAsync(HttpContext context, string query)
    {
        var (payment, error) = await PayRequest.ReadAsync(gateway, query, "genqr");
        if (payment is not null) gateway.Book.Change(payment.Key, current => current with { Card = TestCards.QrNumber });
        await context.Response.WriteAsJsonAsync(
            new { code = payment is null ? error : "00", message = payment is null ? "refused" : "success", qrcontent = payment is null ? null : AppAddress(payment) }, context.RequestAborted);
    }

    /// <summary>What the phone shows that scanned the code.</summary>
    private Task AppAsync(HttpContext context)
    {
        if (gateway.Book.ByToken(context.Request.RouteValues["token"] as string) is { } payment) return PayPageHtml.ShowAppAsync(context, payment, gateway.Now);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private Task AppPayAsync(HttpContext context)
    {
        var payment = gateway.Book.ByToken(context.Request.RouteValues["token"] as string);
        if (payment is { Outcome: null } && !payment.IsOver(gateway.Now))
            gateway.End(payment, context.Request.HasFormContentType && context.Request.Form["answer"] == "no" ? "24" : "00", null, TestCards.Find(TestCards.QrNumber));
        SeeOther(context, context.Request.Path);
        return Task.CompletedTask;
    }

    private string AppAddress(Payment payment) => $"{gateway.Url}/paymentv2/App/{payment.Token}";

    /// <summary>The page as slow, or as broken, as it shall be.</summary>
    private async Task<bool> IsDownAsync(HttpContext context)
    {
        var faults = gateway.Faults;
        if (faults.Page == "slow") await Task.Delay(faults.Delay, context.RequestAborted);
        if (faults.Page == "error") context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return faults.Page == "error";
    }

    private async Task WithPaymentAsync(HttpContext context, Func<Payment, IFormCollection, Task> step)
    {
        if (await IsDownAsync(context)) return;
        var payment = gateway.Book.ByToken(context.Request.RouteValues["token"] as string);
        if (payment is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        // Back button, second click, page left open: nothing happens twice.
        if (payment.Outcome is not null) await BackToMerchantAsync(context, payment);
        else if (payment.IsOver(gateway.Now)) SeeOther(context, PayPageHtml.ErrorAddress("15", payment.Locale == "en"));
        else await step(payment, context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty);
    }

    private async Task CardAsync(HttpContext context, Payment payment, IFormCollection form)
    {
        var number = form["card"].ToString();
        if (number.Length == 0)
        {
            gateway.Book.Change(payment.Key, current => current with { Card = null });
            SeeOther(context, PayPageHtml.Address(payment));
        }
        else if (TestCards.For(payment.WantedBank).FirstOrDefault(card => card.Number == number) is not { } card)
        {
            await ShowAsync(context, payment, PayPageHtml.UnknownCard);
        }
        else if (card.Otp is null && card.Number != TestCards.QrNumber)
        {
            await EndAsync(context, payment, card.ResponseCode, card);
        }
        else
        {
            gateway.Book.Change(payment.Key, current => current with { Card = number });
            SeeOther(context, PayPageHtml.Address(payment));
        }
    }

    private async Task OtpAsync(HttpContext context, Payment payment, IFormCollection form)
    {
        if (TestCards.Find(payment.Card) is not { Otp: not null } card)
        {
            SeeOther(context, PayPageHtml.Address(payment));
        }
        else if (form["otp"].ToString().Trim() == card.Otp)
        {
            await EndAsync(context, payment, card.ResponseCode, card);
        }
        else
        {
            var counted = gateway.Book.Change(payment.Key, current => current with { WrongOtps = current.WrongOtps + 1 })!;
            if (counted.WrongOtps >= MaxWrongOtps) await EndAsync(context, payment, "13", card);
            else await ShowAsync(context, counted, PayPageHtml.WrongOtp);
        }
    }

    private async Task EndAsync(HttpContext context, Payment payment, string responseCode, TestCard? card) =>
        await BackToMerchantAsync(context, gateway.End(payment, responseCode, null, card) ?? gateway.Book.Find(payment.Key)!);

    private async Task BackToMerchantAsync(HttpContext context, Payment payment) => SeeOther(context, await gateway.ReturnAddressAsync(payment, context.RequestAborted));

    private Task ShowAsync(HttpContext context, Payment payment, (string Vi, string En)? error)
    {
        if (error is not null) context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return PayPageHtml.ShowAsync(context, payment, AppAddress(payment), gateway.Now, error);
    }

    private static void SeeOther(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
    }
}
