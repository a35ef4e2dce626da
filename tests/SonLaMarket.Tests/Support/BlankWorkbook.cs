using System.IO.Compression;
using System.Text;

namespace SonLaMarket.Tests.Support;

/// <summary>
/// A blank workbook as Shopee's pages for sellers give one, typed by hand from what public exporters say of it: keys with what they demand in row 1, notes down to
/// row 6, data from row 7, drop-downs in both of the ways that Excel writes them, a hidden sheet with their words, and a guide.
/// </summary>
internal static class BlankWorkbook
{
    public const string Guide = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Hướng dẫn đăng hàng loạt</t></is></c></row></sheetData></worksheet>""";

    public static readonly string[] Keys =
    [
        "ps_category|0|0", "ps_product_name|1|0", "ps_product_description|1|0", "ps_sku_parent_short|0|0", "ps_dangerous_goods|0|0", "ps_price|1|1", "ps_stock|1|1", "ps_sku_short|0|0", "ps_gtin_code|0|0",
        "ps_item_cover_image|1|3", "ps_item_image_1|0|3", "ps_weight|1|1", "channel_id.50021|0|0", "et_title_reason|0|0",
    ];

    /// <param name="keys">Of row 1, from column A.</param>
    /// <param name="rows">Rows of the sheet from row 2 on, as XML.</param>
    /// <param name="categories">What the drop-down of the categories offers, in the hidden sheet.</param>
    /// <param name="more">Further parts: name and content.</param>
    public static byte[] Make(string[] keys, string rows = """<row r="7" ht="20" customHeight="1"><c r="B7" s="1"/></row>""", string[]? categories = null, params (string Name, string Content)[] more)
    {
        const string head = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""";
        string Letter(int at) => at < 26 ? ((char)('A' + at)).ToString() : "A" + (char)('A' + at - 26);
        var category = Letter(Array.FindIndex(keys, k => k.StartsWith("ps_category", StringComparison.Ordinal)) is var c and >= 0 ? c : 30);
        var goods = Letter(Array.FindIndex(keys, k => k.StartsWith("ps_dangerous_goods", StringComparison.Ordinal)) is var g and >= 0 ? g : 31);
        var offered = categories ?? ["100869 - Trái cây tươi", "100870 - Cà phê"];
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Part(string name, string content)
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(Encoding.UTF8.GetBytes(content));
            }

            Part("[Content_Types].xml", head + """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/worksheets/sheet3.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>""");
            Part("_rels/.rels", head + """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
            Part("xl/workbook.xml", head + """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Hướng dẫn" sheetId="1" r:id="rId1"/><sheet name="Template" sheetId="2" r:id="rId2"/><sheet name="HiddenData" sheetId="3" state="hidden" r:id="rId3"/></sheets></workbook>""");
            Part("xl/_rels/workbook.xml.rels", head + """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet3.xml"/><Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>""");
            Part("xl/styles.xml", head + """<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font><sz val="11"/><name val="Arial"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>""");
            Part("xl/worksheets/sheet1.xml", Guide);
            var cells = string.Concat(keys.Select((k, i) => $"""<c r="{Letter(i)}1" t="inlineStr"><is><t>{k}</t></is></c>"""));
            Part("xl/worksheets/sheet2.xml", $"""
                {head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><dimension ref="A1:N7"/><cols><col min="1" max="14" width="21.5" customWidth="1"/></cols><sheetData><row r="1" hidden="1" spans="1:14">{cells}</row>{rows}</sheetData><dataValidations count="1"><dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="{goods}7:{goods}1006"><formula1>"Không,Có"</formula1></dataValidation></dataValidations><extLst><ext uri="CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF"><x14:dataValidations count="1"><x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>HiddenData!$A$1:$A$99</xm:f></x14:formula1><xm:sqref>{category}7:{category}1006</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>
                """.Trim().Replace("uri=\"CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF\"", "uri=\"{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}\"", StringComparison.Ordinal));
            Part("xl/worksheets/sheet3.xml", head + """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>""" + string.Concat(offered.Select((o, i) => $"""<row r="{i + 1}"><c r="A{i + 1}" t="inlineStr"><is><t>{o}</t></is></c></row>""")) + "</sheetData></worksheet>");
            foreach (var (name, content) in more)
                Part(name, content);
        }
        return output.ToArray();
    }
}
