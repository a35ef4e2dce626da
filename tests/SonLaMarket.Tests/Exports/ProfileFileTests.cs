using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using SonLaMarket.Exports;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Exports;

/// <summary>The shipped profiles beside their JSON Schema, and the schema beside the program's own words.</summary>
public sealed class ProfileFileTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "db", "seed");
    private static readonly Lazy<JsonSchema> Schema = new(() => JsonSchema.FromText(File.ReadAllText(Path.Combine(Folder, "profile.schema.json"))));

    public static TheoryData<string> Shipped => [.. Directory.EnumerateFiles(Path.Combine(Folder, "profiles")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_profile_keeps_the_schema_and_is_read(string file)
    {
        var json = File.ReadAllText(Path.Combine(Folder, "profiles", file));
        Assert.True(Schema.Value.Evaluate(JsonNode.Parse(json)).IsValid);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), Profile.Read(json).Code);
    }

    [Theory]
    [InlineData("from", "\"price\"")]
    [InlineData("transforms", "[\"eval(1)\"]")]
    [InlineData("kind", "\"money\"")]
    [InlineData("check", "\"spelling\"")]
    [InlineData("lengthIn", "\"bytes\"")]
    [InlineData("colour", "\"red\"")]
    public void Schema_and_program_refuse_the_same(string property, string value)
    {
        var profile = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "profiles", "postmart.json")))!;
        profile["columns"]![0]![property] = JsonNode.Parse(value);
        Assert.False(Schema.Value.Evaluate(profile).IsValid);
        Assert.Throws<ProfileException>(() => Profile.Read(profile.ToJsonString()));
    }

    [Fact]
    public void Schema_names_every_property_transform_and_field_of_the_program()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "profile.schema.json")));
        var column = schema.RootElement.GetProperty("$defs").GetProperty("column").GetProperty("properties");
        Assert.Equal(Names(typeof(Column)), column.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(Names(typeof(Profile)), schema.RootElement.GetProperty("properties").EnumerateObject().Select(p => p.Name).Where(n => n != "$schema").Order(StringComparer.Ordinal));
        var definitions = schema.RootElement.GetProperty("$defs");
        Assert.Equal($"^({string.Join('|', Transforms.Names)})(\\(.+\\))?$", definitions.GetProperty("transform").GetProperty("pattern").GetString());
        var field = string.Join('|', ExportFields.All.Keys.Select(k => k.Replace(".", "\\.", StringComparison.Ordinal)));
        Assert.Equal($"^({field})( *, *({field}))*$", definitions.GetProperty("from").GetProperty("pattern").GetString());
    }

    /// <summary>Typed by hand from the platform's published rules (support.google.com/merchants/answer/7052112).</summary>
    [Fact]
    public void Row_for_google_is_what_its_rules_ask_for()
    {
        var listing = RowCheckTests.Good with { PictureIds = [new("00000000-0000-0000-0000-000000000001"), new("00000000-0000-0000-0000-000000000002"), new("00000000-0000-0000-0000-000000000003")], NetWeightG = 5200, StockUnits = 0 };
        Assert.Equal(
        [
            "g:id AB12CD34-3C91E38A", "g:title Mận hậu Sơn La loại 1", "g:description Mận hậu Mộc Châu, hái tay.", "g:link https://cho.example/san-pham/man-hau",
            "g:image_link https://cho.example/media/00000000-0000-0000-0000-000000000001/w1200.jpg",
            "g:additional_image_link https://cho.example/media/00000000-0000-0000-0000-000000000002/w1200.jpg", "g:additional_image_link https://cho.example/media/00000000-0000-0000-0000-000000000003/w1200.jpg",
            "g:availability out_of_stock", "g:price 35000 VND", "g:unit_pricing_measure 5200g", "g:unit_pricing_base_measure 1kg", "g:brand HTX mẫu", "g:gtin " + listing.Gtin, "g:identifier_exists yes", "g:condition new",
            "g:google_product_category 430", "g:product_type Thực phẩm > Trái cây tươi", "g:shipping_weight 5200 g", "g:external_seller_id htx-mau",
        ], Cells("google-merchant", listing));
        Assert.Contains("g:identifier_exists no", Cells("google-merchant", listing with { Gtin = null }));
    }

    [Fact]
    public void Row_for_postmart_has_every_column_that_the_listing_can_fill()
    {
        var listing = RowCheckTests.Good with { PictureIds = [new("00000000-0000-0000-0000-000000000001")], NetWeightG = 5000, BasePerUnit = 5000, SaleUnit = "box", Certificates = ["OCOP 4 sao 12 (2027-01-31)", "VietGAP trồng trọt 7 (2027-02-28)"], Stars = 4, Storage = "Nơi mát" };
        Assert.Equal(
        [
            "Mã sản phẩm AB12CD34-3C91E38A", "Tên sản phẩm Mận hậu Sơn La loại 1", "Nhóm hàng Thực phẩm > Trái cây tươi", "Thương hiệu HTX mẫu", "Đơn vị hộp", "Giá bán (đồng) 35000", "Giá mỗi kg (đồng) 7000", "Tồn kho 12",
            "Khối lượng (gam) 5000", "Mô tả Mận hậu Mộc Châu, hái tay.", "Mã vạch (GTIN) " + listing.Gtin, "Ảnh chính https://cho.example/media/00000000-0000-0000-0000-000000000001/w1200.jpg", "Xuất xứ Phường Mộc Châu, Sơn La, Việt Nam",
            "Cơ sở sản xuất HTX mẫu", "Địa chỉ cơ sở Tổ 1, Phường Mộc Châu, Sơn La", "Điện thoại cơ sở 0912345678", "Chứng nhận OCOP 4 sao 12 (2027-01-31); VietGAP trồng trọt 7 (2027-02-28)", "Hạng OCOP 4", "Cách bảo quản Nơi mát",
            "Trang sản phẩm https://cho.example/san-pham/man-hau", "Trang truy xuất https://cho.example/lo/AB12",
        ], Cells("postmart", listing));
    }

    [Fact]
    public void Row_for_meta_has_what_its_catalogue_requires()
    {
        Assert.Equal(
        [
            "id AB12CD34-3C91E38A", "title Mận hậu Sơn La loại 1", "description Mận hậu Mộc Châu, hái tay.", "availability in stock", "condition new", "price 35000 VND", "link https://cho.example/san-pham/man-hau",
            "image_link https://cho.example/media/00000000-0000-0000-0000-000000000000/w1200.jpg", "brand HTX mẫu", "gtin " + RowCheckTests.Good.Gtin, "google_product_category 430",
            "product_type Thực phẩm > Trái cây tươi", "quantity_to_sell_on_facebook 12", "custom_label_0 Phường Mộc Châu, Sơn La, Việt Nam",
        ], Cells("meta", RowCheckTests.Good));
        Assert.Contains("availability out of stock", Cells("meta", RowCheckTests.Good with { StockUnits = 0 }));
    }

    private static List<string> Cells(string code, ExportListing listing)
    {
        var profile = Profile.Read(File.ReadAllText(Path.Combine(Folder, "profiles", code + ".json")));
        var (row, faults) = new RowCheck(profile, new SiteOptions { PublicBaseUrl = "https://cho.example" }).Make(listing);
        Assert.Empty(faults);
        return [.. profile.Columns.Zip(row!).SelectMany(c => c.Second.Select(v => $"{c.First.Name} {v}"))];
    }

    private static IEnumerable<string> Names(Type type) => type.GetConstructors()[0].GetParameters().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name!)).Order(StringComparer.Ordinal);
}
