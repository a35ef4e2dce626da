using System.Net;
using System.Net.Http.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using QRCoder;
using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Exports;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Imports;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;
using SonLaMarket.Payments;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Supervision;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Walks;

/// <summary>One way to ask a route of something that exists.</summary>
/// <param name="Fields">What is sent; null for a GET.</param>
/// <param name="FormOn">The page whose form is sent, with the fields changed; without it only the fields are sent.</param>
/// <param name="Owned">It belongs to one seller: another one must not find it.</param>
/// <param name="As">Who asks, where a public route needs a browser with a past.</param>
/// <param name="Bytes">A file that is sent as it is, instead of fields.</param>
/// <param name="Json">What a device sends, instead of fields.</param>
/// <param name="File">Goes with the fields, under the name "file".</param>
/// <param name="Key">What a program shows instead of a session.</param>
/// <param name="OtherKey">Of somebody else: it must not find it.</param>
internal sealed record Case(string Path, Dictionary<string, string>? Fields = null, string? FormOn = null, bool Owned = false, Browser? As = null, byte[]? Bytes = null, object? Json = null, byte[]? File = null, string? Key = null, string? OtherKey = null)
{
    /// <summary>Sends these fields, and the file where there is one.</summary>
    /// <param name="parts">In parts as a form with files does, though there is none.</param>
    public async Task<Answer> PostAsync(Browser browser, IEnumerable<KeyValuePair<string, string>> fields, bool parts = false)
    {
        if (File is null && !parts)
            return await browser.PostAsync(Path, fields);
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        if (File is not null)
            form.Add(new ByteArrayContent(File), "file", "mau.xlsx");
        return await browser.PostAsync(Path, form);
    }
}

/// <summary>
/// Every route with ids of things that one seller owns. A destructive step has a thing of its own, so that the order of the routes does not matter.
/// A route that is missing here fails the matrix.
/// </summary>
internal sealed class MatrixCases(MarketFixture market, Seller owner)
{
    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);
    private const string Inspecting = "/so-cong-thuong/kiem-tra";
    private readonly Office office = new(market);
    private readonly Actor actor = new(owner.PersonId, Roles.Seller);
    private readonly Actor officer = new(null, Roles.Officer);

    private DateOnly Today => DateOnly.FromDateTime(market.Site.Clock.GetUtcNow().UtcDateTime.AddHours(7));

    public Task<Case> MakeAsync(string route) => Makers.TryGetValue(route, out var make) ? make() : throw new KeyNotFoundException(route);

    public IEnumerable<string> Routes => Makers.Keys;

    /// <summary>Routes that take a form of a page.</summary>
    public IEnumerable<string> Forms => Routes.Where(r => r.StartsWith("POST ", StringComparison.Ordinal) && !r.StartsWith("POST api/", StringComparison.Ordinal));

    private Dictionary<string, Func<Task<Case>>> Makers => field ??= new(StringComparer.Ordinal)
    {
        // Anybody.
        ["GET "] = () => Page("/"),
        ["GET quet"] = () => Page("/quet"),
        ["POST quet"] = () => Form("/quet", "/quet", ("ma", "7K3Q-9M2X-H4CD")),
        ["GET thu-hoi"] = () => Page("/thu-hoi"),
        ["GET thu-hoi.rss"] = () => Page("/thu-hoi.rss"),
        ["POST don-hang/{code}/da-biet-thu-hoi"] = RecalledOrderAsync,
        ["GET san-pham"] = () => Page("/san-pham"),
        ["GET goi-y"] = () => Page("/goi-y?q=man"),
        ["GET cach-xep-hang"] = () => Page("/cach-xep-hang"),
        ["GET sitemap.xml"] = () => Page("/sitemap.xml"),
        ["GET robots.txt"] = () => Page("/robots.txt"),
        ["GET .well-known/security.txt"] = () => Page("/.well-known/security.txt"),
        ["GET san-pham/{slug}"] = async () => new("/san-pham/" + (await GoodsAsync()).Slug),
        ["GET co-so/{slug}"] = () => Page("/co-so/" + owner.Slug),
        ["GET lo/{code}"] = async () => new("/lo/" + (await GoodsAsync()).LotCode),
        ["GET 01/{rest}"] = async () => new($"/01/{await GtinAsync()}"),
        ["GET vt/{code}"] = async () => new("/vt/" + (await SeriesAsync()).Item),
        ["POST vt/{code}/noi-quet"] = async () => (await SeriesAsync()).Item is var item ? await Form("/vt/" + item, $"/vt/{item}/noi-quet", ("tinh", "14")) : null!,
        ["POST lo/bao-tem-la"] = () => Form("/lo/KHONG-CO", "/lo/bao-tem-la", ("Note", "Tem lạ")),
        ["GET ngoai-tuyen"] = () => Page("/ngoai-tuyen"),
        ["GET tranh/{name}/{rendition}"] = () => Page("/tranh/man-hau/w320.webp"),
        ["POST san-pham/{slug}/noi-nhan"] = async () => await Send($"/san-pham/{(await GoodsAsync()).Slug}/noi-nhan", ("address-level1", "01")),
        ["GET san-pham/{slug}/bao-van-de"] = async () => new($"/san-pham/{(await GoodsAsync()).Slug}/bao-van-de"),
        ["POST san-pham/{slug}/bao-van-de"] = async () => await ProblemAsync($"/san-pham/{(await GoodsAsync()).Slug}/bao-van-de"),
        ["GET lo/{code}/lich-su"] = async () => new($"/lo/{(await GoodsAsync()).LotCode}/lich-su"),
        ["GET lo/{code}/toan-bo-nhat-ky"] = async () => new($"/lo/{(await GoodsAsync()).LotCode}/toan-bo-nhat-ky"),
        ["GET lo/{code}/bao-van-de"] = async () => new($"/lo/{(await GoodsAsync()).LotCode}/bao-van-de"),
        ["POST lo/{code}/bao-van-de"] = async () => await ProblemAsync($"/lo/{(await GoodsAsync()).LotCode}/bao-van-de"),
        ["GET media/{id}/{name}"] = async () => new($"/media/{await PictureAsync()}/w320.webp"),
        ["GET feeds/profile.schema.json"] = () => Page("/feeds/profile.schema.json"),
        ["GET feeds/{profile}.{extension}"] = async () => new("/feeds/google-merchant.xml?token=" + await FeedAsync("google-merchant")),
        ["GET open-data"] = () => OpenDataAsync("/open-data"),
        ["GET open-data/catalog.{notation}"] = () => Page("/open-data/catalog.ttl"),
        ["GET open-data/{set}.schema.json"] = () => Page("/open-data/sellers.schema.json"),
        ["GET open-data/{set}.{extension}"] = () => OpenDataAsync("/open-data/sellers.csv"),
        ["GET api"] = () => Page("/api"),
        ["GET api/v1/listings"] = async () => new("/api/v1/listings", Key: await ApiKeyAsync(owner.ProducerId)),
        ["GET api/v1/listings/{slug}"] = async () => new("/api/v1/listings/" + (await GoodsAsync()).Slug, Key: await ApiKeyAsync(owner.ProducerId)),
        ["GET api/v1/producers"] = async () => new("/api/v1/producers", Key: await ApiKeyAsync(owner.ProducerId, ApiScope.Producers)),
        ["GET api/v1/producers/{slug}"] = async () => new("/api/v1/producers/" + owner.Slug, Key: await ApiKeyAsync(null, ApiScope.Producers)),
        ["GET api/v1/orders"] = async () => new("/api/v1/orders", Key: await ApiKeyAsync(owner.ProducerId, ApiScope.Orders)),
        ["GET api/v1/orders/{code}"] = async () => new("/api/v1/orders/" + (await OrderAsync()).Part, Key: await ApiKeyAsync(owner.ProducerId, ApiScope.Orders), OtherKey: await ApiKeyAsync(await StrangerAsync(), ApiScope.Orders)),
        ["GET api/v1/export-profiles"] = async () => new("/api/v1/export-profiles", Key: await ApiKeyAsync(null, ApiScope.Exports)),
        ["POST api/v1/export-runs"] = async () => new("/api/v1/export-runs", Json: new { profile = "postmart" }, Key: await ApiKeyAsync(null, ApiScope.Exports)),
        ["GET api/v1/export-runs/{id}"] = () => RunAsync(""),
        ["GET api/v1/export-runs/{id}/files/{format}"] = () => RunAsync("/files/xlsx"),
        ["GET vnpay/ipn"] = () => Page("/vnpay/ipn?vnp_TmnCode=KHONGCO1"),
        ["GET thanh-toan/vnpay/ket-qua"] = ResultAsync,
        ["GET loi/{status}"] = () => Page("/loi/404"),
        ["GET doc-lai"] = () => Page("/doc-lai?loai=money&chu=35k"),
        ["GET gio-hang"] = () => Page("/gio-hang"),
        ["POST gio-hang"] = async () => await Send("/gio-hang", ("listing", (await GoodsAsync()).Slug), ("quantity", "1")),
        ["POST gio-hang/sua"] = async () => await WithCart("/gio-hang", "/gio-hang/sua"),
        ["POST gio-hang/xoa"] = async () => await WithCart("/gio-hang", "/gio-hang/xoa"),
        ["POST gio-hang/noi-giao"] = async () => await WithCart("/gio-hang", "/gio-hang/noi-giao", ("address-level1", "14")),
        ["POST gio-hang/ma"] = async () => await WithCart("/gio-hang", "/gio-hang/ma"),
        ["POST gio-hang/mo"] = async () => await WithCart("/gio-hang", "/gio-hang/mo", ("ma", await SharedCartAsync())),
        ["GET thanh-toan/tim-xa"] = async () => new("/thanh-toan/tim-xa", As: (await CartAsync()).Browser),
        ["POST thanh-toan/tim-xa"] = async () => await WithCart("/thanh-toan/tim-xa", "/thanh-toan/tim-xa", ("ten", "to hieu")),
        ["GET thanh-toan"] = async () => new("/thanh-toan", As: (await CartAsync()).Browser),
        ["POST thanh-toan"] = async () => await WithCart("/thanh-toan", "/thanh-toan", ("name", "Nguyễn Thị Mẫu"), ("tel", Buyer.Phone), ("address-level1", "14"), ("address-level2", "03646"), ("street-address", "Số 1, tổ 2"), ("note", ""), ("payment", "cod")),
        ["GET thanh-toan/xac-nhan"] = async () => new("/thanh-toan/xac-nhan", As: await ReadyAsync()),
        ["POST thanh-toan/xac-nhan"] = async () => new("/thanh-toan/xac-nhan", Nothing, "/thanh-toan/xac-nhan", As: await ReadyAsync()),
        ["GET don-hang"] = () => Page("/don-hang"),
        ["POST don-hang"] = async () => await Send("/don-hang", ("code", (await OrderAsync()).Purchase), ("tel", Buyer.Phone)),
        ["POST don-hang/quen"] = async () => new("/don-hang/quen", Nothing, "/don-hang", As: await PlacedAsync()),
        ["GET don-hang/{code}"] = async () => new((await OrderAsync()).Path),
        ["POST don-hang/{code}/thanh-toan"] = () => PayAgainAsync("thanh-toan"),
        ["POST don-hang/{code}/hoi-lai"] = () => PayAgainAsync("hoi-lai"),
        ["POST don-hang/{code}/huy"] = () => PayAgainAsync("huy"),
        ["GET don-hang/{code}/tom-tat.pdf"] = async () => new((await OrderAsync()).Path.Replace("?k=", "/tom-tat.pdf?k=", StringComparison.Ordinal)),
        ["GET don-hang/{code}/hoa-don"] = async () => await OrderAsync() is var order ? new($"/don-hang/{order.Purchase}/hoa-don?phan={order.Part}&k=" + order.Path.Split("k=")[1]) : throw new InvalidOperationException(),
        ["POST don-hang/{code}/hoa-don"] = async () => await OrderAsync() is var order
            ? new($"/don-hang/{order.Purchase}/hoa-don", Fields([("Name", "Công ty MẪU"), ("Address", "Số 1, tổ 2")]), $"/don-hang/{order.Purchase}/hoa-don?phan={order.Part}&k=" + order.Path.Split("k=")[1], As: market.Site.Open()) : throw new InvalidOperationException(),
        ["POST thanh-toan/cach-tra"] = async () => new("/thanh-toan/cach-tra", Fields([("seller", owner.Slug), ("method", "vnpay")]), As: await ReadyAsync()),
        ["POST thanh-toan/nhan-tai"] = async () => new("/thanh-toan/nhan-tai", Fields([("seller", owner.Slug), ("slot", "")]), As: await ReadyAsync()),
        ["GET don-hang/{code}/khieu-nai"] = async () => await ShippedAsync() is var order ? new($"/don-hang/{order.Purchase}/khieu-nai?phan={order.Part}&k=" + order.Path.Split("k=")[1]) : throw new InvalidOperationException(),
        ["POST don-hang/{code}/khieu-nai"] = async () => await ComplaintFormAsync("", ("Kind", "complaint"), ("Matter", "late"), ("Wish", "Quá ngày hẹn mà hàng chưa tới.")),
        ["POST don-hang/{code}/khieu-nai/rut"] = async () => await ComplaintFormAsync("/rut"),
        ["POST don-hang/{code}/khieu-nai/len-so"] = async () => await ComplaintFormAsync("/len-so"),
        ["POST don-hang/{code}/mua-lai"] = () => PayAgainAsync("mua-lai"),
        ["GET dang-nhap"] = () => Page("/dang-nhap"),
        ["POST dang-nhap"] = async () => new("/dang-nhap", new(StringComparer.Ordinal) { ["SignIn"] = (await market.Shop.SellerAsync()).SignIn, ["Password"] = Seller.Password }, "/dang-nhap", As: market.Site.Open()),
        ["POST dang-nhap/ma"] = SecondFactorAsync,
        ["GET dang-nhap/bang-ma"] = () => Page("/dang-nhap/bang-ma"),
        ["POST dang-nhap/bang-ma"] = () => Task.FromResult(new Case("/dang-nhap/bang-ma", new(StringComparer.Ordinal) { ["SignIn"] = "000 111 2233" }, "/dang-nhap/bang-ma", As: market.Site.Open())),
        ["POST dang-nhap/bang-ma/gui-lai"] = () => SentAsync(EntryCodeAsync, "/dang-nhap/bang-ma/gui-lai"),
        ["GET dang-nhap/bang-ma/nhap"] = () => Page("/dang-nhap/bang-ma/nhap"),
        ["POST dang-nhap/bang-ma/nhap"] = () => SentAsync(EntryCodeAsync, "/dang-nhap/bang-ma/nhap"),
        ["POST dang-nhap/bang-ma/tao-tai-khoan"] = FinishAsync,
        ["POST dang-nhap/khoa/hoi"] = () => Task.FromResult(new Case("/dang-nhap/khoa/hoi", Nothing, "/dang-nhap", As: market.Site.Open())),
        ["POST dang-nhap/khoa"] = EnterByPasskeyAsync,
        ["GET quen-mat-khau"] = () => Page("/quen-mat-khau"),
        ["POST quen-mat-khau"] = async () => new("/quen-mat-khau", new(StringComparer.Ordinal) { ["SignIn"] = (await market.Shop.SellerAsync()).SignIn }, "/quen-mat-khau", As: market.Site.Open()),
        ["POST quen-mat-khau/gui-lai"] = () => SentAsync(ResetCodeAsync, "/quen-mat-khau/gui-lai"),
        ["GET quen-mat-khau/nhap"] = () => Page("/quen-mat-khau/nhap"),
        ["POST quen-mat-khau/nhap"] = () => SentAsync(ResetCodeAsync, "/quen-mat-khau/nhap"),
        ["GET dang-ky"] = () => Page("/dang-ky"),
        ["POST dang-ky"] = () => Task.FromResult(new Case("/dang-ky", new(StringComparer.Ordinal) { ["Name"] = "Người mới mẫu", ["SignIn"] = "moi@example.invalid", ["Password"] = Seller.Password }, "/dang-ky", As: market.Site.Open())),
        ["GET dat-mat-khau"] = async () => new(await PasswordLinkAsync()),
        ["POST dat-mat-khau"] = async () => await PasswordLinkAsync() is var link ? new("/dat-mat-khau", new(StringComparer.Ordinal) { ["Password"] = "nui-cao-suoi-trong-58" }, link, As: market.Site.Open()) : throw new InvalidOperationException(),

        // Whoever has signed in.
        ["GET tai-khoan"] = () => Page("/tai-khoan"),
        ["GET tai-khoan/don-hang"] = () => Page("/tai-khoan/don-hang"),
        ["GET tai-khoan/ho-ten"] = () => Page("/tai-khoan/ho-ten"),
        ["POST tai-khoan/ho-ten"] = async () => new("/tai-khoan/ho-ten", new(StringComparer.Ordinal) { ["Name"] = "Người mẫu đổi tên" }, "/tai-khoan/ho-ten", As: await SignedInAsync()),
        ["GET tai-khoan/thiet-bi"] = () => Page("/tai-khoan/thiet-bi"),
        ["POST tai-khoan/thiet-bi/ket-thuc"] = TwoDevicesAsync,
        ["POST tai-khoan/thiet-bi/ket-thuc-khac"] = async () => new("/tai-khoan/thiet-bi/ket-thuc-khac", Nothing, "/tai-khoan/thiet-bi", As: await SignedInAsync()),
        ["GET tai-khoan/xac-nhan"] = () => Page("/tai-khoan/xac-nhan"),
        ["POST tai-khoan/xac-nhan"] = async () => new("/tai-khoan/xac-nhan", new(StringComparer.Ordinal) { ["Password"] = Seller.Password }, "/tai-khoan/xac-nhan", As: await SignedInAsync()),
        ["POST tai-khoan/xac-nhan/gui-ma"] = async () => new("/tai-khoan/xac-nhan/gui-ma", Nothing, "/tai-khoan/xac-nhan", As: await SignedInAsync()),
        ["POST tai-khoan/xac-nhan/gui-lai"] = () => SentAsync(ConfirmCodeAsync, "/tai-khoan/xac-nhan/gui-lai"),
        ["GET tai-khoan/xac-nhan/nhap"] = async () => new("/tai-khoan/xac-nhan/nhap", As: await SignedInAsync()),
        ["POST tai-khoan/xac-nhan/nhap"] = () => SentAsync(ConfirmCodeAsync, "/tai-khoan/xac-nhan/nhap"),
        ["GET tai-khoan/mat-khau"] = () => ConfirmedAsync("/tai-khoan/mat-khau"),
        ["POST tai-khoan/mat-khau"] = () => ConfirmedAsync("/tai-khoan/mat-khau", ("Next", "nui-cao-suoi-trong-58")),
        ["GET tai-khoan/lien-lac"] = () => ConfirmedAsync("/tai-khoan/lien-lac"),
        ["POST tai-khoan/lien-lac"] = () => ConfirmedAsync("/tai-khoan/lien-lac", ("Contact", "0003334445")),
        ["POST tai-khoan/lien-lac/gui-lai"] = () => SentAsync(ContactCodeAsync, "/tai-khoan/lien-lac/gui-lai"),
        ["GET tai-khoan/lien-lac/nhap"] = () => ConfirmedAsync("/tai-khoan/lien-lac/nhap"),
        ["POST tai-khoan/lien-lac/nhap"] = () => SentAsync(ContactCodeAsync, "/tai-khoan/lien-lac/nhap"),
        ["GET tai-khoan/hai-buoc"] = () => ConfirmedAsync("/tai-khoan/hai-buoc"),
        ["POST tai-khoan/hai-buoc"] = () => AuthenticatorAsync(false, "/tai-khoan/hai-buoc"),
        ["POST tai-khoan/hai-buoc/ma-du-phong"] = () => AuthenticatorAsync(true, "/tai-khoan/hai-buoc/ma-du-phong"),
        ["POST tai-khoan/hai-buoc/tat"] = () => AuthenticatorAsync(true, "/tai-khoan/hai-buoc/tat"),
        ["POST tai-khoan/ma-du-phong"] = RecoveryAsync,
        ["GET tai-khoan/khoa"] = () => ConfirmedAsync("/tai-khoan/khoa"),
        ["POST tai-khoan/khoa/hoi"] = () => ConfirmedAsync("/tai-khoan/khoa/hoi", ("", "")),
        ["POST tai-khoan/khoa"] = NewPasskeyAsync,
        ["POST tai-khoan/khoa/ten"] = () => PasskeyAsync("/tai-khoan/khoa/ten"),
        ["POST tai-khoan/khoa/go"] = () => PasskeyAsync("/tai-khoan/khoa/go"),
        ["GET tai-khoan/du-lieu"] = () => ConfirmedAsync("/tai-khoan/du-lieu"),
        ["GET tai-khoan/du-lieu/tai-ve"] = () => ConfirmedAsync("/tai-khoan/du-lieu/tai-ve?dang=json"),
        ["POST tai-khoan/du-lieu/dong-y"] = async () => new("/tai-khoan/du-lieu/dong-y", Nothing, "/tai-khoan/du-lieu", As: await SignedInAsync()),
        ["POST tai-khoan/du-lieu/yeu-cau"] = async () => new("/tai-khoan/du-lieu/yeu-cau", Fields([("Form.Kind", "correct"), ("Form.Wish", "Sửa tên tôi trong đơn cũ")]), "/tai-khoan/du-lieu", As: await SignedInAsync()),
        ["POST tai-khoan/du-lieu/xoa"] = async () => new("/tai-khoan/du-lieu/xoa", Nothing, As: await SignedInAsync()),
        ["GET da-xoa-du-lieu"] = () => Page("/da-xoa-du-lieu"),
        ["GET don-hang/{code}/du-lieu"] = async () => new((await OrderAsync()).Path.Replace("?k=", "/du-lieu?k=", StringComparison.Ordinal)),
        ["GET don-hang/{code}/du-lieu/tai-ve"] = async () => new((await OrderAsync()).Path.Replace("?k=", "/du-lieu/tai-ve?k=", StringComparison.Ordinal)),
        ["POST don-hang/{code}/du-lieu/ma"] = async () => await OrderAsync() is var order ? new($"/don-hang/{order.Purchase}/du-lieu/ma", Nothing, order.Path.Replace("?k=", "/du-lieu?k=", StringComparison.Ordinal), As: market.Site.Open()) : null!,
        ["POST don-hang/{code}/du-lieu/xoa"] = GuestEraseAsync,
        ["POST dang-xuat"] = async () => new("/dang-xuat", Nothing, "/tai-khoan", As: await SignedInAsync()),

        ["GET tiep-tuc/{token}"] = () => Page("/tiep-tuc/khong-co"),
        ["POST tiep-tuc/{token}"] = () => Send("/tiep-tuc/khong-co"),

        // The seller.
        ["GET quan-ly"] = () => Page("/quan-ly"),
        ["GET quan-ly/co-so"] = () => Page("/quan-ly/co-so"),
        ["POST quan-ly/co-so"] = () => Form("/quan-ly/co-so", "/quan-ly/co-so", ("Phone", "0001234567")),
        ["GET quan-ly/co-so/anh"] = () => Page("/quan-ly/co-so/anh"),
        ["POST quan-ly/co-so/anh"] = () => Form("/quan-ly/co-so/anh", "/quan-ly/co-so/anh", ("About", "Vườn mẫu")),
        ["GET quan-ly/ho-so"] = () => Page("/quan-ly/ho-so"),
        ["POST quan-ly/ho-so/gui-duyet"] = async () => await DraftAsync(owner.ProducerId) > 0 ? await Send("/quan-ly/ho-so/gui-duyet") : null!,
        ["GET quan-ly/giao-hang/bat-dau"] = () => Page("/quan-ly/giao-hang/bat-dau"),
        ["POST quan-ly/giao-hang/bat-dau"] = () => Form("/quan-ly/giao-hang/bat-dau", "/quan-ly/giao-hang/bat-dau"),
        ["POST quan-ly/co-so/gui-duyet"] = async () => await DraftAsync(owner.ProducerId) > 0 ? await Send("/quan-ly/co-so/gui-duyet") : null!,
        ["GET quan-ly/san-pham"] = () => Page("/quan-ly/san-pham"),
        ["GET quan-ly/san-pham/moi"] = () => Page("/quan-ly/san-pham/moi"),
        ["POST quan-ly/san-pham"] = async () => await Form("/quan-ly/san-pham/moi", "/quan-ly/san-pham", ("Name", "Na mẫu"), ("CategorySlug", await CategoryAsync()), ("BaseUnit", "g")),
        ["GET quan-ly/san-pham/{code}"] = async () => new($"/quan-ly/san-pham/{await ProductAsync()}", Owned: true),
        ["POST quan-ly/san-pham/{code}"] = async () => await ProductAsync() is var code ? await Form($"/quan-ly/san-pham/{code}", $"/quan-ly/san-pham/{code}", owned: true) : null!,
        ["GET quan-ly/chung-nhan"] = () => Page("/quan-ly/chung-nhan"),
        ["POST quan-ly/chung-nhan"] = async () => await Form("/quan-ly/chung-nhan", "/quan-ly/chung-nhan", ("KindCode", await market.Db.SingleAsync<string>("select code from producers.certificate_kind order by code limit 1")), ("Number", "MẪU-99"), ("Issuer", "Nơi cấp MẪU"), ("IssuedOn", Date(-30)), ("ValidUntil", Date(300))),
        ["GET quan-ly/chung-nhan/{id}/ban-chup"] = async () => new($"/quan-ly/chung-nhan/{await CertificateAsync()}/ban-chup", Owned: true),
        ["GET quan-ly/vung-trong"] = () => Page("/quan-ly/vung-trong"),
        ["POST quan-ly/vung-trong"] = () => Form("/quan-ly/vung-trong", "/quan-ly/vung-trong", ("Name", "Nương mẫu"), ("CommuneCode", "03646"), ("AreaM2", "5000")),
        ["GET quan-ly/vung-trong/{id}"] = async () => new($"/quan-ly/vung-trong/{await CodedAreaAsync()}", Owned: true),
        ["POST quan-ly/vung-trong/{id}"] = async () => await CodedAreaAsync() is var area ? await Form($"/quan-ly/vung-trong/{area}", $"/quan-ly/vung-trong/{area}", owned: true) : null!,
        ["GET quan-ly/lo"] = () => Page("/quan-ly/lo"),
        ["GET quan-ly/lo/moi"] = () => Page("/quan-ly/lo/moi"),
        ["POST quan-ly/lo"] = async () => await Form("/quan-ly/lo/moi", "/quan-ly/lo", ("ProductCode", await ProductAsync()), ("HarvestedOn", Date(-1)), ("Quantity", "100")),
        ["GET quan-ly/lo/{code}"] = async () => new("/quan-ly/lo/" + (await GoodsAsync()).LotCode, Owned: true),
        ["GET quan-ly/lo/{code}/tem"] = async () => new($"/quan-ly/lo/{(await GoodsAsync()).LotCode}/tem", Owned: true),
        ["POST quan-ly/lo/{code}/tem"] = async () => (await GoodsAsync()).LotCode is var lot ? await Form($"/quan-ly/lo/{lot}/tem", $"/quan-ly/lo/{lot}/tem", owned: true, ("Form.Count", "24")) : null!,
        ["GET quan-ly/lo/{code}/tem/{file}.pdf"] = async () => new(await SheetsAsync(), Owned: true),
        ["GET quan-ly/nhap-du-lieu"] = () => Page("/quan-ly/nhap-du-lieu"),
        ["POST quan-ly/nhap-du-lieu"] = () => ReadFirstAsync("/quan-ly/nhap-du-lieu", ("Pasted", Sheet("Mận mẫu"))),
        ["GET quan-ly/nhap-du-lieu/mau/{kind}"] = () => Page("/quan-ly/nhap-du-lieu/mau/listings"),
        ["GET quan-ly/nhap-du-lieu/{id}"] = async () => new(await ImportAsync("nhiều"), Owned: true),
        ["GET quan-ly/nhap-du-lieu/{id}/tep"] = async () => new(await ImportAsync("nhiều") + "/tep", Owned: true),
        ["POST quan-ly/nhap-du-lieu/{id}/sua"] = () => ImportFormAsync("nhiều", "/sua"),
        ["POST quan-ly/nhap-du-lieu/{id}/goi-y"] = () => ImportFormAsync("nhiều", "/goi-y"),
        ["POST quan-ly/nhap-du-lieu/{id}/luu"] = () => ImportFormAsync("35k", "/luu"),
        ["POST quan-ly/nhap-du-lieu/{id}/hoan-tac"] = SavedImportAsync,
        ["POST quan-ly/nhap-du-lieu/{id}/bo"] = () => ImportFormAsync("35k", "/bo"),
        ["GET quan-tri/nhap-co-so"] = () => Page(Importer.Operators),
        ["POST quan-tri/nhap-co-so"] = () => Form(Importer.Operators, Importer.Operators, ("Pasted", Producers())),
        ["POST quan-tri/nhap-co-so/moi"] = async () => await ProducersAsync("/luu") is var path ? new(Importer.Operators + "/moi", Fields([("_yes", "1")]), path) : null!,
        ["GET quan-tri/nhap-co-so/mau/{kind}"] = () => Page(Importer.Operators + "/mau/producers"),
        ["GET quan-tri/nhap-co-so/{id}"] = async () => new(await ProducersAsync()),
        ["GET quan-tri/nhap-co-so/{id}/tep"] = async () => new(await ProducersAsync() + "/tep"),
        ["POST quan-tri/nhap-co-so/{id}/sua"] = async () => await ProducersAsync() is var path ? new(path + "/sua", Nothing) : null!,
        ["POST quan-tri/nhap-co-so/{id}/goi-y"] = async () => await ProducersAsync() is var path ? new(path + "/goi-y", Nothing) : null!,
        ["POST quan-tri/nhap-co-so/{id}/luu"] = async () => await ProducersAsync() is var path ? new(path + "/luu", Nothing, path) : null!,
        ["POST quan-tri/nhap-co-so/{id}/hoan-tac"] = async () => await ProducersAsync("/luu") is var path ? new(path + "/hoan-tac", Fields([("_yes", "1")]), path) : null!,
        ["POST quan-tri/nhap-co-so/{id}/bo"] = async () => await ProducersAsync() is var path ? new(path + "/bo", Nothing, path) : null!,
        ["GET quan-ly/lo/{code}/ma-goi"] = async () => new($"/quan-ly/lo/{(await GoodsAsync()).LotCode}/ma-goi", Owned: true),
        ["POST quan-ly/lo/{code}/ma-goi"] = async () => (await GoodsAsync()).LotCode is var lot ? await Form($"/quan-ly/lo/{lot}/ma-goi", $"/quan-ly/lo/{lot}/ma-goi", owned: true, ("Form.Items", "3"), ("Form.Weight", "5 kg")) : null!,
        ["GET quan-ly/lo/{code}/ma-goi/{key}"] = async () => new((await SeriesAsync()).Path, Owned: true),
        ["GET quan-ly/lo/{code}/ma-goi/{key}.csv"] = async () => new((await SeriesAsync()).Path + ".csv", Owned: true),
        ["POST quan-ly/lo/{code}/ma-goi/{key}/huy"] = async () => (await SeriesAsync()).Path is var path ? await Form(path, path + "/huy", owned: true, ("Void.Which", "1"), ("Void.Reason", "Tem bị rách")) : null!,
        ["POST quan-ly/lo/{code}/ma-goi/{key}/tem"] = async () => (await SeriesAsync()).Path is var path ? await Form(path, path + "/tem", owned: true, ("Form.Count", "2")) : null!,
        ["GET quan-ly/luot-quet"] = () => Page("/quan-ly/luot-quet"),
        ["GET quan-ly/viec"] = () => Page("/quan-ly/viec"),
        ["GET quan-ly/viec/{id}"] = async () => new("/quan-ly/viec/" + await TaskAsync(owner.PersonId), Owned: true),
        ["GET so-cong-thuong/viec"] = () => Page("/so-cong-thuong/viec"),
        ["GET so-cong-thuong/viec/{id}"] = async () => new("/so-cong-thuong/viec/" + await TaskOfRoleAsync(Roles.Officer)),
        ["GET quan-tri/viec"] = () => Page("/quan-tri/viec"),
        ["GET quan-tri/viec/{id}"] = async () => new("/quan-tri/viec/" + await TaskOfRoleAsync(Roles.Operator)),
        ["GET quan-ly/lo/{code}/tem.svg"] = async () => new($"/quan-ly/lo/{(await GoodsAsync()).LotCode}/tem.svg", Owned: true),
        ["GET quan-ly/lo/{code}/tem.png"] = async () => new($"/quan-ly/lo/{(await GoodsAsync()).LotCode}/tem.png", Owned: true),
        ["GET quan-ly/lo/{code}/tem-thu.pdf"] = async () => new($"/quan-ly/lo/{(await GoodsAsync()).LotCode}/tem-thu.pdf", Owned: true),
        ["GET quan-ly/lo/{code}/tem.pdf"] = async () => new($"/quan-ly/lo/{(await GoodsAsync()).LotCode}/tem.pdf", Owned: true),
        ["GET quan-ly/lo/{code}/nhat-ky"] = async () => new($"/quan-ly/lo/{(await EntryAsync()).Lot}/nhat-ky", Owned: true),
        ["POST quan-ly/lo/{code}/nhat-ky"] = async () => await LotFormAsync("nhat-ky", ("Kind", "care"), ("DoneOn", Date(-1)), ("Note", "Làm cỏ")),
        ["GET quan-ly/lo/{code}/nhat-ky/{id}/sua"] = async () => await EntryAsync() is var (lot, id) ? new($"/quan-ly/lo/{lot}/nhat-ky/{id}/sua", Owned: true) : null!,
        ["GET quan-ly/lo/{code}/nhat-ky.{kind}"] = async () => new($"/quan-ly/lo/{(await EntryAsync()).Lot}/nhat-ky.pdf", Owned: true),
        ["POST quan-ly/lo/{code}/lien-ket"] = async () => await LotFormAsync("lien-ket", ("LinkName", "Bố")),
        ["POST quan-ly/lo/{code}/lien-ket/ket-thuc"] = async () => await DiaryLinkAsync() is var (lot, _) ? await Form("/quan-ly/lo/" + lot, $"/quan-ly/lo/{lot}/lien-ket/ket-thuc", owned: true) : null!,
        ["GET lo/{code}/nhat-ky"] = async () => new((await DiaryLinkAsync()).Path),
        ["GET lo/{code}/ho-chieu.json"] = async () => new($"/lo/{(await GoodsAsync()).LotCode}/ho-chieu.json"),
        ["GET quan-ly/lo/{code}/ho-chieu"] = async () => new($"/quan-ly/lo/{(await GoodsAsync()).LotCode}/ho-chieu", Owned: true),
        ["GET quan-ly/lo/{code}/so-do"] = async () => new($"/quan-ly/lo/{(await SteppedAsync())}/so-do", Owned: true),
        ["GET quan-ly/lo/{code}/so-do.xlsx"] = async () => new($"/quan-ly/lo/{(await SteppedAsync())}/so-do.xlsx", Owned: true),
        ["GET quan-ly/lo/{code}/buoc"] = async () => new($"/quan-ly/lo/{(await GoodsAsync()).LotCode}/buoc", Owned: true),
        ["POST quan-ly/lo/{code}/buoc"] = async () => (await market.Shop.GoodsAsync(owner, 50)).LotCode is var lot ? await Form($"/quan-ly/lo/{lot}/buoc", $"/quan-ly/lo/{lot}/buoc", owned: true, ("Kind", "split"), ("Inputs[0].Quantity", "1"), ("Outputs[0].Quantity", "1")) : null!,
        ["POST quan-ly/lo/{code}/buoc/{step}/sai"] = async () => await SteppedAsync() is var lot && await market.Db.SingleAsync<Guid>("select i.step_id from origin.lot_input i join origin.lot l on l.id = i.lot_id where l.code = @lot", new { lot }) is var step
            ? await Form($"/quan-ly/lo/{lot}/so-do", $"/quan-ly/lo/{lot}/buoc/{step}/sai", owned: true, ("Reason", "Ghi nhầm lô lấy vào")) : null!,
        ["GET so-cong-thuong/lo/{code}/so-do"] = async () => new($"/so-cong-thuong/lo/{await SteppedAsync()}/so-do"),
        ["GET so-cong-thuong/lo/{code}/so-do.xlsx"] = async () => new($"/so-cong-thuong/lo/{await SteppedAsync()}/so-do.xlsx"),
        ["GET quan-ly/lo/{code}/thu-hoi"] = async () => new($"/quan-ly/lo/{(await GoodsAsync()).LotCode}/thu-hoi", Owned: true),
        ["POST quan-ly/lo/{code}/thu-hoi"] = async () => (await FreshAsync()).LotCode is var lot ? await Form($"/quan-ly/lo/{lot}/thu-hoi", $"/quan-ly/lo/{lot}/thu-hoi", owned: true, ("Reason", "Phát hiện dư lượng thuốc")) : null!,
        ["POST quan-ly/lo/{code}/han-dung"] = async () => await HarvestedAsync() is var lot ? await Form("/quan-ly/lo/" + lot, $"/quan-ly/lo/{lot}/han-dung", owned: true, ("BestBefore", Date(30))) : null!,
        ["POST quan-ly/lo/{code}/khep-nhat-ky"] = async () => (await FreshAsync()).LotCode is var lot ? await Form("/quan-ly/lo/" + lot, $"/quan-ly/lo/{lot}/khep-nhat-ky", owned: true) : null!,
        ["GET quan-ly/lo/{code}/thu-nghiem"] = async () => new($"/quan-ly/lo/{(await LabReportAsync()).Lot}/thu-nghiem", Owned: true),
        ["POST quan-ly/lo/{code}/thu-nghiem"] = async () => (await FreshAsync()).LotCode is var lot ? await Form($"/quan-ly/lo/{lot}/thu-nghiem", $"/quan-ly/lo/{lot}/thu-nghiem", true, ("Kept", (await PictureAsync()).ToString()), ("Laboratory", "Phòng thử nghiệm MẪU"), ("Number", "MẪU-1"), ("IssuedOn", Date(-1)), ("Tested", "Chì"), ("Result", "Không phát hiện"), ("Exceeds", "false")) : null!,
        ["POST quan-ly/lo/{code}/thu-nghiem/{id}/rut"] = async () => await LabReportAsync() is var (lot, id) ? await Form($"/quan-ly/lo/{lot}/thu-nghiem", $"/quan-ly/lo/{lot}/thu-nghiem/{id}/rut", owned: true, ("Reason", "Phiếu của lô khác")) : null!,
        ["POST quan-ly/lo/{code}/xin-xem-lai"] = async () => await BlockedAsync() is var lot ? await Form("/quan-ly/lo/" + lot, $"/quan-ly/lo/{lot}/xin-xem-lai", owned: true, ("AskNote", "Ghi nhầm ngày phun")) : null!,
        ["PUT quan-ly/nhat-ky/{id}"] = async () => new($"/quan-ly/nhat-ky/{Guid.CreateVersion7()}", Nothing, Owned: true, Json: new { Lot = (await GoodsAsync()).LotCode, Entry = new { Kind = "care", DoneOn = Date(-1) } }),
        ["PUT quan-ly/nhat-ky/{id}/anh/{photo}"] = async () => await AnnouncedAsync() is var (id, photo) ? new($"/quan-ly/nhat-ky/{id}/anh/{photo}", Nothing, Owned: true, Bytes: Drawing()) : null!,
        ["GET quan-ly/nhat-ky"] = () => Page("/quan-ly/nhat-ky"),
        ["POST quan-ly/nhat-ky"] = async () => await Form("/quan-ly/nhat-ky", "/quan-ly/nhat-ky", owned: true, ("Lot", (await GoodsAsync()).LotCode), ("Kind", "care"), ("DoneOn", Date(-1)), ("Note", "Làm cỏ")),
        ["GET quan-ly/dang-ban"] = () => Page("/quan-ly/dang-ban"),
        ["GET quan-ly/dang-ban/moi"] = () => Page("/quan-ly/dang-ban/moi"),
        ["GET quan-ly/dang-ban/{id}"] = async () => new(await DraftOfferAsync(), Owned: true),
        ["POST quan-ly/dang-ban/{id}"] = async () => await DraftOfferAsync() is var draft ? await Form(draft, draft, owned: true) : null!,
        ["GET quan-ly/dang-ban/{id}/{step}"] = async () => new(await DraftOfferAsync() + "/gia", Owned: true),
        ["POST quan-ly/dang-ban/{id}/{step}"] = async () => await DraftOfferAsync() + "/gia" is var page ? await Form(page, page, owned: true, ("Price", "35k")) : null!,
        ["GET quan-ly/dang-ban/{id}/tem"] = async () => new(await DraftOfferAsync(finished: true) + "/tem", Owned: true),
        ["POST quan-ly/dang-ban/{id}/xoa"] = async () => (await Send(await DraftOfferAsync() + "/xoa")) with { Owned = true },
        ["GET quan-ly/nhap-du-lieu/san-khac"] = () => Page("/quan-ly/nhap-du-lieu/san-khac"),
        ["POST quan-ly/nhap-du-lieu/san-khac"] = async () => await ReadFirstAsync("/quan-ly/nhap-du-lieu/san-khac", ("Platform", "shopee")) with { File = BlankWorkbook.Make(BlankWorkbook.Keys, """<row r="7"><c r="B7" t="inlineStr"><is><t>Mận mẫu</t></is></c></row>""") },
        ["GET quan-ly/tin-dang"] = () => Page("/quan-ly/tin-dang"),
        ["GET quan-ly/tin-dang/moi"] = async () => new("/quan-ly/tin-dang/moi?san-pham=" + await ProductAsync(), Owned: true),
        ["POST quan-ly/tin-dang"] = async () => await Form("/quan-ly/tin-dang/moi?san-pham=" + await ProductAsync(), "/quan-ly/tin-dang", owned: true, ("Title", "Na mẫu"), ("SaleUnit", "kg"), ("Price", "50000")),
        ["GET quan-ly/tin-dang/{slug}"] = async () => new("/quan-ly/tin-dang/" + (await GoodsAsync()).Slug, Owned: true),
        ["POST quan-ly/tin-dang/{slug}"] = async () => (await GoodsAsync()).Slug is var slug ? await Form("/quan-ly/tin-dang/" + slug, "/quan-ly/tin-dang/" + slug, owned: true, ("Price", "190000")) : null!,
        ["POST quan-ly/tin-dang/{slug}/gui-duyet"] = async () => (await Send($"/quan-ly/tin-dang/{(await GoodsAsync()).Slug}/gui-duyet")) with { Owned = true },
        ["POST quan-ly/tin-dang/{slug}/dong"] = async () => (await Send($"/quan-ly/tin-dang/{(await FreshAsync()).Slug}/dong")) with { Owned = true },
        ["POST quan-ly/tin-dang/{slug}/tam-nghi"] = async () => (await Send($"/quan-ly/tin-dang/{(await FreshAsync()).Slug}/tam-nghi")) with { Owned = true },
        ["POST quan-ly/tin-dang/{slug}/het-mua"] = async () => (await Send($"/quan-ly/tin-dang/{(await FreshAsync()).Slug}/het-mua")) with { Owned = true },
        ["POST quan-ly/tin-dang/{slug}/ban-lai"] = async () => (await Send($"/quan-ly/tin-dang/{(await FreshAsync()).Slug}/ban-lai")) with { Owned = true },
        ["POST quan-ly/tin-dang/{slug}/mo-lai"] = async () => (await Send($"/quan-ly/tin-dang/{await ClosedAsync()}/mo-lai")) with { Owned = true },
        ["GET quan-ly/tin-dang/{slug}/sua/{part}"] = async () => new($"/quan-ly/tin-dang/{(await GoodsAsync()).Slug}/sua/gia", Owned: true),
        ["POST quan-ly/tin-dang/{slug}/sua/{part}"] = async () => $"/quan-ly/tin-dang/{(await FreshAsync()).Slug}/sua/gia" is var page ? await Form(page, page, owned: true, ("Price", "210k")) : null!,
        ["GET quan-ly/tin-dang/{slug}/dang-lai"] = async () => new($"/quan-ly/tin-dang/{(await GoodsAsync()).Slug}/dang-lai", Owned: true),
        ["POST quan-ly/tin-dang/{slug}/dang-lai"] = async () => $"/quan-ly/tin-dang/{(await FreshAsync()).Slug}/dang-lai" is var page ? await Form(page, page, owned: true, ("Quantity", "30")) : null!,
        ["GET quan-ly/tin-dang/{slug}/khuyen-mai"] = async () => new($"/quan-ly/tin-dang/{(await GoodsAsync()).Slug}/khuyen-mai", Owned: true),
        ["POST quan-ly/tin-dang/{slug}/khuyen-mai"] = async () => $"/quan-ly/tin-dang/{(await FreshAsync()).Slug}/khuyen-mai" is var page ? await Form(page, page, owned: true, ("Price", "180k"), ("Until", "31/12/2026")) : null!,
        ["POST quan-ly/tin-dang/{slug}/khuyen-mai/bo"] = async () => (await Send($"/quan-ly/tin-dang/{(await FreshAsync()).Slug}/khuyen-mai/bo")) with { Owned = true },
        ["GET quan-ly/tin-dang/{slug}/gia"] = async () => new($"/quan-ly/tin-dang/{(await GoodsAsync()).Slug}/gia", Owned: true),
        ["GET quan-ly/ton-kho"] = () => Page("/quan-ly/ton-kho"),
        ["POST quan-ly/ton-kho/{code}/hao-hut"] = async () => (await FreshAsync()).LotCode is var lot ? await Form("/quan-ly/ton-kho/" + lot, $"/quan-ly/ton-kho/{lot}/hao-hut", owned: true, ("Gone", "1"), ("Reason", "spoiled")) : null!,
        ["GET quan-ly/ton-kho/{code}"] = async () => new("/quan-ly/ton-kho/" + (await GoodsAsync()).LotCode, Owned: true),
        ["POST quan-ly/ton-kho/{code}"] = async () => (await FreshAsync()).LotCode is var lot ? await Form("/quan-ly/ton-kho/" + lot, "/quan-ly/ton-kho/" + lot, owned: true, ("Supplied", "50")) : null!,
        ["GET quan-ly/don-hang"] = () => Page("/quan-ly/don-hang"),
        ["GET quan-ly/diem-nhan"] = () => Page("/quan-ly/diem-nhan"),
        ["POST quan-ly/diem-nhan"] = () => Form("/quan-ly/diem-nhan", "/quan-ly/diem-nhan", ("Name", "Nhà kho mẫu"), ("Address", "Tiểu khu 3"), ("Weekdays", "6"), ("FromHour", "7"), ("ToHour", "11")),
        ["POST quan-ly/diem-nhan/{code}/bo"] = async () => new($"/quan-ly/diem-nhan/{await PickupAsync()}/bo", Nothing, "/quan-ly/diem-nhan", Owned: true),
        ["GET quan-ly/hoa-don"] = () => Page("/quan-ly/hoa-don"),
        ["GET quan-ly/hoa-don/du-lieu"] = async () => new("/quan-ly/hoa-don/du-lieu?don=" + await InvoiceAsync(), Owned: true),
        ["POST quan-ly/hoa-don/{code}"] = async () => new("/quan-ly/hoa-don/" + await InvoiceAsync(), Fields([("Status", "issued"), ("Symbol", "1C26TAA"), ("Number", "7")]), "/quan-ly/hoa-don", Owned: true),
        ["GET quan-ly/khieu-nai"] = () => Page("/quan-ly/khieu-nai"),
        ["GET quan-ly/khieu-nai/{code}"] = async () => new("/quan-ly/khieu-nai/" + await ComplaintAsync(await ShippedAsync()), Owned: true),
        ["POST quan-ly/khieu-nai/{code}/dong-y"] = async () => await AnswerAsync("dong-y"),
        ["POST quan-ly/khieu-nai/{code}/nhan-lai"] = async () => await AcceptedReturnAsync() is var code ? await Form("/quan-ly/khieu-nai/" + code, $"/quan-ly/khieu-nai/{code}/nhan-lai", owned: true, ("Lots[0].Gone", "1")) : null!,
        ["POST quan-ly/khieu-nai/{code}/tu-choi"] = async () => await AnswerAsync("tu-choi"),
        ["GET quan-ly/don-hang/{code}"] = async () => new("/quan-ly/don-hang/" + (await OrderAsync()).Part, Owned: true),
        ["GET quan-ly/don-hang/{code}/nhan.pdf"] = async () => new($"/quan-ly/don-hang/{(await OrderAsync()).Part}/nhan.pdf", Owned: true),
        ["GET quan-ly/don-hang/{code}/phieu-dong-goi.pdf"] = async () => new($"/quan-ly/don-hang/{(await OrderAsync()).Part}/phieu-dong-goi.pdf", Owned: true),
        ["GET quan-ly/don-hang/nhan.pdf"] = async () => await OrderAsync() is not null ? new("/quan-ly/don-hang/nhan.pdf") : null!,
        ["GET quan-ly/don-hang/phieu-dong-goi.pdf"] = async () => await OrderAsync() is not null ? new("/quan-ly/don-hang/phieu-dong-goi.pdf") : null!,
        ["POST quan-ly/don-hang/{code}/dong-goi"] = async () => await StepAsync("dong-goi", "confirmed"),
        ["POST quan-ly/don-hang/{code}/doi-lo"] = async () => (await Send($"/quan-ly/don-hang/{await StoppedAsync()}/doi-lo")) with { Owned = true },
        ["POST quan-ly/don-hang/{code}/gui-hang"] = async () => await StepAsync("gui-hang", "packed", ("tracking", "VNPost 1")),
        ["POST quan-ly/don-hang/{code}/da-giao"] = async () => await StepAsync("da-giao", "shipped"),
        ["POST quan-ly/don-hang/{code}/chua-giao-duoc"] = async () => await StepAsync("chua-giao-duoc", "shipped", ("failure", "Không ai nghe máy")),
        ["POST quan-ly/don-hang/{code}/huy"] = async () => await StepAsync("huy", "confirmed", ("reason", "Hết hàng đạt cỡ")),
        ["GET quan-ly/giao-hang"] = () => Page("/quan-ly/giao-hang"),
        ["POST quan-ly/giao-hang"] = () => Form("/quan-ly/giao-hang", "/quan-ly/giao-hang"),
        ["GET quan-ly/cong-thanh-toan"] = () => Page("/quan-ly/cong-thanh-toan"),
        ["POST quan-ly/cong-thanh-toan"] = () => Form("/quan-ly/cong-thanh-toan", "/quan-ly/cong-thanh-toan", ("TmnCode", "SLNEW001"), ("Secret", "BIMATMOICUACONG1")),
        ["GET quan-ly/tien"] = () => Page("/quan-ly/tien"),
        ["POST quan-ly/tien/{code}/hoi-lai"] = async () => (await Send($"/quan-ly/tien/{await DoubtfulAsync()}/hoi-lai")) with { Owned = true },
        ["GET quan-ly/cach-nhan-tien"] = () => Page("/quan-ly/cach-nhan-tien"),
        ["POST quan-ly/cach-nhan-tien/chuyen-khoan"] = () => Form("/quan-ly/cach-nhan-tien", "/quan-ly/cach-nhan-tien/chuyen-khoan", ("BankBin", "000000"), ("Account", "7900205123456"), ("Holder", "HTX MAU"), ("Active", "true")),
        ["GET quan-ly/tien/chuyen-khoan"] = () => Page("/quan-ly/tien/chuyen-khoan"),
        ["POST quan-ly/tien/chuyen-khoan/sao-ke"] = () => Form("/quan-ly/tien/chuyen-khoan", "/quan-ly/tien/chuyen-khoan/sao-ke", ("Pasted", "Ngày;Nội dung;Ghi có\n25/11/2025;Mẫu;123.456\n")),
        ["POST quan-ly/tien/chuyen-khoan/{code}/da-nhan"] = async () => (await Send($"/quan-ly/tien/chuyen-khoan/{await TransferAsync()}/da-nhan", ("Reference", "FT1"))) with { Owned = true },
        ["POST quan-ly/tien/chuyen-khoan/gan"] = async () => (await Send("/quan-ly/tien/chuyen-khoan/gan", ("Credit", await CreditAsync()), ("Order", await TransferAsync()))) with { Owned = true },
        ["POST quan-ly/tien/chuyen-khoan/gat"] = async () => (await Send("/quan-ly/tien/chuyen-khoan/gat", ("Credit", await CreditAsync()), ("Order", "Mẫu"))) with { Owned = true },
        ["GET quan-ly/tien/{code}"] = async () => new("/quan-ly/tien/" + await PaidAsync(), Owned: true),
        ["POST quan-ly/tien/{code}/hoan"] = async () => await PaidAsync() is var paid ? new($"/quan-ly/tien/{paid}/hoan", new(StringComparer.Ordinal) { ["Amount"] = "1000", ["Reason"] = "Mẫu", ["FormKey"] = "0123456789ABCDEF" }, Owned: true) : null!,
        ["POST quan-ly/tien/hoan-qua-vnpay"] = async () => (await Send("/quan-ly/tien/hoan-qua-vnpay", ("key", await RefundAsync()))) with { Owned = true },
        ["POST quan-ly/tien/duyet-hoan"] = async () => (await Send("/quan-ly/tien/duyet-hoan", ("refund", await AskedRefundAsync("awaiting_approval")))) with { Owned = true },
        ["POST quan-ly/tien/rut-hoan"] = async () => (await Send("/quan-ly/tien/rut-hoan", ("refund", await AskedRefundAsync("awaiting_approval")))) with { Owned = true },
        ["GET quan-tri/doi-soat"] = () => Page("/quan-tri/doi-soat"),
        ["POST quan-tri/doi-soat/tep"] = () => Form("/quan-tri/doi-soat", "/quan-tri/doi-soat/tep", ("Day", "24/11/2026"), ("Pasted", "type,tmn_code,txn_ref,transaction_no,amount_vnd,pay_date,status\n")),
        ["POST quan-tri/doi-soat/lay-tep"] = () => Send("/quan-tri/doi-soat/lay-tep", ("Day", "24/11/2026")),
        ["POST quan-tri/doi-soat/xu-ly"] = async () => await Send("/quan-tri/doi-soat/xu-ly", ("Difference", await DifferenceAsync()), ("Note", "Mẫu")),
        ["POST quan-tri/doi-soat/{code}/hoi-lai"] = async () => await Send($"/quan-tri/doi-soat/{await DoubtfulAsync()}/hoi-lai"),
        ["POST quan-tri/doi-soat/{txnRef}/ket-luan"] = async () => await Send($"/quan-tri/doi-soat/{await DoubtfulTryAsync()}/ket-luan", ("Reason", "Mẫu"), ("Outcome", "da-tra")),
        ["GET quan-tri/hoan-tien"] = () => Page("/quan-tri/hoan-tien"),
        ["POST quan-tri/hoan-tien/{code}/duyet"] = async () => await Send($"/quan-tri/hoan-tien/{await AskedRefundAsync("awaiting_approval")}/duyet"),
        ["POST quan-tri/hoan-tien/{code}/tu-choi"] = async () => await Send($"/quan-tri/hoan-tien/{await AskedRefundAsync("awaiting_approval")}/tu-choi", ("Reason", "Mẫu")),
        ["POST quan-tri/hoan-tien/{code}/hoi-lai"] = async () => await Send($"/quan-tri/hoan-tien/{await AskedRefundAsync("review")}/hoi-lai"),
        ["POST quan-tri/hoan-tien/{code}/ket-luan"] = async () => await Send($"/quan-tri/hoan-tien/{await AskedRefundAsync("review")}/ket-luan", ("Reason", "Mẫu"), ("Outcome", "da-hoan")),
        ["POST quan-ly/tien/hoan-tien"] = async () => (await Send("/quan-ly/tien/hoan-tien", ("Key", await RefundAsync()), ("Reference", "FT1"))) with { Owned = true },
        ["GET quan-ly/so-tien"] = () => Page("/quan-ly/so-tien"),
        ["GET quan-ly/so-tien/tai-khoan/{account}"] = () => Page("/quan-ly/so-tien/tai-khoan/buyer-paid"),
        ["GET quan-ly/so-tien/bang-ke.{kind}"] = () => Page("/quan-ly/so-tien/bang-ke.pdf"),
        ["GET quan-ly/thanh-vien"] = () => Page("/quan-ly/thanh-vien"),
        ["POST quan-ly/thanh-vien/moi"] = () => Form("/quan-ly/thanh-vien", "/quan-ly/thanh-vien/moi", ("Form.Contact", "0007778889"), ("Form.Role", "staff")),
        ["POST quan-ly/thanh-vien/huy-moi"] = async () => await InvitedAsync() is not null ? await Form("/quan-ly/thanh-vien", "/quan-ly/thanh-vien/huy-moi") : null!,
        ["POST quan-ly/thanh-vien/vai-tro"] = async () => await StaffAsync() is not null ? await Form("/quan-ly/thanh-vien", "/quan-ly/thanh-vien/vai-tro", ("role", "diary")) : null!,
        ["POST quan-ly/thanh-vien/go"] = async () => await StaffAsync() is not null ? await Form("/quan-ly/thanh-vien", "/quan-ly/thanh-vien/go") : null!,
        ["POST quan-ly/thanh-vien/roi"] = async () => new("/quan-ly/thanh-vien/roi", Nothing, "/quan-ly/thanh-vien", As: await StaffAsync()),
        ["POST quan-ly/thanh-vien/doi"] = async () => new("/quan-ly/thanh-vien/doi", Fields([("slug", owner.Slug)]), As: await StaffAsync()),
        ["POST quan-ly/thanh-vien/nguoi-giup/dong-y"] = async () => await HelperAsync("asked") is not null ? await Form("/quan-ly/thanh-vien", "/quan-ly/thanh-vien/nguoi-giup/dong-y") : null!,
        ["POST quan-ly/thanh-vien/nguoi-giup/dung"] = async () => await HelperAsync("agreed") is not null ? await Form("/quan-ly/thanh-vien", "/quan-ly/thanh-vien/nguoi-giup/dung") : null!,
        ["GET loi-moi"] = async () => new(await InvitedAsync()),
        ["POST loi-moi"] = async () => await InvitedAsync() is var link ? new("/loi-moi", Nothing, link, As: await SignedInAsync()) : null!,
        ["GET tai-khoan/lam-thay"] = async () => new("/tai-khoan/lam-thay", As: await HelperAsync("new")),
        ["POST tai-khoan/lam-thay"] = async () => new("/tai-khoan/lam-thay", Fields([("Form.Phone", "0001239876"), ("Form.Days", "30")]), "/tai-khoan/lam-thay", As: await HelperAsync("new")),
        ["GET tai-khoan/lam-thay/ma"] = async () => new("/tai-khoan/lam-thay/ma", As: await HelperAsync("new")),
        ["POST tai-khoan/lam-thay/ma"] = HelperCodeAsync,
        ["POST tai-khoan/lam-thay/bat-dau"] = async () => new("/tai-khoan/lam-thay/bat-dau", Nothing, "/tai-khoan/lam-thay", As: await HelperAsync("agreed")),
        ["POST tai-khoan/lam-thay/dung"] = async () => new("/tai-khoan/lam-thay/dung", Nothing, As: await HelperAsync("agreed")),
        ["POST tai-khoan/lam-thay/thoi"] = async () => new("/tai-khoan/lam-thay/thoi", Nothing, "/tai-khoan/lam-thay", As: await HelperAsync("agreed")),
        ["GET quan-ly/khoa-api"] = () => Page("/quan-ly/khoa-api"),
        ["POST quan-ly/khoa-api"] = () => Form("/quan-ly/khoa-api", "/quan-ly/khoa-api", ("Form.Label", "Phần mềm MẪU"), ("Form.Scopes", "listings:read")),
        ["POST quan-ly/khoa-api/thu-hoi"] = async () => await NewApiKeyAsync(owner.ProducerId, ApiScope.Listings) is not null ? (await Form("/quan-ly/khoa-api", "/quan-ly/khoa-api/thu-hoi")) with { Owned = true } : null!,
        ["GET quan-ly/xuat-du-lieu"] = () => Page("/quan-ly/xuat-du-lieu"),
        ["GET quan-ly/xuat-du-lieu/san-lien-ket"] = () => Page("/quan-ly/xuat-du-lieu/san-lien-ket"),
        ["POST quan-ly/xuat-du-lieu/san-lien-ket"] = async () => await Form("/quan-ly/xuat-du-lieu/san-lien-ket", "/quan-ly/xuat-du-lieu/san-lien-ket", ("Platform", "postmart"), ("Pasted", $"sku;status\n{(await GoodsAsync()).Slug};approved\n")),
        ["GET so-cong-thuong/san-lien-ket"] = () => Page("/so-cong-thuong/san-lien-ket"),
        ["GET quan-ly/tin-dang/{slug}/san-khac"] = async () => new($"/quan-ly/tin-dang/{(await GoodsAsync()).Slug}/san-khac", Owned: true),
        ["POST quan-ly/tin-dang/{slug}/san-khac"] = async () => await Form($"/quan-ly/tin-dang/{(await GoodsAsync()).Slug}/san-khac", $"/quan-ly/tin-dang/{(await GoodsAsync()).Slug}/san-khac", true, ("platforms", "open")),
        ["GET quan-ly/xuat-du-lieu/{profile}/tep.{extension}"] = () => Page("/quan-ly/xuat-du-lieu/open/tep.csv"),
        ["POST quan-ly/xuat-du-lieu/{profile}/lien-ket"] = () => Form("/quan-ly/xuat-du-lieu", "/quan-ly/xuat-du-lieu/open/lien-ket"),
        ["POST quan-ly/xuat-du-lieu/lien-ket/thu-hoi"] = async () =>
        {
            await InAsync(tx => market.Site.Get<FeedTokens>().AddAsync(tx, "sendo", SonLaMarket.Foundation.Text.Codes.Secret(), "Ma trận", actor, owner.ProducerId));
            return await Form("/quan-ly/xuat-du-lieu", "/quan-ly/xuat-du-lieu/lien-ket/thu-hoi", true);
        },
        ["GET quan-ly/xuat-du-lieu/dien-mau"] = () => Page("/quan-ly/xuat-du-lieu/dien-mau"),
        ["POST quan-ly/xuat-du-lieu/dien-mau"] = async () => await Form("/quan-ly/xuat-du-lieu/dien-mau", "/quan-ly/xuat-du-lieu/dien-mau", ("Platform", "shopee")) with { File = BlankWorkbook.Make(BlankWorkbook.Keys) },
        ["GET quan-ly/xuat-du-lieu/dien-mau/{key}"] = () => FilledAsync("/quan-ly/xuat-du-lieu/dien-mau/", "", owner.ProducerId),
        ["GET quan-ly/xuat-du-lieu/dien-mau/{key}/tep.xlsx"] = () => FilledAsync("/quan-ly/xuat-du-lieu/dien-mau/", "/tep.xlsx", owner.ProducerId),
        ["GET quan-tri/xuat-du-lieu/dien-mau"] = () => Page("/quan-tri/xuat-du-lieu/dien-mau"),
        ["POST quan-tri/xuat-du-lieu/dien-mau"] = async () => await Form("/quan-tri/xuat-du-lieu/dien-mau", "/quan-tri/xuat-du-lieu/dien-mau", ("Platform", "shopee")) with { File = BlankWorkbook.Make(BlankWorkbook.Keys) },
        ["GET quan-tri/xuat-du-lieu/dien-mau/{key}"] = () => FilledAsync("/quan-tri/xuat-du-lieu/dien-mau/", "", null),
        ["GET quan-tri/xuat-du-lieu/dien-mau/{key}/tep.xlsx"] = () => FilledAsync("/quan-tri/xuat-du-lieu/dien-mau/", "/tep.xlsx", null),
        ["GET quan-tri/xuat-du-lieu/san-lien-ket"] = () => Page("/quan-tri/xuat-du-lieu/san-lien-ket"),
        ["POST quan-tri/xuat-du-lieu/san-lien-ket"] = async () => await Form("/quan-tri/xuat-du-lieu/san-lien-ket", "/quan-tri/xuat-du-lieu/san-lien-ket", ("Platform", "postmart"), ("Pasted", $"sku;status\n{(await GoodsAsync()).Slug};approved\n")),

        // The Department.
        ["GET so-cong-thuong"] = () => Page("/so-cong-thuong"),
        ["GET so-cong-thuong/duyet"] = () => Page("/so-cong-thuong/duyet"),
        ["GET so-cong-thuong/nhat-ky-he-thong"] = () => Page("/so-cong-thuong/nhat-ky-he-thong"),
        ["GET so-cong-thuong/giam-sat"] = () => Page("/so-cong-thuong/giam-sat"),
        ["GET so-cong-thuong/giam-sat.csv"] = () => Page("/so-cong-thuong/giam-sat.csv"),
        ["POST so-cong-thuong/giam-sat/{slug}/tam-ngung"] = async () => await Send($"/so-cong-thuong/giam-sat/{(await FreshAsync()).Slug}/tam-ngung", ("Reason", "Ảnh không đúng sản phẩm")),
        ["GET so-cong-thuong/giam-sat/{slug}/gia"] = async () => new($"/so-cong-thuong/giam-sat/{(await GoodsAsync()).Slug}/gia"),
        ["GET so-cong-thuong/vung-trong"] = () => Page("/so-cong-thuong/vung-trong"),
        ["POST so-cong-thuong/vung-trong/{id}"] = async () => new($"/so-cong-thuong/vung-trong/{await CodedAreaAsync()}", Fields([("status", "active")]), "/so-cong-thuong/vung-trong"),
        ["GET so-cong-thuong/lo-bi-chan"] = () => Page("/so-cong-thuong/lo-bi-chan"),
        ["POST so-cong-thuong/lo-bi-chan/{code}/go-chan"] = async () => await BlockedAsync() is var lot ? await Form("/so-cong-thuong/lo-bi-chan", $"/so-cong-thuong/lo-bi-chan/{lot}/go-chan", ("reason", "Đã kiểm tra lại nhãn thuốc")) : null!,
        ["GET so-cong-thuong/thu-hoi"] = () => Page("/so-cong-thuong/thu-hoi"),
        ["POST so-cong-thuong/thu-hoi"] = async () => await Form("/so-cong-thuong/thu-hoi", "/so-cong-thuong/thu-hoi", ("Lots", (await FreshAsync()).LotCode), ("Reason", "Phát hiện dư lượng thuốc"), ("_yes", "1")),
        ["POST so-cong-thuong/lo-bi-chan"] = async () => await Form("/so-cong-thuong/lo-bi-chan", "/so-cong-thuong/lo-bi-chan", ("Lot", (await FreshAsync()).LotCode), ("Why", "Nghi hàng nơi khác trộn vào")),
        ["GET so-cong-thuong/can-doi"] = async () => await SteppedAsync() is not null ? new("/so-cong-thuong/can-doi") : null!,
        ["GET so-cong-thuong/thu-hoi/xem-truoc"] = async () => new("/so-cong-thuong/thu-hoi/xem-truoc?lo=" + (await GoodsAsync()).LotCode),
        ["GET so-cong-thuong/thu-hoi/de-nghi"] = async () => await ProposalAsync() is not null ? new("/so-cong-thuong/thu-hoi/de-nghi") : null!,
        ["GET so-cong-thuong/thu-hoi/de-nghi/DN-{id}"] = async () => new(await ProposalAsync()),
        ["POST so-cong-thuong/thu-hoi/de-nghi/DN-{id}/mo"] = async () => await ProposalAsync() is var page ? await Form(page, page + "/mo", ("Reason", "Mẫu vượt mức cho phép")) : null!,
        ["POST so-cong-thuong/thu-hoi/de-nghi/DN-{id}/bo"] = async () => await ProposalAsync() is var page ? await Form(page, page + "/bo", ("DropReason", "Phòng thử nghiệm ghi nhầm lô")) : null!,
        ["POST so-cong-thuong/thu-hoi/de-nghi/quy-tac/{rule}"] = async () => await market.Db.SingleAsync<bool>("select opens from supervision.recall_rule where rule = 'sample'") is var opens
            ? await Form("/so-cong-thuong/thu-hoi/de-nghi", "/so-cong-thuong/thu-hoi/de-nghi/quy-tac/sample", ("opens", opens ? "false" : "true")) : null!,
        ["GET thu-hoi/{number}"] = async () => new($"/thu-hoi/{await RecallAsync()}"),
        ["GET so-cong-thuong/thu-hoi/{number}"] = async () => new($"/so-cong-thuong/thu-hoi/{await RecallAsync()}"),
        ["GET so-cong-thuong/thu-hoi/{number}.xlsx"] = async () => new($"/so-cong-thuong/thu-hoi/{await RecallAsync()}.xlsx"),
        ["POST so-cong-thuong/thu-hoi/{number}/ket-thuc"] = async () => await RecallAsync() is var number
            ? await Form("/so-cong-thuong/thu-hoi/" + number, $"/so-cong-thuong/thu-hoi/{number}/ket-thuc", ("Recovered", "3"), ("Destroyed", "3"), ("Note", "Đã thu lại và tiêu hủy")) : null!,
        ["GET so-cong-thuong/kiem-tra"] = () => Page(Inspecting),
        ["POST so-cong-thuong/kiem-tra"] = async () => await Form(Inspecting, Inspecting, ("Subject", (await GoodsAsync()).LotCode), ("On", Vietnamese.Date(Today.AddDays(3))), ("Purpose", "Kiểm tra định kỳ")),
        ["GET so-cong-thuong/kiem-tra/tai-cho"] = () => Page(Inspecting + "/tai-cho"),
        ["POST so-cong-thuong/kiem-tra/tai-cho"] = async () => await Form(Inspecting + "/tai-cho", Inspecting + "/tai-cho", ("Visit", await InspectionAsync()), ("DoneOn", Vietnamese.Date(Today)), ("Checks[0]", "met"), ("Conclusion", "clear"), ("Finding", "Kho gọn, thuốc còn nhãn.")),
        ["PUT so-cong-thuong/kiem-tra/tai-cho/{id}"] = async () => new($"{Inspecting}/tai-cho/{Guid.CreateVersion7()}", Nothing, Json: Seen(await InspectionAsync())),
        ["PUT so-cong-thuong/kiem-tra/tai-cho/{id}/tem"] = () => Task.FromResult(new Case($"{Inspecting}/tai-cho/{Guid.CreateVersion7()}/tem", Nothing, Bytes: Drawing())),
        ["PUT so-cong-thuong/kiem-tra/tai-cho/{id}/anh/{photo}"] = InspectionPhotoAsync,
        ["GET so-cong-thuong/kiem-tra/KT-{id}"] = async () => new($"{Inspecting}/{await InspectionAsync()}"),
        ["POST so-cong-thuong/kiem-tra/KT-{id}/ghi"] = async () => await InspectionAsync() is var number ? await Form($"{Inspecting}/{number}", $"{Inspecting}/{number}/ghi", ("DoneOn", Vietnamese.Date(Today)), ("Way", "digital"), ("Checks[0]", "met"), ("Conclusion", "clear"), ("Finding", "Kho gọn, thuốc còn nhãn.")) : null!,
        ["POST so-cong-thuong/kiem-tra/KT-{id}/huy"] = async () => await InspectionAsync() is var number ? await Form($"{Inspecting}/{number}", $"{Inspecting}/{number}/huy", ("Reason", "Cơ sở nghỉ vụ")) : null!,
        ["POST so-cong-thuong/kiem-tra/KT-{id}/ket-qua-mau"] = async () => await SampledAsync(result: false) is var (number, file) ? await Form($"{Inspecting}/{number}", $"{Inspecting}/{number}/ket-qua-mau", ("Laboratory", "Phòng thử nghiệm mẫu"), ("Result", "Không phát hiện"), ("Exceeds", "no"), ("FileId", $"{file}")) : null!,
        ["GET so-cong-thuong/kiem-tra/KT-{id}/phieu-ket-qua"] = async () => new($"{Inspecting}/{(await SampledAsync(result: true)).Number}/phieu-ket-qua"),
        ["GET quan-ly/kiem-tra"] = async () => (await SampledAsync(result: true)).Number is not null ? new("/quan-ly/kiem-tra") : null!,
        ["GET quan-ly/kiem-tra/KT-{id}/phieu-ket-qua"] = async () => new($"/quan-ly/kiem-tra/{(await SampledAsync(result: true)).Number}/phieu-ket-qua", Owned: true),
        ["GET so-cong-thuong/ma-la"] = () => Page("/so-cong-thuong/ma-la"),
        ["POST so-cong-thuong/ma-la/da-xem"] = ScanAlertAsync,
        ["POST so-cong-thuong/ma-la/huy"] = async () => await Form("/so-cong-thuong/ma-la", "/so-cong-thuong/ma-la/huy", ("Code", (await SeriesAsync()).Item), ("Reason", "Tem bị lấy cắp")),
        ["POST so-cong-thuong/ma-la/luat"] = () => Form("/so-cong-thuong/ma-la", "/so-cong-thuong/ma-la/luat"),
        ["GET so-cong-thuong/bao-cao-tem"] = () => Page("/so-cong-thuong/bao-cao-tem"),
        ["POST so-cong-thuong/bao-cao-tem/da-xem"] = ReportAsync,
        ["GET so-cong-thuong/duyet/tin-dang/{slug}/{version}"] = async () => new(await WaitingListingAsync()),
        ["POST so-cong-thuong/duyet/tin-dang/{slug}/{version}/phe-duyet"] = () => DecideAsync(WaitingListingAsync, "phe-duyet"),
        ["POST so-cong-thuong/duyet/tin-dang/{slug}/{version}/tra-lai"] = () => DecideAsync(WaitingListingAsync, "tra-lai"),
        ["POST so-cong-thuong/duyet/tin-dang/{slug}/{version}/tam-ngung"] = () => DecideAsync(WaitingListingAsync, "tam-ngung"),
        ["GET so-cong-thuong/duyet/co-so/{slug}/{version}"] = async () => new(await WaitingProducerAsync()),
        ["POST so-cong-thuong/duyet/co-so/{slug}/{version}/phe-duyet"] = () => DecideAsync(WaitingProducerAsync, "phe-duyet"),
        ["POST so-cong-thuong/duyet/co-so/{slug}/{version}/tra-lai"] = () => DecideAsync(WaitingProducerAsync, "tra-lai"),
        ["POST so-cong-thuong/duyet/co-so/{slug}/{version}/tam-ngung"] = () => DecideAsync(WaitingProducerAsync, "tam-ngung"),
        ["GET so-cong-thuong/duyet/chung-nhan/{id}"] = async () => new($"/so-cong-thuong/duyet/chung-nhan/{await CertificateAsync()}"),
        ["GET so-cong-thuong/duyet/chung-nhan/{id}/ban-chup"] = async () => new($"/so-cong-thuong/duyet/chung-nhan/{await CertificateAsync()}/ban-chup"),
        ["POST so-cong-thuong/duyet/chung-nhan/{id}/phe-duyet"] = () => DecideAsync(async () => $"/so-cong-thuong/duyet/chung-nhan/{await CertificateAsync()}", "phe-duyet"),
        ["POST so-cong-thuong/duyet/chung-nhan/{id}/tra-lai"] = () => DecideAsync(async () => $"/so-cong-thuong/duyet/chung-nhan/{await CertificateAsync()}", "tra-lai"),
        ["POST so-cong-thuong/duyet/chung-nhan/{id}/tam-ngung"] = () => DecideAsync(VerifiedCertificateAsync, "tam-ngung"),

        // The operator.
        ["GET quan-tri"] = () => Page("/quan-tri"),
        ["GET quan-tri/thoi-han"] = () => Page("/quan-tri/thoi-han"),
        ["POST quan-tri/thoi-han"] = () => Form("/quan-tri/thoi-han", "/quan-tri/thoi-han"),
        ["GET so-cong-thuong/khieu-nai"] = () => Page("/so-cong-thuong/khieu-nai"),
        ["GET so-cong-thuong/khieu-nai/{code}"] = async () => new("/so-cong-thuong/khieu-nai/" + await ComplaintAsync(await ShippedAsync(), "escalated")),
        ["POST so-cong-thuong/khieu-nai/{code}"] = async () => await ComplaintAsync(await ShippedAsync(), "escalated") is var code ? await Form("/so-cong-thuong/khieu-nai/" + code, "/so-cong-thuong/khieu-nai/" + code, ("Conclusion", "Hai bên đã thỏa thuận xong."), ("_yes", "1")) : throw new InvalidOperationException(),
        ["GET quan-tri/kiem-tra"] = () => Page("/quan-tri/kiem-tra"),
        ["GET quan-tri/giao-dien"] = () => Page("/quan-tri/giao-dien?nen=toi"),
        ["POST quan-tri/giao-dien"] = () => Form("/quan-tri/giao-dien", "/quan-tri/giao-dien"),
        ["GET quan-tri/du-lieu-ca-nhan"] = () => Page("/quan-tri/du-lieu-ca-nhan"),
        ["GET quan-tri/du-lieu-ca-nhan/dong-y.csv"] = () => Page("/quan-tri/du-lieu-ca-nhan/dong-y.csv?muc=news"),
        ["GET quan-tri/du-lieu-ca-nhan/{code}"] = async () => new("/quan-tri/du-lieu-ca-nhan/" + await DataRequestAsync("correct")),
        ["POST quan-tri/du-lieu-ca-nhan/{code}/tra-loi"] = async () => await Send($"/quan-tri/du-lieu-ca-nhan/{await DataRequestAsync("correct")}/tra-loi", ("Form.Answer", "Chúng tôi sẽ sửa trong tuần này.")),
        ["POST quan-tri/du-lieu-ca-nhan/{code}/da-lam"] = async () => await Send($"/quan-tri/du-lieu-ca-nhan/{await DataRequestAsync("correct")}/da-lam", ("Form.Answer", "Đã sửa như bạn muốn.")),
        ["POST quan-tri/du-lieu-ca-nhan/{code}/tu-choi"] = async () => await Send($"/quan-tri/du-lieu-ca-nhan/{await DataRequestAsync("correct")}/tu-choi", ("Form.Answer", "Luật buộc giữ nguyên chứng từ này.")),
        ["POST quan-tri/du-lieu-ca-nhan/{code}/xoa"] = async () => await Send($"/quan-tri/du-lieu-ca-nhan/{await DataRequestAsync("erase")}/xoa"),
        ["GET quan-tri/hop-thu-di"] = () => Page("/quan-tri/hop-thu-di"),
        ["GET quan-tri/hop-thu-di/thu"] = MailAsync,
        ["GET quan-tri/viec-nen"] = () => Page("/quan-tri/viec-nen"),
        ["POST quan-tri/viec-nen/chay-lai"] = DeadJobAsync,
        ["GET quan-tri/nguoi-dung"] = () => Page("/quan-tri/nguoi-dung"),
        ["POST quan-tri/nguoi-dung/tim"] = () => Form("/quan-tri/nguoi-dung", "/quan-tri/nguoi-dung/tim", ("q", "0001234567")),
        ["POST quan-tri/nguoi-dung"] = () => Form("/quan-tri/nguoi-dung", "/quan-tri/nguoi-dung", ("Form.Name", "Cán bộ mẫu"), ("Form.Email", $"can-bo-{Guid.NewGuid():N}@example.invalid"), ("Form.Role", Roles.Officer)),
        ["POST quan-tri/nguoi-dung/lien-ket"] = async () => await Send("/quan-tri/nguoi-dung/lien-ket", ("person", (await market.Shop.SellerAsync()).SignIn)),
        ["POST quan-tri/nguoi-dung/khoa"] = async () => await Send("/quan-tri/nguoi-dung/khoa", ("person", (await market.Shop.SellerAsync()).SignIn)),
        ["POST quan-tri/nguoi-dung/mo-khoa"] = async () => await Send("/quan-tri/nguoi-dung/mo-khoa", ("person", await LockedAsync())),
        ["POST quan-tri/nguoi-dung/to-cong-nghe-so"] = async () => await Send("/quan-tri/nguoi-dung/to-cong-nghe-so", ("person", (await market.Shop.SellerAsync()).SignIn), ("yes", "true")),
        ["POST quan-tri/nguoi-dung/go-hai-buoc"] = async () => await Send("/quan-tri/nguoi-dung/go-hai-buoc", ("person", await WithAppAsync())),
        ["POST quan-tri/nguoi-dung/ket-thuc-phien"] = async () => await Send("/quan-tri/nguoi-dung/ket-thuc-phien", ("person", (await market.Shop.SellerAsync()).SignIn)),
        ["GET quan-tri/so-tien"] = () => Page("/quan-tri/so-tien"),
        ["GET quan-tri/so-tien/tai-khoan/{account}"] = () => Page("/quan-tri/so-tien/tai-khoan/refund-due"),
        ["GET quan-tri/so-tien/{slug}"] = () => Page("/quan-tri/so-tien/" + owner.Slug),
        ["GET quan-tri/so-tien/{slug}/tai-khoan/{account}"] = () => Page($"/quan-tri/so-tien/{owner.Slug}/tai-khoan/fee-due"),
        ["GET quan-tri/so-tien/{slug}/bang-ke.{kind}"] = () => Page($"/quan-tri/so-tien/{owner.Slug}/bang-ke.xlsx"),
        ["POST quan-tri/so-tien/{slug}/da-nop"] = SettleAsync,
        ["GET quan-tri/phi-thue"] = () => Page("/quan-tri/phi-thue"),
        ["POST quan-tri/phi-thue"] = () => Send("/quan-tri/phi-thue", ("Kind", "fee"), ("Name", "Phí MẪU ma trận"), ("ProducerKinds", "cooperative"), ("Rate", "1"), ("ValidFrom", Date(1)), ("Source", "Quy chế MẪU")),
        ["POST quan-tri/phi-thue/{code}/ap-dung"] = async () => await Send($"/quan-tri/phi-thue/{await RuleAsync(adopted: false)}/ap-dung"),
        ["POST quan-tri/phi-thue/{code}/ket-thuc"] = async () => await Send($"/quan-tri/phi-thue/{await RuleAsync(adopted: true)}/ket-thuc", ("lastDay", Date(0))),
        ["GET quan-tri/khoa-api"] = () => Page("/quan-tri/khoa-api"),
        ["POST quan-tri/khoa-api"] = () => Form("/quan-tri/khoa-api", "/quan-tri/khoa-api", ("Form.Label", "Đối tác MẪU"), ("Form.Scopes", "exports:run")),
        ["POST quan-tri/khoa-api/thu-hoi"] = async () => await NewApiKeyAsync(null, ApiScope.Listings) is not null ? await Form("/quan-tri/khoa-api", "/quan-tri/khoa-api/thu-hoi") : null!,
        ["GET quan-tri/xuat-du-lieu"] = () => Page("/quan-tri/xuat-du-lieu"),
        ["GET quan-tri/xuat-du-lieu/du-lieu-mo"] = () => OpenDataAsync("/quan-tri/xuat-du-lieu/du-lieu-mo"),
        ["POST quan-tri/xuat-du-lieu/du-lieu-mo"] = () => Form("/quan-tri/xuat-du-lieu/du-lieu-mo", "/quan-tri/xuat-du-lieu/du-lieu-mo"),
        ["GET quan-tri/xuat-du-lieu/{profile}"] = () => Page("/quan-tri/xuat-du-lieu/google-merchant"),
        ["GET quan-tri/xuat-du-lieu/{profile}/lan-chay/{key}"] = async () => await FeedAsync("postmart") is not null ? new("/quan-tri/xuat-du-lieu/postmart/lan-chay/" + await market.Db.SingleAsync<Guid>("select key from exports.run where profile_code = 'postmart' order by id desc limit 1")) : null!,
        ["GET quan-tri/xuat-du-lieu/{profile}/nhom-hang"] = () => Page("/quan-tri/xuat-du-lieu/google-merchant/nhom-hang"),
        ["POST quan-tri/xuat-du-lieu/{profile}/nhom-hang"] = () => Form("/quan-tri/xuat-du-lieu/google-merchant/nhom-hang", "/quan-tri/xuat-du-lieu/google-merchant/nhom-hang", ("values[craft]", "Ma trận " + Guid.NewGuid())),
        ["GET quan-tri/xuat-du-lieu/{profile}/sua"] = () => Page("/quan-tri/xuat-du-lieu/open/sua"),
        ["POST quan-tri/xuat-du-lieu/{profile}/sua"] = () => Form("/quan-tri/xuat-du-lieu/open/sua", "/quan-tri/xuat-du-lieu/open/sua", ("Name", "Mở " + Guid.NewGuid()), ("Note", "Ma trận")),
        ["POST quan-tri/xuat-du-lieu/{profile}/sua/xem-thu"] = () => Send("/quan-tri/xuat-du-lieu/open/sua/xem-thu", ("Name", "Mở"), ("Formats", "csv")),
        ["POST quan-tri/xuat-du-lieu/{profile}/kiem-chung"] = ProofAsync,
        ["POST quan-tri/xuat-du-lieu/{profile}/chay"] = () => Send("/quan-tri/xuat-du-lieu/postmart/chay"),
        ["POST quan-tri/xuat-du-lieu/{profile}/ma"] = () => Send("/quan-tri/xuat-du-lieu/postmart/ma", ("label", "Đối tác mẫu")),
        ["POST quan-tri/xuat-du-lieu/ma/thu-hoi"] = async () => await FeedAsync("postmart") is not null ? await Form("/quan-tri/xuat-du-lieu", "/quan-tri/xuat-du-lieu/ma/thu-hoi") : null!,
        ["GET quan-tri/xuat-du-lieu/{profile}/tep.{extension}"] = async () => await FeedAsync("postmart") is not null ? new("/quan-tri/xuat-du-lieu/postmart/tep.xlsx") : null!,
    };

    private static Task<Case> Page(string path) => Task.FromResult(new Case(path));

    private static Task<Case> Send(string path, params (string Name, string Value)[] fields) => Task.FromResult(new Case(path, Fields(fields)));

    private static Task<Case> Form(string on, string path, params (string Name, string Value)[] changes) => Form(on, path, false, changes);

    private static Task<Case> Form(string on, string path, bool owned, params (string Name, string Value)[] changes) => Task.FromResult(new Case(path, Fields(changes), on, owned));

    private static Dictionary<string, string> Fields((string Name, string Value)[] fields) => fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);

    private string Date(int days) => Today.AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private Goods? goods;

    /// <summary>Goods that no step of the matrix takes away.</summary>
    private async Task<Goods> GoodsAsync() => goods ??= await FreshAsync();

    private Task<Goods> FreshAsync() => market.Shop.GoodsAsync(owner, 200);

    private Task<string> CategoryAsync() => market.Db.SingleAsync<string>("select slug from producers.category where parent_slug is not null order by sort limit 1");

    private async Task<string> ProductAsync() => await market.Db.SingleAsync<string>("select p.code from producers.product p join origin.lot l on l.product_id = p.id where l.id = @LotId", new { (await GoodsAsync()).LotId });

    private async Task<T> InAsync<T>(Func<Tx, Task<T>> work)
    {
        await using var tx = await market.Db.BeginAsync();
        var result = await work(tx);
        await tx.CommitAsync();
        return result;
    }

    private Task<Guid> TaskAsync(long person) => InAsync(tx => market.Site.Get<LongTasks>().AskAsync(tx, person, new Said("Tạo tệp {0}", "mẫu"), "không làm gì"));

    private string Sheet(string name, string price = "35k") => $"Tên hàng;Nhóm hàng;Ngày thu hoạch;Nơi trồng;Đơn vị bán;Số lượng;Giá bán\n{name};Trái cây tươi;{Date(-1)};nơi cơ sở khai báo;kg;100;{price}\n";

    /// <summary>A file of the seller's that has been read.</summary>
    /// <summary>Files of one producer are read one after the other.</summary>
    private async Task<Case> ReadFirstAsync(string page, (string, string) field)
    {
        await market.Site.Get<TaskRunner>().RunDueAsync(CancellationToken.None);
        return await Form(page, page, field);
    }

    private async Task<string> ImportAsync(string price)
    {
        var imports = market.Site.Get<ImportRegister>();
        var importer = new Importer(owner.ProducerId, owner.PersonId, actor);
        await market.Site.Get<TaskRunner>().RunDueAsync(CancellationToken.None);
        var id = (await InAsync(tx => imports.AddAsync(tx, importer, "", "mẫu.csv", System.Text.Encoding.UTF8.GetBytes(Sheet($"Mận mẫu {Guid.NewGuid():N}", price)))))!.Value;
        await market.Site.Get<TaskRunner>().RunDueAsync(CancellationToken.None);
        return $"/quan-ly/nhap-du-lieu/{id}";
    }

    private static string Producers() => $"Tên cơ sở;Loại cơ sở;Người đại diện;Điện thoại;Xã, phường;Bản\nHTX mẫu {Guid.NewGuid():N};HTX;Nguyễn Thị Mẫu;0001234567;03646;Tiểu khu 1\n";

    /// <summary>A file of the operators' that has been read, and saved where that is asked for.</summary>
    private async Task<string> ProducersAsync(string? then = null)
    {
        var imports = market.Site.Get<ImportRegister>();
        var importer = new Importer(0, await market.Db.SingleAsync<long>("select max(person_id) from accounts.person_role where role = 'operator'"), new Actor(null, Roles.Operator));
        await market.Site.Get<TaskRunner>().RunDueAsync(CancellationToken.None);
        var id = (await InAsync(tx => imports.AddAsync(tx, importer, "", "mẫu.csv", System.Text.Encoding.UTF8.GetBytes(Producers()))))!.Value;
        await market.Site.Get<TaskRunner>().RunDueAsync(CancellationToken.None);
        if (then is not null)
            await InAsync(async tx => await imports.SaveAsync(tx, (await ImportRegister.LockAsync(tx, id, importer))!, false, importer));
        await market.Site.Get<TaskRunner>().RunDueAsync(CancellationToken.None);
        return importer.PathOf(id);
    }

    private async Task<Case> SavedImportAsync()
    {
        var path = await ImportAsync("35k");
        var id = Guid.Parse(path.Split('/')[^1]);
        await InAsync(async tx => await market.Site.Get<ImportRegister>().SaveAsync(tx, (await ImportRegister.LockAsync(tx, id, new Importer(owner.ProducerId, owner.PersonId, actor)))!, false, new Importer(owner.ProducerId, owner.PersonId, actor)));
        await market.Site.Get<TaskRunner>().RunDueAsync(CancellationToken.None);
        return new(path + "/hoan-tac", Fields([("_yes", "1")]), path, Owned: true);
    }

    private async Task<Case> ImportFormAsync(string price, string action) => await ImportAsync(price) is var path ? new(path + action, Nothing, action == "/goi-y" ? null : path, Owned: true) : null!;

    /// <summary>A task of the newest account of the role, which is the one that asks.</summary>
    private async Task<Guid> TaskOfRoleAsync(string role) => await TaskAsync(await market.Db.SingleAsync<long>("select max(person_id) from accounts.person_role where role = @role", new { role }));

    private async Task<(string Path, string Item)> SeriesAsync()
    {
        var lot = (await GoodsAsync()).LotCode;
        var series = market.Site.Get<ItemSeries>();
        var key = ((SeriesOutcome.Opened)await InAsync(tx => series.OpenAsync(tx, lot, owner.PersonId, 2, 5_000, "", actor))).Key;
        await foreach (var _ in series.MakeAsync(market.Db, key))
        {
        }
        return ($"/quan-ly/lo/{lot}/ma-goi/{key}", await market.Db.SingleAsync<string>("select i.code from origin.item i join origin.item_series s on s.id = i.series_id where s.key = @key and i.place = 1", new { key }));
    }

    private async Task<Case> ScanAlertAsync()
    {
        var (_, item) = await SeriesAsync();
        await market.Db.ExecuteAsync("insert into origin.scan_alert (item_id, lot_id, producer_id, rule, found_at) select id, lot_id, producer_id, 'recalled', now() from origin.item where code = @item", new { item });
        return new("/so-cong-thuong/ma-la/da-xem", Nothing, "/so-cong-thuong/ma-la");
    }

    private Task<Guid?> CodedAreaAsync() =>
        InAsync(tx => market.Site.Get<GrowingAreas>().AddAsync(tx, owner.ProducerId, new GrowingAreaDraft("Nương có mã", "VN-" + Guid.NewGuid().ToString("N")[..12].ToUpperInvariant(), "03646", null, null) { Scheme = AreaScheme.Domestic }, actor));

    private async Task<string> SheetsAsync()
    {
        var lot = (await GoodsAsync()).LotCode;
        var file = await InAsync(tx => market.Site.Get<Uploads>().AddPdfAsync(tx, "labels:" + lot, "tem.pdf", "%PDF-1.7\n%%EOF\n"u8.ToArray(), actor));
        return $"/quan-ly/lo/{lot}/tem/{file}.pdf";
    }

    private async Task<string> GtinAsync()
    {
        var gtin = "0952123488888" + Gs1.CheckDigit.Compute("0952123488888");
        var mine = await FreshAsync();
        await market.Db.ExecuteAsync("update origin.approved_product p set gtin = @gtin from origin.lot l where l.product_id = p.product_id and l.id = @LotId", new { gtin, mine.LotId });
        return gtin;
    }

    private static byte[] Drawing()
    {
        using var qr = QRCodeGenerator.GenerateQrCode("mẫu", QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(qr);
        return png.GetGraphic(20);
    }

    private async Task<Guid> PictureAsync()
    {
        var (id, refused) = await InAsync(tx => market.Site.Get<Uploads>().AddPictureAsync(tx, $"producer:{owner.ProducerId}", "mau.png", Drawing(), actor));
        return id ?? throw new InvalidOperationException($"{refused}");
    }

    private async Task<Guid> CertificateAsync()
    {
        var file = await InAsync(tx => market.Site.Get<Uploads>().AddPdfAsync(tx, $"producer:{owner.ProducerId}", "mau.pdf", "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"u8.ToArray(), actor));
        return await office.CertificateAsync(owner, Today.AddYears(1), file);
    }

    private async Task<string> VerifiedCertificateAsync()
    {
        var id = await CertificateAsync();
        await InAsync(tx => market.Site.Get<Certificates>().DecideAsync(tx, id, true, "", officer));
        return $"/so-cong-thuong/duyet/chung-nhan/{id}";
    }

    private async Task<(string Lot, Guid Entry)> EntryAsync()
    {
        var lot = (await GoodsAsync()).LotCode;
        await InAsync(tx => market.Site.Get<Diary>().AddAsync(tx, lot, owner.PersonId, new DiaryDraft(null, "care", Today.AddDays(-2), null, null, null, null, null, null, "Người mẫu", null, "Tỉa cành", []), actor));
        return (lot, await market.Db.SingleAsync<Guid>("select d.event_id from origin.diary_entry d join origin.lot l on l.id = d.lot_id where l.code = @lot limit 1", new { lot }));
    }

    /// <summary>An entry whose photo is still to come.</summary>
    private async Task<(Guid Entry, Guid Photo)> AnnouncedAsync()
    {
        var (lot, entry, photo) = ((await GoodsAsync()).LotCode, Guid.CreateVersion7(), Guid.CreateVersion7());
        await InAsync(tx => market.Site.Get<Diary>().AddAsync(tx, lot, owner.PersonId, new DiaryDraft(entry, "care", Today.AddDays(-2), null, null, null, null, null, null, null, null, "Tỉa cành", [photo]), actor));
        return (entry, photo);
    }

    private async Task<string> ClosedAsync()
    {
        var slug = (await FreshAsync()).Slug;
        await InAsync(tx => market.Site.Get<Listings>().CloseAsync(tx, slug, owner.PersonId, actor));
        return slug;
    }

    private async Task<string> DraftOfferAsync(bool finished = false)
    {
        var id = Guid.CreateVersion7();
        var drafts = market.Site.Get<OfferDrafts>();
        var said = new OfferText { Speciality = "man-hau", Name = "Mận hậu", Category = "fresh-fruit", HarvestedOn = Date(-1), Place = OfferText.OwnPlace, SaleUnit = "kg", Quantity = "200", Price = "35k" };
        var offer = new Offer(
            new OfferGoods([], "man-hau", "Mận hậu", "", "fresh-fruit", null, "g", null, "Mận hậu", "", "kg", 1000, [5, 6], ""), new OfferHarvest(Today.AddDays(-1), null, 200_000, 35_000));
        await InAsync(tx => drafts.SaveAsync(tx, id, owner.ProducerId, said, owner.PersonId));
        if (finished)
            await InAsync(tx => drafts.FinishAsync(tx, id, offer, owner.PersonId, actor));
        return $"/quan-ly/dang-ban/{id}";
    }

    private async Task<Case> LotFormAsync(string action, params (string Name, string Value)[] changes)
    {
        var lot = (await GoodsAsync()).LotCode;
        return await Form("/quan-ly/lo/" + lot, $"/quan-ly/lo/{lot}/{action}", owned: true, changes);
    }

    private async Task<(string Lot, string Path)> DiaryLinkAsync()
    {
        var lot = (await FreshAsync()).LotCode;
        var links = market.Site.Get<DiaryLinks>();
        await InAsync(tx => links.AddAsync(tx, lot, owner.PersonId, "Mẹ", actor));
        return (lot, links.Path(lot, await market.Db.SingleAsync<long>("select max(k.id) from origin.diary_link k join origin.lot l on l.id = k.lot_id where l.code = @lot", new { lot })));
    }

    private async Task<Buyer> CartAsync() => await new Buyer(market.Site).WithAsync(await GoodsAsync());

    private async Task<Browser> ReadyAsync()
    {
        var buyer = await CartAsync();
        await buyer.DetailsAsync("cod");
        return buyer.Browser;
    }

    private async Task<Browser> PlacedAsync()
    {
        var buyer = await CartAsync();
        await buyer.PlaceAsync("cod");
        return buyer.Browser;
    }

    private async Task<Case> WithCart(string on, string path, params (string Name, string Value)[] changes) => new(path, Fields(changes), on, As: (await CartAsync()).Browser);

    private sealed record Order(string Path, string Purchase, string Part);

    private async Task<Order> OrderAsync(string payment = "cod")
    {
        var buyer = await CartAsync();
        var placed = await buyer.PlaceAsync(payment);
        var (purchase, part) = await market.Db.SingleAsync<(string, string)>("select u.code, s.code from orders.sub_order s join orders.purchase u on u.id = s.purchase_id order by s.id desc limit 1");
        return new Order(placed.Location!, purchase, part);
    }

    private async Task<Case> StepAsync(string step, string state, params (string Name, string Value)[] fields)
    {
        var order = await OrderAsync();
        await market.Db.ExecuteAsync("update orders.sub_order set status = @state where code = @Part", new { state, order.Part });
        return (await Send($"/quan-ly/don-hang/{order.Part}/{step}", fields)) with { Owned = true };
    }

    private async Task<string> SharedCartAsync()
    {
        var browser = (await CartAsync()).Browser;
        await browser.SubmitAsync(await browser.GetAsync("/gio-hang"), "/gio-hang/ma");
        return (await browser.GetAsync("/gio-hang")).Page.QuerySelector("#ma-gio .order-code")!.TextContent;
    }

    private async Task<string> PickupAsync()
    {
        var code = SonLaMarket.Foundation.Text.Codes.Random(8);
        await using var tx = await market.Db.BeginAsync();
        await market.Site.Get<SonLaMarket.Orders.Pickups>().AddAsync(tx, new(code, owner.ProducerId, "Nhà kho mẫu", "Tiểu khu 3", [6], 7, 11), actor);
        await tx.CommitAsync();
        return code;
    }

    private async Task<string> InvoiceAsync()
    {
        var order = await OrderAsync();
        await using var tx = await market.Db.BeginAsync();
        await market.Site.Get<SonLaMarket.Orders.InvoiceRequests>().AskAsync(tx, order.Part, new("Công ty MẪU", "", "Số 1, tổ 2", "", ""));
        await tx.CommitAsync();
        return order.Part;
    }

    /// <summary>An order of the seller's that is on its way.</summary>
    private async Task<Order> ShippedAsync()
    {
        var order = await OrderAsync();
        await using var tx = await market.Db.BeginAsync();
        await market.Site.Get<SonLaMarket.Orders.SubOrders>().PackAsync(tx, order.Part, actor);
        await market.Site.Get<SonLaMarket.Orders.SubOrders>().ShipAsync(tx, order.Part, new("VNPost", "EB1"), actor);
        await tx.CommitAsync();
        return order;
    }

    /// <summary>The code of a complaint about it, in this state.</summary>
    private async Task<string> ComplaintAsync(Order order, string state = "open")
    {
        string code;
        await using (var tx = await market.Db.BeginAsync())
        {
            code = (await market.Site.Get<SonLaMarket.Orders.ComplaintRegister>().OpenAsync(tx, order.Part, new("complaint", "late", "Quá ngày hẹn mà hàng chưa tới.", [])))!;
            await tx.CommitAsync();
        }
        await market.Db.ExecuteAsync("update orders.complaint set status = @state where code = @code", new { state, code });
        return code;
    }

    /// <summary>The code of a return that the seller agreed to.</summary>
    private async Task<string> AcceptedReturnAsync()
    {
        var order = await ShippedAsync();
        var code = await InAsync(async tx => await market.Site.Get<SonLaMarket.Orders.SubOrders>().DeliverAsync(tx, order.Part, actor)
            ? await market.Site.Get<SonLaMarket.Orders.ComplaintRegister>().OpenAsync(tx, order.Part, new("return", "damaged", "Ba quả bị dập khi mở hộp.", [])) : null);
        Assert.True(await InAsync(tx => market.Site.Get<SonLaMarket.Orders.ComplaintRegister>().AcceptAsync(tx, code!, null, "Chúng tôi nhận lại hàng.", actor)));
        return code!;
    }

    private async Task<Case> ComplaintFormAsync(string step, params (string, string)[] fields)
    {
        var order = await ShippedAsync();
        if (step.Length > 0)
            await ComplaintAsync(order, step == "/len-so" ? "refused" : "open");
        var browser = market.Site.Open();
        var page = $"/don-hang/{order.Purchase}/khieu-nai?phan={order.Part}&k=" + order.Path.Split("k=")[1];
        return new($"/don-hang/{order.Purchase}/khieu-nai{step}", Fields(fields), page, As: browser);
    }

    private async Task<Case> AnswerAsync(string step) =>
        await ComplaintAsync(await ShippedAsync()) is var code
            ? new($"/quan-ly/khieu-nai/{code}/{step}", Fields([("Words", "Chúng tôi đã gọi hãng vận chuyển."), ("_yes", "1")]), "/quan-ly/khieu-nai/" + code, Owned: true)
            : throw new InvalidOperationException();

    private async Task<Case> PayAgainAsync(string step)
    {
        var order = await OrderAsync("vnpay");
        var browser = market.Site.Open();
        var find = await browser.GetAsync("/don-hang");
        var found = await browser.SubmitAsync(find, "/don-hang", ("code", order.Purchase), ("tel", Buyer.Phone));
        return new($"/don-hang/{order.Purchase}/{step}", Nothing, found.Location, As: browser);
    }

    private async Task<Case> ResultAsync()
    {
        var order = await OrderAsync("vnpay");
        var (txnRef, vnd) = await market.Db.SingleAsync<(string, long)>("select a.txn_ref, p.amount_vnd from payments.attempt a join payments.payment p on p.id = a.payment_id where p.payable = 'sub-order:' || @Part", new { order.Part });
        return new("/thanh-toan/vnpay/ket-qua" + Support.Vnpay.Query(owner, txnRef, vnd));
    }

    private async Task<Case> SecondFactorAsync()
    {
        var signIn = $"hai-buoc-{Guid.NewGuid():N}@example.invalid";
        await InAsync(tx => market.Site.Get<People>().AddAsync(tx, new NewPerson(signIn, null, "Người mẫu hai bước", Seller.Password, [Roles.Officer], true), Actor.System));
        var browser = market.Site.Open();
        var asked = await browser.SubmitAsync(await browser.GetAsync("/dang-nhap"), "/dang-nhap", ("SignIn", signIn), ("Password", Seller.Password));
        var fields = Browser.Fields(asked.Page.QuerySelectorAll<IHtmlFormElement>("form").Single(f => f.GetAttribute("action")!.EndsWith("/dang-nhap/ma", StringComparison.Ordinal)));
        var secret = asked.Page.QuerySelector("code")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        fields["Code"] = new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(secret)).ComputeTotp(market.Site.Clock.GetUtcNow().UtcDateTime);
        return new("/dang-nhap/ma", fields, As: browser);
    }

    private async Task<string> PaymentAsync(string part) => await market.Db.SingleAsync<string>("select code from payments.payment where payable = 'sub-order:' || @part", new { part });

    private async Task<string> DoubtfulAsync()
    {
        var code = await PaymentAsync((await OrderAsync("vnpay")).Part);
        await market.Db.ExecuteAsync("update payments.payment set status = 'review' where code = @code", new { code });
        return code;
    }

    private async Task<string> DoubtfulTryAsync() =>
        await market.Db.SingleAsync<string>("update payments.attempt a set status = 'review', settled_at = now() from payments.payment p where p.id = a.payment_id and p.code = @code returning a.txn_ref", new { code = await DoubtfulAsync() });

    private async Task<string> DifferenceAsync() => market.Site.Get<RowKeys>().Seal("difference", await market.Db.SingleAsync<long>("""
        insert into payments.difference (day, kind, tmn_code, txn_ref, transaction_no, status, opened_at) values (current_date, 'unknown', 'SLMATRIX', gen_random_uuid()::text, '1', 'open', now()) returning id
        """));

    private async Task<string> TransferAsync()
    {
        var code = await PaymentAsync((await OrderAsync("vnpay")).Part);
        await market.Db.ExecuteAsync("update payments.payment set method = 'transfer', terminal_id = null, amount_vnd = 123456 where code = @code", new { code });
        return code;
    }

    private async Task<string> CreditAsync() => market.Site.Get<RowKeys>().Seal("bank-credit", await market.Db.SingleAsync<long>("""
        insert into payments.bank_credit (producer_id, fingerprint, source, booked_on, amount_vnd, words, status, added_at) values (@ProducerId, sha256(gen_random_uuid()::text::bytea), 'statement', current_date, 123456, 'Mẫu', 'open', now()) returning id
        """, new { owner.ProducerId }));

    private async Task<string> PaidAsync()
    {
        var order = await OrderAsync("vnpay");
        await PayAsync(order.Part);
        return await PaymentAsync(order.Part);
    }

    private async Task PayAsync(string part)
    {
        await market.Db.ExecuteAsync("update payments.payment set status = 'paid', paid_at = now() where payable = 'sub-order:' || @part", new { part });
        await market.Db.ExecuteAsync("update payments.attempt a set status = 'paid', settled_at = now(), next_query_at = null from payments.payment p where p.id = a.payment_id and p.payable = 'sub-order:' || @part", new { part });
    }

    /// <summary>A refund through VNPAY that somebody else asked for.</summary>
    private async Task<string> AskedRefundAsync(string status)
    {
        var key = await RefundAsync();
        return await market.Db.SingleAsync<string>("""
            insert into payments.refund (code, case_id, attempt_id, amount_vnd, transaction_type, request_id, status, four_eyes, requested_at)
            select 'MX' || upper(substr(md5(c.key), 1, 8)), c.id, a.id, c.amount_vnd, '02', 'MX' || substr(md5(c.key), 1, 20), @status, false, now()
            from payments.refund_case c join payments.attempt a on a.payment_id = c.payment_id where c.key = @key returning code
            """, new { key, status });
    }

    private async Task<string> RefundAsync()
    {
        var order = await OrderAsync("vnpay");
        await PayAsync(order.Part);
        var key = "matrix-" + order.Part;
        await market.Db.ExecuteAsync("""
            insert into payments.refund_case (payment_id, cause, amount_vnd, status, opened_at, key) select id, 'cancelled', amount_vnd, 'open', now(), @key from payments.payment where payable = 'sub-order:' || @Part
            """, new { key, order.Part });
        return key;
    }

    private async Task<string> RuleAsync(bool adopted)
    {
        var code = "ma-tran-" + Guid.NewGuid().ToString("N");
        return await InAsync(async tx =>
        {
            var charges = market.Site.Get<Charges>();
            await charges.ProposeAsync(tx, new ChargeRule(code, Charges.Fee, "Phí MẪU ma trận", ["enterprise"], 100, 0, Today, null, "Quy chế MẪU", "", "", null, null), Actor.System);
            return adopted && !await charges.AdoptAsync(tx, code, Actor.System) ? throw new InvalidOperationException() : code;
        });
    }

    /// <summary>A fee of a thousand đồng that the owner owes.</summary>
    private async Task<Case> SettleAsync()
    {
        await market.Db.ExecuteAsync("""
            with o as (insert into payments.posting (key, kind, posted_at) values (gen_random_uuid()::text, 'charge', now()) returning id, posted_at)
            insert into payments.ledger_line (posting_id, line, account, producer_id, amount_vnd, posted_at)
            select o.id, n.line, n.account, @ProducerId, n.vnd, o.posted_at from o cross join (values (1, 'fee', 1000), (2, 'fee-due', -1000)) as n (line, account, vnd)
            """, new { owner.ProducerId });
        return await Send($"/quan-tri/so-tien/{owner.Slug}/da-nop", ("Account", "fee-due"), ("Amount", "1000"), ("Reference", "CK MẪU"));
    }

    private async Task<string> PasswordLinkAsync()
    {
        var person = (await market.Shop.SellerAsync()).PersonId;
        return await InAsync(tx => market.Site.Get<OneTimeLinks>().CreateAsync(tx, person, Actor.System));
    }

    private async Task<Browser> SignedInAsync() => (await market.SignInAsync(Roles.Buyer)).Browser;

    private Task<string> InvitedAsync() => InAsync(async tx => (await market.Site.Get<Members>().InviteAsync(tx, owner.ProducerId, new Contact($"{Guid.NewGuid():N}@example.invalid"), MemberRole.Staff, owner.PersonId, actor))!);

    /// <summary>A new member of the owner's producer.</summary>
    private async Task<Browser> StaffAsync()
    {
        var link = await InvitedAsync();
        var (browser, person, _) = await market.SignInAsync(Roles.Buyer);
        Assert.True(await InAsync(tx => market.Site.Get<Members>().AcceptAsync(tx, link.Split('=')[1], person.PersonId!.Value, person)));
        return browser;
    }

    /// <summary>A helper who has done nothing, asked the owner, or was agreed to.</summary>
    private async Task<Browser> HelperAsync(string state)
    {
        var (browser, person, _) = await market.SignInAsync(Roles.Helper);
        var helpers = market.Site.Get<Helpers>();
        if (state != "new")
        {
            var id = await InAsync(tx => helpers.AskAsync(tx, owner.ProducerId, person.PersonId!.Value, Today.AddDays(30), person));
            if (state == "agreed")
                Assert.True(await InAsync(tx => helpers.AgreeAsync(tx, id, owner.PersonId, "screen", actor)));
        }
        return browser;
    }

    private async Task<Case> HelperCodeAsync()
    {
        var other = await market.Shop.SellerAsync();
        const string phone = "0002225557";
        await market.Db.ExecuteAsync("update accounts.person set phone = @phone, phone_proven_at = now() where id = @PersonId", new { phone, other.PersonId });
        var browser = await HelperAsync("new");
        var page = await browser.SubmitAndFollowAsync(await browser.GetAsync("/tai-khoan/lam-thay"), "/tai-khoan/lam-thay", ("Form.Phone", phone), ("Form.Days", "7"));
        var fields = Browser.Fields(page.Page.QuerySelectorAll<IHtmlFormElement>("form").Single(f => f.GetAttribute("action") == "/tai-khoan/lam-thay/ma"), ("Code", await market.Db.CodeAsync(phone)));
        return new("/tai-khoan/lam-thay/ma", fields, As: browser);
    }

    /// <summary>Somebody who has an authenticator app.</summary>
    private async Task<string> WithAppAsync()
    {
        var person = await market.Shop.SellerAsync();
        await market.Db.ExecuteAsync("update accounts.person set totp_secret = 'x' where id = @PersonId", new { person.PersonId });
        return person.SignIn;
    }

    private async Task<string> DataRequestAsync(string kind)
    {
        var (_, person, _) = await market.SignInAsync(Roles.Buyer);
        return await InAsync(tx => market.Site.Get<DataRequests>().OpenAsync(tx, new DataSubject(person.PersonId, "Người mẫu", null, null), DataRequestKind.Find(kind)!, "Như đã nói qua điện thoại", person));
    }

    private async Task<Case> GuestEraseAsync()
    {
        var order = await OrderAsync();
        var browser = market.Site.Open();
        await market.Db.ExecuteAsync("delete from accounts.one_time_code");
        var asked = await browser.SubmitAndFollowAsync(await browser.GetAsync(order.Path.Replace("?k=", "/du-lieu?k=", StringComparison.Ordinal)), "/du-lieu/ma");
        var action = $"/don-hang/{order.Purchase}/du-lieu/xoa";
        return new(action, Browser.Fields(asked.Page.QuerySelectorAll<IHtmlFormElement>("form").Single(f => f.GetAttribute("action") == action), ("Code", await market.Db.CodeAsync(Buyer.Phone))), As: browser);
    }

    private async Task<Case> TwoDevicesAsync()
    {
        var (browser, _, signIn) = await market.SignInAsync(Roles.Buyer);
        await market.Site.Open().SignInAsync(signIn, Seller.Password);
        return new("/tai-khoan/thiet-bi/ket-thuc", Nothing, "/tai-khoan/thiet-bi", As: browser);
    }

    /// <summary>A page that first asks again who one is.</summary>
    private async Task<Case> ConfirmedAsync(string path, params (string Name, string Value)[] fields) =>
        new(path, fields.Length == 0 ? null : Fields(fields), fields.Length == 0 ? null : path[..(path.Contains("khoa/", StringComparison.Ordinal) ? path.LastIndexOf('/') : path.Length)], As: await SignedInAsync());

    /// <summary>The form on the page that says that a code was sent.</summary>
    private async Task<Case> SentAsync(Func<Browser, Task<(Answer Page, string Recipient)>> send, string path)
    {
        var browser = path.StartsWith("/tai-khoan", StringComparison.Ordinal) ? await SignedInAsync() : market.Site.Open();
        var (page, recipient) = await send(browser);
        var fields = Browser.Fields(page.Page.QuerySelectorAll<IHtmlFormElement>("form").Single(f => f.GetAttribute("action") == path));
        if (path.EndsWith("/nhap", StringComparison.Ordinal))
            fields["Code"] = await market.Db.CodeAsync(recipient);
        return new(path, fields, As: browser);
    }

    private static async Task<(Answer, string)> EntryCodeAsync(Browser browser) => (await browser.SubmitAndFollowAsync(await browser.GetAsync("/dang-nhap/bang-ma"), "/dang-nhap/bang-ma", ("SignIn", "0004445556")), "0004445556");

    private static async Task<(Answer, string)> ContactCodeAsync(Browser browser) => (await browser.SubmitAndFollowAsync(await browser.GetAsync("/tai-khoan/lien-lac"), "/tai-khoan/lien-lac", ("Contact", "0005556667")), "0005556667");

    private async Task<(Answer, string)> ConfirmCodeAsync(Browser browser)
    {
        var page = await browser.SubmitAndFollowAsync(await browser.GetAsync("/tai-khoan/xac-nhan"), "/tai-khoan/xac-nhan/gui-ma");
        return (page, await market.Db.SingleAsync<string>("select recipient from accounts.message order by id desc limit 1"));
    }

    private async Task<(Answer, string)> ResetCodeAsync(Browser browser)
    {
        var signIn = (await market.Shop.SellerAsync()).SignIn;
        return (await browser.SubmitAndFollowAsync(await browser.GetAsync("/quen-mat-khau"), "/quen-mat-khau", ("SignIn", signIn)), signIn);
    }

    private async Task<Case> FinishAsync()
    {
        var browser = market.Site.Open();
        var sent = await browser.SubmitAndFollowAsync(await browser.GetAsync("/dang-nhap/bang-ma"), "/dang-nhap/bang-ma", ("SignIn", "0006667778"));
        var finish = await browser.SubmitAsync(sent, "/dang-nhap/bang-ma/nhap", ("Code", await market.Db.CodeAsync("0006667778")));
        var fields = Browser.Fields(finish.Page.QuerySelectorAll<IHtmlFormElement>("form").Single(f => f.GetAttribute("action")!.EndsWith("/tao-tai-khoan", StringComparison.Ordinal)), ("Name", "Người mới mẫu"), ("Role", Roles.Seller));
        return new("/dang-nhap/bang-ma/tao-tai-khoan", fields, As: browser);
    }

    private async Task<Case> AuthenticatorAsync(bool on, string path)
    {
        var browser = await SignedInAsync();
        var setup = await browser.GetAsync("/tai-khoan/hai-buoc");
        var totp = new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(setup.Page.QuerySelector("code")!.TextContent.Replace(" ", "", StringComparison.Ordinal)));
        var form = Browser.Fields(setup.Page.QuerySelectorAll<IHtmlFormElement>("form").Single(f => f.GetAttribute("action") == "/tai-khoan/hai-buoc"), ("Code", totp.ComputeTotp(market.Site.Clock.GetUtcNow().UtcDateTime)));
        if (on)
            await browser.PostAsync("/tai-khoan/hai-buoc", form);
        return new(path, on ? Nothing : form, on ? "/tai-khoan/hai-buoc" : null, As: browser);
    }

    private async Task<Case> RecoveryAsync()
    {
        var setup = await AuthenticatorAsync(false, "/tai-khoan/hai-buoc");
        var shown = await setup.As!.PostAsync(setup.Path, setup.Fields!);
        return new("/tai-khoan/ma-du-phong", Browser.Fields(shown.Page.QuerySelectorAll<IHtmlFormElement>("form").Single(f => f.GetAttribute("action") == "/tai-khoan/ma-du-phong")), As: setup.As);
    }

    private async Task<Case> NewPasskeyAsync()
    {
        var browser = await SignedInAsync();
        using var device = new Authenticator();
        var (action, fields) = await browser.WithPasskeyAsync(await browser.GetAsync("/tai-khoan/khoa"), device);
        return new(action, fields, As: browser);
    }

    private async Task<Case> PasskeyAsync(string path)
    {
        var browser = await SignedInAsync();
        using var device = new Authenticator();
        await browser.AddPasskeyAsync(device);
        return new(path, Fields([("Name", "Điện thoại mẫu")]), "/tai-khoan/khoa", As: browser);
    }

    private async Task<Case> EnterByPasskeyAsync()
    {
        using var device = new Authenticator();
        await (await SignedInAsync()).AddPasskeyAsync(device);
        var browser = market.Site.Open();
        var (action, fields) = await browser.WithPasskeyAsync(await browser.GetAsync("/dang-nhap"), device);
        return new(action, fields, As: browser);
    }

    private async Task<string> SteppedAsync()
    {
        var lot = (await market.Shop.GoodsAsync(owner, 50)).LotCode;
        var product = await market.Db.SingleAsync<string>("select p.code from producers.product p join origin.lot l on l.product_id = p.id where l.code = @lot", new { lot });
        await InAsync(tx => market.Site.Get<LotSteps>().RecordAsync(tx, owner.PersonId, new NewStep("drying", Today, [new(lot, 1000)], [new(product, 900, null)], ""), actor));
        return lot;
    }

    /// <summary>The buyer of a recalled lot says that they know.</summary>
    private async Task<Case> RecalledOrderAsync()
    {
        var mine = await FreshAsync();
        var buyer = await new Buyer(market.Site).WithAsync(mine);
        var path = (await buyer.PlaceAsync("cod")).Location!;
        var part = path.Split('?')[0].Split('/')[^1] + "-1";
        await InAsync(tx => market.Site.Get<Recalls>().OpenAsync(tx, [mine.LotCode], "Phát hiện dư lượng thuốc", "", officer));
        await market.Site.RunDueAsync();
        return new(path.Split('?')[0] + "/da-biet-thu-hoi", Fields([("part", part)]), path, As: buyer.Browser);
    }

    /// <summary>A lot that was opened while its crop stood.</summary>
    private async Task<string> HarvestedAsync()
    {
        var mine = await FreshAsync();
        await market.Db.ExecuteAsync("update origin.lot set opened_standing = true, best_before = null where id = @LotId", new { mine.LotId });
        return mine.LotCode;
    }

    private async Task<(string Lot, Guid Report)> LabReportAsync()
    {
        var mine = await FreshAsync();
        var picture = await PictureAsync();
        await InAsync(tx => market.Site.Get<LabReports>().AddAsync(tx, mine.LotCode, owner.PersonId, new("Phòng thử nghiệm MẪU", "MẪU-1", Today.AddDays(-1), "Chì", "Không phát hiện", false, [picture]), actor));
        return (mine.LotCode, await market.Db.SingleAsync<Guid>("select id from origin.lab_report where lot_id = @LotId", new { mine.LotId }));
    }

    private async Task<string> BlockedAsync()
    {
        var mine = await FreshAsync();
        await InAsync(tx => market.Site.Get<LotBlocks>().BlockAsync(tx, mine.LotId, "interval", null, null, "Phun sát ngày thu hoạch", Actor.System));
        return mine.LotCode;
    }

    /// <summary>A part that was filled from a lot that is blocked now; another lot has enough.</summary>
    private async Task<string> StoppedAsync()
    {
        var mine = await FreshAsync();
        var placed = await (await new Buyer(market.Site).WithAsync(mine)).PlaceAsync("cod");
        var part = placed.Location!.Split('?')[0].Split('/')[^1] + "-1";
        await InAsync(async tx =>
        {
            var product = await tx.SingleAsync<string>("select p.code from producers.product p join origin.lot o on o.product_id = p.id where o.id = @LotId", new { mine.LotId });
            var lot = (await market.Site.Get<Lots>().OpenAsync(tx, new(product, null, Today.AddDays(-1), null, null, null, 1_000_000), owner.PersonId, actor))!;
            return await market.Site.Get<LotBlocks>().BlockAsync(tx, mine.LotId, "interval", null, null, "Phun sát ngày thu hoạch", Actor.System)
                && await market.Site.Get<Stock>().SupplyAsync(tx, lot, 1_000_000, owner.PersonId, actor);
        });
        return part;
    }

    private async Task<string> InspectionAsync()
    {
        var mine = await GoodsAsync();
        return SonLaMarket.Supervision.Inspections.Number(await InAsync(tx => market.Site.Get<SonLaMarket.Supervision.Inspections>().PlanAsync(tx, new(owner.ProducerId, null, mine.LotId), Today, "Kiểm tra định kỳ", officer)));
    }

    /// <summary>What a device sends of an inspection without a fault.</summary>
    private object Seen(string visit, params Guid[] photos) =>
        new { visit, photos, entry = new Dictionary<string, string>(StringComparer.Ordinal) { ["DoneOn"] = Vietnamese.Date(Today), ["Checks[0]"] = "met", ["Conclusion"] = "clear", ["Finding"] = "Kho gọn, thuốc còn nhãn." } };

    private async Task<Case> InspectionPhotoAsync()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var (path, photo) = ($"{Inspecting}/tai-cho/{Guid.CreateVersion7()}", Guid.CreateVersion7());
        using var announced = JsonContent.Create(Seen(await InspectionAsync(), photo));
        Assert.Equal(HttpStatusCode.Created, (await browser.PutAsync(path, announced)).Status);
        return new($"{path}/anh/{photo}", Nothing, As: browser, Bytes: Drawing());
    }

    /// <summary>An inspection that took a sample, and a report of the laboratory.</summary>
    private async Task<(string Number, Guid File)> SampledAsync(bool result)
    {
        var number = await InspectionAsync();
        var id = long.Parse(number[3..], System.Globalization.CultureInfo.InvariantCulture);
        var inspections = market.Site.Get<SonLaMarket.Supervision.Inspections>();
        var file = (await InAsync(tx => market.Site.Get<Uploads>().AddPdfAsync(tx, "inspection:" + number, "phieu.pdf", "%PDF-1.7\n%%EOF\n"u8.ToArray(), actor)))!.Value;
        var seen = new Dictionary<string, string>(StringComparer.Ordinal) { ["diary"] = "met" };
        Assert.True(await InAsync(tx => inspections.RecordAsync(tx, id, new(Today, "digital", seen, "clear", "Kho gọn, thuốc còn nhãn.", null, "2 kg mận", []), officer)));
        if (result)
            Assert.True(await InAsync(tx => inspections.SampleAsync(tx, id, new("Phòng thử nghiệm mẫu", "Không phát hiện", Exceeds: false, file), officer)));
        return (number, file);
    }

    private async Task<string> ProposalAsync()
    {
        var lot = (await FreshAsync()).LotId;
        await InAsync(async tx =>
        {
            await market.Site.Get<SonLaMarket.Supervision.RecallProposals>().ProposeAsync(tx, lot, "sample", $"matrix {lot}", "Chlorpyrifos 0,05 mg/kg", null, officer);
            return true;
        });
        return "/so-cong-thuong/thu-hoi/de-nghi/DN-" + await market.Db.SingleAsync<long>("select id from supervision.recall_proposal where lot_id = @lot", new { lot });
    }

    private async Task<string> RecallAsync()
    {
        var lot = (await FreshAsync()).LotCode;
        return (await InAsync(tx => market.Site.Get<Recalls>().OpenAsync(tx, [lot], "Phát hiện dư lượng thuốc", "", officer)))!;
    }

    private async Task<Case> ReportAsync()
    {
        await InAsync(async tx =>
        {
            await market.Site.Get<ProblemReports>().AddAsync(tx, ProblemKinds.Label, "LA-" + owner.ProducerId, ProblemKinds.Unknown, "Tem lạ", "", null);
            return true;
        });
        return await Form("/so-cong-thuong/bao-cao-tem", "/so-cong-thuong/bao-cao-tem/da-xem");
    }

    private Task<Case> ProblemAsync(string path) => Task.FromResult(new Case(path, Fields([("Matter", "quality"), ("Note", "Hàng dập"), ("Contact", "")]), path));

    private async Task<string> WaitingListingAsync()
    {
        var mine = await FreshAsync();
        return $"/so-cong-thuong/duyet/tin-dang/{mine.Slug}/{await office.ResubmitAsync(mine, mine.Slug + " mùa mới")}";
    }

    private async Task<string> WaitingProducerAsync()
    {
        var other = await market.Shop.SellerAsync();
        await DraftAsync(other.ProducerId);
        Assert.True(await InAsync(tx => market.Site.Get<ProducerRegister>().SubmitAsync(tx, other.ProducerId, other.PersonId, new Actor(other.PersonId, Roles.Seller))));
        return $"/so-cong-thuong/duyet/co-so/{other.Slug}/2";
    }

    private Task<int> DraftAsync(long producerId) => market.Db.ExecuteAsync("update producers.producer set status = 'draft' where id = @producerId", new { producerId });

    private static async Task<Case> DecideAsync(Func<Task<string>> dossier, string verb)
    {
        var path = await dossier();
        return new($"{path}/{verb}", Fields([("Reason", "Ảnh không đúng sản phẩm"), ("reason", "Ảnh không đúng sản phẩm"), .. Enumerable.Range(0, 5).Select(i => ($"Checks[{i}]", $"{i}"))]), path);
    }

    private async Task<Case> DeadJobAsync()
    {
        await market.Db.ExecuteAsync("insert into jobs.job (kind, payload, run_at, attempts, dead_at, last_error, created_at) values ('Ma>Tran', '{}', now(), 8, now(), 'TimeoutException: hỏng', now())");
        return await Form("/quan-tri/viec-nen", "/quan-tri/viec-nen/chay-lai");
    }

    private async Task<string> LockedAsync()
    {
        var other = await market.Shop.SellerAsync();
        await InAsync(tx => market.Site.Get<People>().DisableAsync(tx, other.PersonId, new Actor(null, Roles.Operator)));
        return other.SignIn;
    }

    /// <summary>A token of the profile, with a file behind it.</summary>
    private async Task<Case> MailAsync()
    {
        await using var tx = await market.Db.BeginAsync();
        await market.Site.Get<Messages>().SendAsync(tx, "email", "a@example.invalid", "mail-of-matrix", "Thư", "Thư mẫu");
        await tx.CommitAsync();
        await market.Site.Get<MailFolder>().SendAsync(new("mail-of-matrix", "a@example.invalid", "Thư", "Thư mẫu"), CancellationToken.None);
        var id = await market.Db.SingleAsync<long>("select id from accounts.message where key = 'mail-of-matrix'");
        return new("/quan-tri/hop-thu-di/thu?m=" + Uri.EscapeDataString(market.Site.Get<RowKeys>().Seal("mail", id)));
    }

    /// <summary>Sets that are made, with a row that is gone from one of them.</summary>
    private async Task<Case> OpenDataAsync(string path)
    {
        await market.Site.Get<OpenBuilds>().BuildAsync(OpenBuilds.Weekly, CancellationToken.None);
        await market.Db.ExecuteAsync("insert into exports.open_row (set_code, row_id, removed_at) values ('products', 'man-mau-da-ngung', now()) on conflict do nothing");
        return new(path);
    }

    /// <summary>A version is proved once: each time another one.</summary>
    private async Task<Case> ProofAsync()
    {
        await market.Db.ExecuteAsync("""
            insert into exports.profile (code, version, name, status, definition, created_at, author, note)
            select code, version + 1, name, 'draft', definition || jsonb_build_object('note', 'Ma trận ' || version), now(), 'Ma trận', 'Ma trận' from exports.profile where code = 'postmart' order by version desc limit 1
            """);
        return await Form("/quan-tri/xuat-du-lieu/postmart", "/quan-tri/xuat-du-lieu/postmart/kiem-chung", ("ProvedOn", Date(0)), ("Mark", "Lần tải MẪU"));
    }

    private async Task<Case> FilledAsync(string path, string file, long? producer)
    {
        await GoodsAsync();
        var key = await market.Site.Get<Fillings>().FillAsync("shopee", "mau.xlsx", BlankWorkbook.Make(BlankWorkbook.Keys), producer, actor, CancellationToken.None);
        return new($"{path}{key}{file}", Owned: producer is not null);
    }

    private async Task<string> FeedAsync(string profile)
    {
        await GoodsAsync();
        var token = SonLaMarket.Foundation.Text.Codes.Secret();
        await InAsync(async tx =>
        {
            await market.Site.Get<FeedTokens>().AddAsync(tx, profile, token, "Ma trận", Actor.System);
            return true;
        });
        await market.Site.Get<ExportRuns>().BuildAsync(profile, "operator", CancellationToken.None);
        return token;
    }

    private readonly Dictionary<(long?, string), string> apiKeys = [];
    private Seller? stranger;
    private string? askedRun;

    /// <summary>One for all routes that need the same.</summary>
    public async Task<string> ApiKeyAsync(long? producerId, string scope = ApiScope.Listings) =>
        apiKeys.TryGetValue((producerId, scope), out var known) ? known : apiKeys[(producerId, scope)] = await NewApiKeyAsync(producerId, scope);

    private async Task<string> NewApiKeyAsync(long? producerId, string scope)
    {
        var (code, secret) = (SonLaMarket.Foundation.Text.Codes.Random(8), SonLaMarket.Foundation.Text.Codes.Secret());
        await InAsync(async tx =>
        {
            await market.Site.Get<ApiKeys>().AddSampleAsync(tx, code, secret, new(producerId, "Ma trận", [scope], 600, null));
            return true;
        });
        return secret;
    }

    private async Task<long> StrangerAsync() => (stranger ??= await market.Shop.SellerAsync()).ProducerId;

    /// <summary>A run that a key has asked for and that is written; another key of the marketplace does not find it.</summary>
    private async Task<Case> RunAsync(string rest)
    {
        var key = await ApiKeyAsync(null, ApiScope.Exports);
        if (askedRun is null)
        {
            await GoodsAsync();
            using var content = JsonContent.Create(new { profile = "open" });
            askedRun = new Uri((await market.Site.Open().PostAsync("/api/v1/export-runs", content, ("Authorization", "Bearer " + key))).Location!).AbsolutePath;
            await market.Site.RunDueAsync();
        }
        return new(askedRun + rest, Key: key, OtherKey: await NewApiKeyAsync(null, ApiScope.Exports));
    }
}
