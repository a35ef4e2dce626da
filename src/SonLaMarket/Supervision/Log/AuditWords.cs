namespace SonLaMarket.Supervision.Log;

/// <summary>What the codes of the audit log are called on a screen; the codes themselves stay in the file.</summary>
public static class AuditWords
{
    /// <summary>The first part of an action and of a subject, and what officers filter by.</summary>
    public static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["listing"] = "Tin đăng",
        ["producer"] = "Cơ sở",
        ["certificate"] = "Chứng nhận",
        ["product"] = "Sản phẩm",
        ["growing-area"] = "Vùng trồng",
        ["lot"] = "Lô hàng",
        ["diary"] = "Nhật ký",
        ["stock"] = "Tồn kho",
        ["recall"] = "Thu hồi",
        ["label-report"] = "Tem lạ",
        ["order"] = "Đơn hàng",
        ["sub-order"] = "Đơn hàng",
        ["delivery"] = "Phí giao hàng",
        ["producer-delivery"] = "Phí giao hàng",
        ["refund"] = "Hoàn tiền",
        ["terminal"] = "Cổng thanh toán",
        ["feed-token"] = "Mã truy cập dữ liệu",
        ["feed"] = "Xuất dữ liệu",
        ["export"] = "Xuất dữ liệu",
        ["job"] = "Việc nền",
        ["person"] = "Tài khoản",
        ["role"] = "Vai trò",
        ["session"] = "Phiên đăng nhập",
        ["password"] = "Mật khẩu",
        ["password-link"] = "Liên kết đặt mật khẩu",
        ["second-factor"] = "Xác thực hai bước",
        ["passkey"] = "Khóa truy cập",
        ["contact"] = "Liên lạc",
    };

    public static readonly Dictionary<string, string> Actions = new(StringComparer.Ordinal)
    {
        ["listing.create"] = "Soạn tin đăng",
        ["listing.edit"] = "Sửa tin đăng",
        ["listing.submit"] = "Gửi duyệt tin đăng",
        ["listing.approve"] = "Duyệt tin đăng",
        ["listing.return"] = "Trả lại tin đăng",
        ["listing.suspend"] = "Tạm ngừng tin đăng",
        ["listing.close"] = "Đóng tin đăng",
        ["listing.reopen"] = "Mở lại tin đăng",
        ["listing.price"] = "Đổi giá",
        ["listing.pause"] = "Tạm nghỉ bán",
        ["listing.resume"] = "Bán lại",
        ["producer.create"] = "Khai báo cơ sở",
        ["producer.edit"] = "Sửa cơ sở",
        ["producer.submit"] = "Gửi duyệt cơ sở",
        ["producer.approve"] = "Duyệt cơ sở",
        ["producer.return"] = "Trả lại hồ sơ cơ sở",
        ["producer.suspend"] = "Tạm ngừng cơ sở",
        ["certificate.submit"] = "Nộp chứng nhận",
        ["certificate.verified"] = "Xác nhận chứng nhận",
        ["certificate.rejected"] = "Trả lại chứng nhận",
        ["certificate.revoked"] = "Hủy hiệu lực chứng nhận",
        ["product.create"] = "Thêm sản phẩm",
        ["product.edit"] = "Sửa sản phẩm",
        ["growing-area.create"] = "Thêm vùng trồng",
        ["lot.open"] = "Mở lô",
        ["lot.block"] = "Chặn bán lô",
        ["lot.unblock"] = "Gỡ chặn lô",
        ["diary.add"] = "Ghi nhật ký",
        ["diary.correct"] = "Sửa nhật ký",
        ["stock.supply"] = "Đưa hàng vào bán",
        ["stock.take-off"] = "Thôi bán hàng còn lại",
        ["recall.open"] = "Mở thu hồi",
        ["recall.close"] = "Kết thúc thu hồi",
        ["label-report.handle"] = "Xem báo cáo tem lạ",
        ["order.cancel"] = "Hủy đơn hàng",
        ["delivery.edit"] = "Sửa phí giao hàng",
        ["refund.done"] = "Ghi đã hoàn tiền",
        ["terminal.set"] = "Đặt cổng thanh toán",
        ["feed-token.create"] = "Cấp mã truy cập dữ liệu",
        ["feed-token.revoke"] = "Thu hồi mã truy cập dữ liệu",
        ["export.download"] = "Tải tệp xuất",
        ["job.run-again"] = "Chạy lại việc nền",
        ["role.grant"] = "Cấp vai trò",
        ["person.disable"] = "Khóa tài khoản",
        ["person.enable"] = "Mở khóa tài khoản",
        ["session.begin"] = "Đăng nhập",
        ["session.end"] = "Đăng xuất một thiết bị",
        ["session.end-others"] = "Đăng xuất các thiết bị khác",
        ["session.end-all"] = "Kết thúc mọi phiên",
        ["person.rename"] = "Đổi họ tên",
        ["contact.prove"] = "Xác nhận liên lạc",
        ["contact.email"] = "Đổi e-mail",
        ["contact.phone"] = "Đổi số điện thoại",
        ["password.set"] = "Đặt mật khẩu",
        ["password.change"] = "Đổi mật khẩu",
        ["password-link.create"] = "Tạo liên kết đặt mật khẩu",
        ["second-factor.set"] = "Bật xác thực hai bước",
        ["second-factor.recovery"] = "Tạo lại mã dự phòng",
        ["second-factor.remove"] = "Tắt xác thực hai bước",
        ["passkey.add"] = "Thêm khóa truy cập",
        ["passkey.rename"] = "Đổi tên khóa truy cập",
        ["passkey.remove"] = "Gỡ khóa truy cập",
    };

    public static string Action(string code) => Actions.GetValueOrDefault(code, code);

    /// <summary>"listing:man-hau" → "Tin đăng" and "man-hau".</summary>
    public static (string Kind, string Key) Subject(string subject)
    {
        var colon = subject.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (subject, "") : (Kinds.GetValueOrDefault(subject[..colon], subject[..colon]), subject[(colon + 1)..]);
    }
}
