using System.Text;
using SonLaMarket.Exports;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Exports;

/// <summary>What platforms give their sellers, as they write it.</summary>
public sealed class PartnerSheetTests
{
    [Theory]
    [InlineData("sku;status;reason;platform id;url\nA-1;approved;;99;https://san.example/99\n", "A-1 accepted || 99 | https://san.example/99")]
    [InlineData("Báo cáo tháng 5\n\nMã sản phẩm,Trạng thái,Lý do\nA-1,Bị từ chối,Ảnh mờ\n", "A-1 refused | Ảnh mờ | |")]
    [InlineData("id\tapproval status\tissue title\nA-1\tDisapproved\tMissing GTIN\n", "A-1 refused | Missing GTIN | |")]
    [InlineData("ps_sku_short,et_title_reason\nA-1,Tên quá dài\nA-2,\n", "A-1 refused | Tên quá dài | | ; A-2 accepted | | |")]
    [InlineData("sku;status\nA-1;Đã gỡ\n", "A-1 removed | | |")]
    [InlineData("sku;status;url\nA-1;chờ duyệt;javascript:alert(1)\n", "A-1 waiting | | |")]
    public void Results_are_read_by_what_the_columns_are_called(string file, string expected)
    {
        var read = PartnerSheet.Read(Encoding.UTF8.GetBytes(file));
        Assert.False(read.IsSales);
        Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal), string.Join(';', read.Lines.Select(l => $"{l.Sku}{l.Status}|{l.Reason}|{l.PlatformId}|{l.Url}")).Replace(" ", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sku;orders;revenue\nA-1;12;1.250.000\n", 12, 1_250_000)]
    [InlineData("Mã SKU,Số đơn,Doanh thu\nA-1,3,600000\n", 3, 600_000)]
    [InlineData("sku;số đơn\nA-1;3\n", 3, 0)]
    [InlineData("sku,value\nA-1,\"1,250,000 đ\"\n", 0, 1_250_000)]
    public void Sales_are_orders_and_value(string file, int orders, long value)
    {
        var read = PartnerSheet.Read(Encoding.UTF8.GetBytes(file));
        Assert.True(read.IsSales);
        Assert.Equal((orders, value), (read.Lines[0].Orders, read.Lines[0].ValueVnd));
    }

    [Theory]
    [InlineData("a;b\n1;2\n", "tiêu đề")]
    [InlineData("sku;tên\nA-1;Mận\n", "tiêu đề")]
    [InlineData("sku;status\nA-1;lạ lùng\n", "lạ lùng")]
    [InlineData("sku;orders\nA-1;nhiều\n", "không phải là một số")]
    [InlineData("sku;orders\nA-1;-3\n", "không phải là một số")]
    public void File_that_says_nothing_that_can_be_read_is_refused_with_the_reason(string file, string reason)
    {
        var refused = Assert.Throws<WorkbookRefusedException>(() => PartnerSheet.Read(Encoding.UTF8.GetBytes(file)));
        Assert.Contains(reason, string.Format(System.Globalization.CultureInfo.InvariantCulture, refused.Why.Text, refused.Why.Args), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workbook_is_read_like_text() =>
        Assert.Equal("refused", PartnerSheet.Read(await Workbook.BytesAsync(new Dictionary<string, IEnumerable<Dictionary<string, object?>>>(StringComparer.Ordinal)
        {
            ["Template"] = [new(StringComparer.Ordinal) { ["ps_sku_short|0|0"] = "A-1", ["et_title_reason|0|0"] = "Ảnh mờ" }],
        })).Lines[0].Status);

    [Fact]
    public void Hostile_workbook_is_refused() => Assert.Throws<WorkbookRefusedException>(() => PartnerSheet.Read(Spreadsheet.Zip(("other.txt", "x"))));
}
