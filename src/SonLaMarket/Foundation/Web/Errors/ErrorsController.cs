using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.Errors;

/// <summary>The one place where a failure becomes a page (people) or a problem (machines). Nothing internal is said.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
[ApiExplorerSettings(IgnoreApi = true)]
public sealed class ErrorsController(Texts t) : Controller
{
    [Route("/loi/{status:int:range(400,599)}")]
    public IActionResult Show()
    {
        // Not as a parameter: a form that cannot be read leaves every parameter empty.
        var status = int.Parse((string)RouteData.Values["status"]!, CultureInfo.InvariantCulture);
        var failure = HttpContext.Features.Get<IExceptionHandlerFeature>();
        if (HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is null && failure is null)
            status = StatusCodes.Status404NotFound;
        for (var e = failure?.Error; e is not null; e = e.InnerException)
        {
            if (e is BadHttpRequestException bad)
                status = bad.StatusCode;
        }
        var original = HttpContext.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath ?? HttpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? "";
        var (title, advice) = Words(status);
        Response.StatusCode = status;
        if (Machines.Wanted(Request) != "html" || Machines.IsMachinePath(original))
            return Machines.Problem(status, "status-" + status, title);
        return View("Error", new ErrorPage(status, title, advice, System.Diagnostics.Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier));
    }

    private (string Title, string Advice) Words(int status) => status switch
    {
        400 => (t["Không nhận được biểu mẫu này"], t["Trang có thể đã mở quá lâu. Hãy quay lại, tải lại trang rồi gửi lần nữa."]),
        401 => (t["Cần đăng nhập"], t["Hãy đăng nhập rồi thử lại."]),
        403 => (t["Bạn không có quyền xem trang này"], t["Hãy đăng nhập bằng tài khoản có quyền, hoặc hỏi người quản lý của cơ sở."]),
        404 => (t["Không tìm thấy trang này"], t["Địa chỉ có thể gõ nhầm hoặc trang đã được gỡ. Hãy thử tìm sản phẩm hoặc mã truy xuất."]),
        405 => (t["Trang này không nhận yêu cầu như vậy"], t["Hãy quay lại trang trước."]),
        409 => (t["Việc này không làm được nữa"], t["Trạng thái vừa thay đổi. Hãy tải lại trang để xem tình trạng mới."]),
        410 => (t["Trang này đã được gỡ"], t["Nội dung này không còn trên sàn. Hãy xem các sản phẩm khác."]),
        408 => (t["Đường truyền quá chậm"], t["Chưa nhận đủ nội dung gửi lên. Hãy thử lại khi sóng tốt hơn."]),
        413 => (t["Tệp hoặc nội dung quá lớn"], t["Hãy chọn tệp nhỏ hơn 10 MB."]),
        414 => (t["Địa chỉ này quá dài"], t["Địa chỉ trên sàn dài nhất 8 kB. Có thể một mã đã bị chép lặp lại nhiều lần; hãy mở lại từ trang trước, hoặc gõ mã in dưới mã QR."]),
        415 => (t["Loại tệp này không được nhận"], t["Hãy dùng ảnh JPEG, PNG hoặc WebP."]),
        429 => (t["Bạn thao tác quá nhanh"], t["Hãy đợi một phút rồi thử lại."]),
        503 => (t["Sàn đang bận"], t["Hãy thử lại sau ít phút."]),
        _ => (t["Có lỗi xảy ra"], t["Lỗi đã được ghi lại. Hãy thử lại; nếu vẫn lỗi, hãy báo cho chúng tôi mã bên dưới."]),
    };
}

public sealed record ErrorPage(int Status, string Title, string Advice, string TraceId);
