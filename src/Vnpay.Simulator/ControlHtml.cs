using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using static Vnpay.Simulator.Html;

namespace Vnpay.Simulator;

/// <summary>The control page for people; the same forms are the JSON addresses for programs.</summary>
internal static class ControlHtml
{
    private static readonly CultureInfo Vietnamese = CultureInfo.GetCultureInfo("vi-VN");

    public static Task ShowAsync(HttpContext context, Gateway gateway)
    {
        var faults = gateway.Faults;
        var kinds = string.Concat(Faults.Kinds.Select(kind =>
            $"<option value=\"{kind}\"{(kind == faults.Ipn ? " selected" : "")}>{kind}: {E(Meaning(kind))}</option>"));
        var rows = new StringBuilder();
        foreach (var payment in gateway.Book.All().Reverse()) rows.Append(Row(payment, gateway.Now));
        return WriteAsync(context, english: false, "Bảng điều khiển", $"""
            <section><h1>Lỗi của thông báo IPN</h1>
            <form method="post" action="/control/faults">
            <label for="ipn">Cho các giao dịch kết thúc từ bây giờ</label><select id="ipn" name="ipn">{kinds}</select>
            <label for="delayMs">Chậm bao nhiêu mili giây (late)</label><input id="delayMs" name="delayMs" type="number" min="0" max="86400000" value="{faults.DelayMs}">
            <button>Đặt</button></form></section>
            <section><h1>Giao dịch</h1><div class="scroll"><table>
            <thead><tr><th>Mã</th><th>Điểm bán</th><th>Số tiền</th><th>Trạng thái</th><th>Số VNPAY</th><th>Các lần gọi IPN</th><th>Thay khách</th></tr></thead>
            <tbody>{rows}</tbody></table></div></section>
            """, wide: true);
    }

    private static string Row(Payment payment, DateTimeOffset now)
    {
        var calls = string.Concat(payment.Ipn.Select(call =>
            $"<div>{call.Call}. {call.At.UtcDateTime.AddHours(7).ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {call.HttpStatus} {E(call.RspCode)} {E(call.Message ?? call.Error)}</div>"));
        var act = payment.Outcome is not null ? "" : $"""
            <form method="post" action="/control/pay/{E(payment.TxnRef)}"><button name="responseCode" value="00">00</button><button class="quiet" name="responseCode" value="24">24</button><button class="quiet" name="responseCode" value="51">51</button></form>
            """;
        return $"""
            <tr><td>{E(payment.TxnRef)}</td><td>{E(payment.TmnCode)}</td><td>{payment.AmountVnd.ToString("N0", Vietnamese)}</td><td>{payment.Status(now)} {payment.Outcome?.ResponseCode}</td><td>{payment.Outcome?.TransactionNo}</td><td>{calls}</td><td>{act}</td></tr>
            """;
    }

    private static string Meaning(string kind) => kind switch
    {
        "lost" => "không bao giờ gọi",
        "double" => "lần đầu gọi hai lần cùng lúc",
        "late" => "lần đầu gọi chậm",
        "tampered" => "số tiền hoặc chữ ký bị sửa",
        _ => "bình thường",
    };
}
