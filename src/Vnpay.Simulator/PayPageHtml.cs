using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using QRCoder;
using static Vnpay.Simulator.Html;

namespace Vnpay.Simulator;

/// <summary>The words and markup of the payment page.</summary>
internal static class PayPageHtml
{
    public static readonly (string Vi, string En) UnknownCard = ("Hãy chọn một thẻ trong danh sách.", "Choose one of the listed cards.");

    public static readonly (string Vi, string En) WrongOtp = ("Mã OTP không đúng.", "The one-time password is wrong.");

    private static readonly CultureInfo Vietnamese = CultureInfo.GetCultureInfo("vi-VN");

    public static string Address(Payment payment) => $"/paymentv2/Transaction/{payment.Token}";

    public static string ErrorAddress(string? code, bool english) => $"/paymentv2/Payment/Error.html?code={code}{(english ? "&lang=en" : "")}";

    public static Task ShowAsync(HttpContext context, Payment payment, string appAddress, DateTimeOffset now, (string Vi, string En)? error)
    {
        var english = payment.Locale == "en";
        string T(string vi, string en) => english ? en : vi;
        var left = payment.ExpiresAt - now;
        var message = error is { } e ? $"<p class=\"error\" role=\"alert\">{E(T(e.Vi, e.En))}</p>" : "";
        var chosen = TestCards.Find(payment.Card);
        var qr = chosen?.Number == TestCards.QrNumber;
        var step = qr ? QrForm(payment, appAddress, T) : chosen is not null ? OtpForm(payment, chosen, message, T) : CardForm(payment, message, T);
        var body = $"""
            <section><h1>{T("Thanh toán", "Payment")}</h1>
            <p class="amount" data-amount="{payment.AmountVnd}">{payment.AmountVnd.ToString("N0", Vietnamese)} ₫</p>
            <dl><dt>{T("Nội dung", "For")}</dt><dd>{E(payment.OrderInfo)}</dd>
            <dt>{T("Mã giao dịch", "Reference")}</dt><dd>{E(payment.TxnRef)}</dd>
            <dt>{T("Điểm bán", "Terminal")}</dt><dd>{E(payment.TmnCode)}</dd>
            <dt>{T("Còn lại", "Time left")}</dt><dd><span data-until="{payment.ExpiresAt.ToUnixTimeMilliseconds()}">{(int)left.TotalMinutes}:{left.Seconds:00}</span> ({T("đến", "until")} {payment.ExpiresAt.UtcDateTime.AddHours(7).ToString("HH:mm:ss", CultureInfo.InvariantCulture)})</dd></dl></section>
            {step}
            <form method="post" action="{Address(payment)}/cancel"><button class="quiet" name="cancel" value="1">{T("Hủy thanh toán", "Cancel payment")}</button></form>
            """;
        // While the phone pays, the page looks every three seconds whether it is time to go on.
        return WriteAsync(context, english, T("Thanh toán", "Payment"), body, refreshSeconds: qr ? 3 : (int)left.TotalSeconds + 1, countdown: true);
    }

    /// <summary>What a banking app would show that scanned the code.</summary>
    public static Task ShowAppAsync(HttpContext context, Payment payment, DateTimeOffset now)
    {
        var english = payment.Locale == "en";
        string T(string vi, string en) => english ? en : vi;
        var state = payment.Outcome is { ResponseCode: "00" } ? T("Đã chuyển tiền. Quay lại trang bán hàng.", "The money was sent. Go back to the shop's page.")
            : payment.Outcome is not null || payment.IsOver(now) ? T("Mã này không còn thanh toán được.", "This code can no longer be paid.") : null;
        var answer = state is not null ? $"<p role=\"status\"><strong>{state}</strong></p>" : $"""
            <form method="post"><button name="answer" value="yes">{T("Xác nhận chuyển tiền", "Confirm the transfer")}</button>
            <button class="quiet" name="answer" value="no">{T("Từ chối", "Refuse")}</button></form>
            """;
        return WriteAsync(context, english, T("Ứng dụng ngân hàng", "Banking app"), $"""
            <section><h1>{T("Ứng dụng ngân hàng (mô phỏng)", "Banking app (simulated)")}</h1>
            <p class="amount" data-amount="{payment.AmountVnd}">{payment.AmountVnd.ToString("N0", Vietnamese)} ₫</p>
            <dl><dt>{T("Nội dung", "For")}</dt><dd>{E(payment.OrderInfo)}</dd><dt>{T("Điểm bán", "Terminal")}</dt><dd>{E(payment.TmnCode)}</dd></dl>
            {answer}</section>
            """);
    }

    public static Task ErrorAsync(HttpContext context)
    {
        var code = context.Request.Query["code"].ToString();
        var (vi, en) = code switch
        {
            "01" => ("Mã giao dịch đã được dùng", "The reference was used before"),
            "02" => ("Điểm bán không tồn tại", "Unknown merchant"),
            "03" => ("Dữ liệu gửi sang không đúng định dạng", "Wrong data format"),
            "04" => ("Website đang bị tạm khóa", "The website is locked"),
            "15" => ("Giao dịch đã quá thời gian chờ thanh toán", "Payment time is over"),
            "32" => ("Số tiền không hợp lệ", "Amount outside the limits"),
            "70" => ("Sai chữ ký", "Wrong signature"),
            "71" => ("Website chưa được phê duyệt", "The terminal is not approved"),
            "72" => ("Không tìm thấy website", "Terminal not found"),
            _ => ("Lỗi không xác định", "Unknown error"),
        };
        var english = context.Request.Query["lang"] == "en";
        var (title, first, second, language) = english ? ($"Error {code}", en, vi, "vi") : ($"Mã lỗi {code}", vi, en, "en");
        return WriteAsync(context, english, title, $"""
            <section><h1>{E(first)}</h1><p lang="{language}">{E(second)}</p><p>{(english ? "Error code" : "Mã lỗi")}: <strong data-code="{E(code)}">{E(code)}</strong></p></section>
            """);
    }

    private static string CardForm(Payment payment, string message, Func<string, string, string> t)
    {
        var cards = new StringBuilder();
        foreach (var card in TestCards.For(payment.WantedBank))
        {
            var mark = cards.Length == 0 ? " checked" : "";
            cards.Append(CultureInfo.InvariantCulture, $"""
                <label class="card"><input type="radio" name="card" value="{card.Number}"{mark}><span>{E(t(card.Vi, card.En))}<small>{card.Number}</small></span></label>
                """);
        }
        return $"""
            <section><form method="post" action="{Address(payment)}/card">{message}
            <fieldset><legend>{t("Chọn thẻ thử nghiệm và kết quả", "Choose a test card and its outcome")}</legend>{cards}</fieldset>
            <button>{t("Tiếp tục", "Continue")}</button></form></section>
            """;
    }

    private static string QrForm(Payment payment, string appAddress, Func<string, string, string> t)
    {
        using var data = QRCodeGenerator.GenerateQrCode(appAddress, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        var svg = code.GetGraphic(6, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
        return $"""
            <section><h2>{t("Quét mã bằng ứng dụng ngân hàng", "Scan with a banking app")}</h2>
            <div class="qr" role="img" aria-label="{t("Mã QR mô phỏng", "Simulated QR code")}">{svg}</div>
            <p><a href="{E(appAddress)}" target="_blank" rel="noopener">{t("Không có điện thoại: mở ứng dụng ngân hàng mô phỏng", "No phone at hand: open the simulated banking app")}</a></p>
            <p><small>{t("Trang này tự đi tiếp khi đã chuyển tiền.", "This page goes on by itself once the money was sent.")}</small></p>
            <form method="post" action="{Address(payment)}/card"><button class="quiet">{t("Chọn cách khác", "Choose another way")}</button></form></section>
            """;
    }

    private static string OtpForm(Payment payment, TestCard card, string message, Func<string, string, string> t) => $"""
        <section><form method="post" action="{Address(payment)}/otp">{message}
        <p>{E(t(card.Vi, card.En))}<small>{card.Number}</small></p>
        <label for="otp">{t("Mã xác thực OTP", "One-time password")}</label>
        <input id="otp" name="otp" type="text" autocomplete="one-time-code" required maxlength="10">
        <button>{t("Thanh toán", "Pay")}</button></form>
        <form method="post" action="{Address(payment)}/card"><button class="quiet">{t("Chọn thẻ khác", "Choose another card")}</button></form></section>
        """;
}
