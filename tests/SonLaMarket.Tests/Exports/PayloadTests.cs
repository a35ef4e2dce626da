using System.Text;
using System.Text.Json;
using SonLaMarket.Exports;
using SonLaMarket.Exports.Writers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Exports;

public sealed class PayloadTests
{
    [Fact]
    public async Task Payload_for_sendo_is_byte_for_byte_what_was_typed_by_hand()
    {
        var profile = Profile.Read(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "db", "seed", "profiles", "sendo.json"), TestContext.Current.CancellationToken));
        var bytes = await WriteAsync(profile, GoldenRowTests.Whole with { Title = "Mận \"hậu\" <Sơn La>", Description = "Ngọt & giòn", PictureIds = GoldenRowTests.Whole.PictureIds[..2] }, GoldenRowTests.Whole with { Slug = "man-hau-2", StockUnits = 0, PictureIds = GoldenRowTests.Whole.PictureIds[..1] });
        Assert.Equal("""
            [
              {
                "id": 0,
                "name": "Mận \"hậu\" <Sơn La>",
                "sku": "AB12CD34-3C91E38A",
                "price": 199000,
                "is_promotion": false,
                "weight": 5000,
                "stock_availability": true,
                "stock_quantity": 12,
                "description": "Ngọt &amp; giòn",
                "pictures": [
                  {
                    "picture_url": "https://cho.example/media/00000000-0000-0000-0000-000000000001/w1200.jpg"
                  },
                  {
                    "picture_url": "https://cho.example/media/00000000-0000-0000-0000-000000000002/w1200.jpg"
                  }
                ],
                "avatar": {
                  "picture_url": "https://cho.example/media/00000000-0000-0000-0000-000000000001/w1200.jpg"
                },
                "is_config_variant": false,
                "seo_title": "Mận \"hậu\" <Sơn La>",
                "seo_description": "Ngọt & giòn"
              },
              {
                "id": 0,
                "name": "Mận hậu Sơn La loại 1",
                "sku": "AB12CD34-4B71929A",
                "price": 199000,
                "is_promotion": false,
                "weight": 5000,
                "stock_availability": false,
                "stock_quantity": 0,
                "description": "Mận hậu Mộc Châu, hái tay.",
                "pictures": [
                  {
                    "picture_url": "https://cho.example/media/00000000-0000-0000-0000-000000000001/w1200.jpg"
                  }
                ],
                "avatar": {
                  "picture_url": "https://cho.example/media/00000000-0000-0000-0000-000000000001/w1200.jpg"
                },
                "is_config_variant": false,
                "seo_title": "Mận hậu Sơn La loại 1",
                "seo_description": "Mận hậu Mộc Châu, hái tay."
              }
            ]
            """, Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public async Task No_row_is_an_empty_list() => Assert.Equal("[]", Encoding.UTF8.GetString(await WriteAsync(Of("""{"name":"a","from":"product.name"}"""))));

    [Fact]
    public async Task Values_of_two_columns_of_one_list_meet_in_the_same_object_and_plain_lists_hold_values()
    {
        var profile = Of("""{"name":"x.y[].a","transforms":["const('1|2|3')","split('|')"],"many":3,"kind":"number"},{"name":"x.y[].b","transforms":["const('p|q')","split('|')"],"many":3},{"name":"x.z[]","transforms":["const('m|n')","split('|')"],"many":3}""");
        using var made = JsonDocument.Parse(await WriteAsync(profile, GoldenRowTests.Whole));
        Assert.Equal("""[{"x":{"y":[{"a":1,"b":"p"},{"a":2,"b":"q"},{"a":3}],"z":["m","n"]}}]""", JsonSerializer.Serialize(made));
    }

    [Theory]
    [InlineData("""{"name":"a..b"}""")]
    [InlineData("""{"name":"a."}""")]
    [InlineData("""{"name":"[]"}""")]
    [InlineData("""{"name":"a[].b[]"}""")]
    [InlineData("""{"name":"a[0]"}""")]
    [InlineData("""{"name":"a","many":2}""")]
    [InlineData("""{"name":"a"},{"name":"a.b"}""")]
    [InlineData("""{"name":"a.b"},{"name":"a"}""")]
    [InlineData("""{"name":"a[].b"},{"name":"a.c"}""")]
    [InlineData("""{"name":"a[]"},{"name":"a"}""")]
    public void Columns_that_make_no_object_are_refused(string columns) => Assert.Throws<ProfileException>(() => Of(columns));

    private static Profile Of(string columns) => Profile.Read($$"""{"code":"x","name":"X","source":"","author":"A","note":"N","formats":["json"],"columns":[{{columns}}]}""");

    private static async Task<byte[]> WriteAsync(Profile profile, params ExportListing[] listings)
    {
        var check = new RowCheck(profile, RowCheckTests.Site, RowCheckTests.Today);
        using var output = new MemoryStream();
        await Payload.WriteAsync(output, profile, listings.Select(l => check.Make(l).Row!));
        return output.ToArray();
    }
}
