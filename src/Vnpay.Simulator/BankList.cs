using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Vnpay.Simulator;

/// <summary>The banks that the payment page offers; nothing for a terminal that does not exist.</summary>
internal sealed class BankList(Gateway gateway)
{
    private static readonly (string Code, string Name, int Type)[] Banks =
    [
        ("VNPAYQR", "Thanh toán quét mã QR (mô phỏng)", 0), ("NCB", "Ngân hàng NCB (mô phỏng)", 1), ("NAPAS", "Thẻ nội địa NAPAS (mô phỏng)", 1),
        ("VISA", "Thẻ Visa (mô phỏng)", 2), ("MASTERCARD", "Thẻ Mastercard (mô phỏng)", 2), ("JCB", "Thẻ JCB (mô phỏng)", 2),
    ];

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/qrpayauth/api/merchant/get_bank_list", ListAsync);

    private async Task ListAsync(HttpContext context)
    {
        var tmnCode = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(context.RequestAborted))["tmn_code"].ToString() : "";
        var known = tmnCode.Length > 0 && await gateway.Options.Terminals(tmnCode) is not null;
        await context.Response.WriteAsJsonAsync(
            (known ? Banks : []).Select((bank, at) => new { bank_code = bank.Code, bank_name = bank.Name, logo_link = "", bank_type = bank.Type, display_order = at + 1 }), context.RequestAborted);
    }
}
