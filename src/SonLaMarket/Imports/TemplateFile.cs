using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Imports;

/// <summary>The workbook to be filled in: one's own choices in its drop-downs, what goes where on a sheet of notes.</summary>
public static class TemplateFile
{
    public static byte[] Make(IImportKind kind, IImportSheet sheet, Texts t)
    {
        var columns = kind.Columns.Select((c, at) => new TemplateColumn(t[c.Header] + (c.Required ? " *" : ""), c.Required, at == 0 ? t[c.Example] : c.Example, t[c.Note], sheet.Choices(c.Field))).ToList();
        string[][] notes =
        [
            [t["Cột"], t["Ghi gì"]],
            .. kind.Columns.Select(c => new[] { t[c.Header] + (c.Required ? " *" : ""), t[c.Note] }),
            ["", ""],
            [t["Cách làm"], sheet.Filled is null ? t["Cột có dấu * phải điền. Dòng 2 là ví dụ: để lại hay xóa đều được, không được nhập."] : t["Sửa các ô cần đổi, xóa các dòng không đổi hoặc cứ để nguyên. Chỉ những gì khác với trên sàn mới được lưu."]],
            ["", t["Không cần xóa cột thừa, đổi thứ tự cột cũng được. Tải tệp lên, xem trước, sửa lỗi ngay trên trang rồi mới lưu."]],
            ["", t["Nhiều nhất {0} dòng, tệp nhỏ hơn 5 MB. Trong 24 giờ có thể hoàn tác.", Vietnamese.Number(ImportKinds.MaxRows)]],
        ];
        return WorkbookTemplate.Write(t["Nhập"], columns, (t["Hướng dẫn"], notes), t["Danh mục"], ImportKinds.MaxRows + 1, sheet.Filled);
    }
}
