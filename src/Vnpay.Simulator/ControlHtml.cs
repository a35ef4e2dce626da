using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using static Vnpay.Simulator.Html;

namespace Vnpay.Simulator;

/// <summary>The control page for people; the same forms are the JSON addresses for programs.</summary>
internal static class ControlHtml
{
    private static readonly CultureInfo Vietnamese = CultureInfo.GetCultureInfo("vi-VN");

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["ipn"] = "Thông báo IPN",
        ["order"] = "IPN và đường về của khách",
        ["encoding"] = "Cách mã hóa",
        ["status"] = "Trạng thái khi mã kết quả là 00",
        ["page"] = "Trang thanh toán",
        ["api"] = "Trả lời querydr và refund",
        ["refund"] = "Hoàn tiền",
        ["query"] = "querydr sau khi hoàn tiền",
    };

    public static Task ShowAsync(HttpContext context, Gateway gateway)
    {
        var faults = gateway.Faults;
        var choices = string.Concat(Faults.Switches.Select(choice => Choice(choice.Key, choice.Value, faults.Value(choice.Key))));
        var payments = gateway.Book.All().Reverse().Take(200).ToList();
        var rows = string.Concat(payments.Select(payment => Row(payment, gateway)));
        var today = GatewayTime.Digits(gateway.Now)[..8];
        var list = payments.Count == 0 ? "<p>Chưa có giao dịch nào được mở.</p>" : $"""
            <div class="scroll"><table>
            <thead><tr><th>Mã</th><th>Điểm bán</th><th>Số tiền</th><th>Trạng thái</th><th>Số VNPAY</th><th>Các lần gọi IPN</th><th>Hoàn tiền</th><th>Thay khách</th></tr></thead>
            <tbody>{rows}</tbody></table></div>
            """;
        return WriteAsync(context, english: false, "Bảng điều khiển", $"""
            <section><h1>Lỗi cố ý</h1>
            <form method="post" action="/control/faults"><div class="choices">{choices}
            <div><label for="delayMs">delayMs: chậm bao nhiêu mili giây</label><input id="delayMs" name="delayMs" type="number" min="0" max="86400000" value="{faults.DelayMs}"></div></div>
            <button>Đặt cho các giao dịch từ bây giờ</button></form></section>
            <section><h1>Tệp đối soát</h1><p><a href="/control/reconciliation/{today}.csv">Tệp của hôm nay ({today})</a>. Ngày khác: đổi tám chữ số trong địa chỉ; một điểm bán: thêm <code>?tmnCode=</code>.</p></section>
            <section><h1>Giao dịch</h1>{list}</section>
            """, wide: true);
    }

    private static string Choice(string name, (string Value, string Vi)[] options, string current) => $"""
        <div><label for="{name}">{E(Names[name])}</label><select id="{name}" name="{name}">{string.Concat(options.Select(option =>
            $"<option value=\"{option.Value}\"{(option.Value == current ? " selected" : "")}>{option.Value}{(option.Value.Length > 0 ? ": " : "")}{E(option.Vi)}</option>"))}</select></div>
        """;

    private static string Row(Payment payment, Gateway gateway)
    {
        var calls = string.Concat(payment.Ipn.Select(call =>
            $"<div>{call.Call}. {call.At.UtcDateTime.AddHours(7).ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {call.HttpStatus} {E(call.RspCode)} {E(call.Message ?? call.Error)}</div>"));
        var act = payment.Outcome is not null ? "" : $"""
            <form method="post" action="/control/pay/{E(payment.TxnRef)}"><button name="responseCode" value="00">00</button><button class="quiet" name="responseCode" value="24">24</button><button class="quiet" name="responseCode" value="51">51</button></form>
            """;
        return $"""
            <tr><td>{E(payment.TxnRef)}</td><td>{E(payment.TmnCode)}</td><td>{payment.AmountVnd.ToString("N0", Vietnamese)}</td><td>{payment.Status(gateway.Now)} {payment.Outcome?.ResponseCode}</td><td>{payment.Outcome?.TransactionNo}</td><td>{calls}</td><td>{Refunds(payment, gateway)}</td><td>{act}</td></tr>
            """;
    }

    private static string Refunds(Payment payment, Gateway gateway)
    {
        var text = new StringBuilder();
        foreach (var refund in payment.Refunds)
        {
            var status = refund.StatusAt(gateway.Now, gateway.Options.RefundStep);
            text.Append(Vietnamese, $"<div>{refund.TransactionNo}: {refund.AmountVnd:N0} ({refund.Type}) {status}");
            if (status is "05" or "06")
            {
                text.Append(CultureInfo.InvariantCulture, $"""
                    <form method="post" action="/control/refunds/{refund.TransactionNo}"><button name="status" value="00">00</button><button class="quiet" name="status" value="06">06</button><button class="quiet" name="status" value="09">09</button></form>
                    """);
            }
            text.Append("</div>");
        }
        return text.ToString();
    }
}
