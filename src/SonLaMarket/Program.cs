using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.WebEncoders;
using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Exports;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Foundation.Web.Maps;
using SonLaMarket.Home;
using SonLaMarket.Home.Demonstration;
using SonLaMarket.Home.Developers;
using SonLaMarket.Home.Keeping;
using SonLaMarket.Imports;
using SonLaMarket.Jobs;
using SonLaMarket.Orders;
using SonLaMarket.Origin;
using SonLaMarket.Payments;
using SonLaMarket.Producers;
using SonLaMarket.Supervision;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = Vietnamese.Culture;
var builder = WebApplication.CreateBuilder(Arguments.Normalise(args));
if (KeepingCommands.Asked(args))
    return await KeepingCommands.RunAsync(args, builder.Configuration, Console.Out, Console.Error);
var demonstration = builder.Environment.IsEnvironment("Demonstration");
if (Arguments.Faults(builder.Configuration, builder.Environment) is { Count: > 0 } faults)
{
    foreach (var line in faults)
        Console.Error.WriteLine(line);
    return 2;
}
Arguments.ListenSomewhere(builder);
builder.WebHost.UseStaticWebAssets();
// From a build that was not published, files would be read and sent anew each time, not in the compressed form that the build made.
if (!builder.Environment.IsDevelopment())
    builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
builder.WebHost.ConfigureKestrel(o =>
{
    o.AddServerHeader = false;
    o.Limits.MaxRequestBodySize = 1 << 20;
    o.Limits.MaxRequestLineSize = o.Limits.Http2.MaxRequestHeaderFieldSize = LongAddresses.MostBytes + (1 << 10);
    o.Limits.MaxRequestHeadersTotalSize += LongAddresses.MostBytes;
});

var rooms = AllRooms.Make();

using var starting = LoggerFactory.Create(l => l.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole(c => c.LogToStandardErrorThreshold = LogLevel.Trace));
Database database;
try
{
    database = await Database.OpenAsync(builder.Configuration, rooms, starting.CreateLogger("SonLaMarket.Start"));
}
catch (Exception e) when (e is EmbeddedPostgresException or ChangedScriptException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
await using var opened = database;
if (builder.Environment.IsProduction() && await DemonstrationProvince.IsInAsync(new Db(database.Source)))
{
    Console.Error.WriteLine("The database holds samples of the demonstration: production refuses it. Give an empty one by ConnectionStrings__SonLaMarket.");
    return 2;
}
var services = builder.Services;
services.AddSingleton(database.Source);
services.AddSingleton<Db>();
services.AddSingleton<Provinces>();
services.AddSingleton(TimeProvider.System);
services.AddHttpContextAccessor();
services.AddSingleton<Texts>();
services.AddSingleton<IStringLocalizerFactory, TextsLocalizerFactory>();
services.Configure<WebEncoderOptions>(o => o.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
var site = Arguments.Site(builder.Configuration, builder.Environment);
services.AddSingleton(site);
// Names that are not the marketplace's own are refused; those of the machine itself are for whoever watches its health.
if (builder.Environment.IsProduction())
    builder.Configuration["AllowedHosts"] ??= $"{new Uri(site.PublicBaseUrl).Host};localhost;127.0.0.1;[::1]";
foreach (var room in rooms)
{
    services.AddSingleton(room);
    room.AddServices(services, builder.Configuration);
    if (room.PersonalData is { } personal)
        services.AddSingleton(typeof(IPersonalData), personal);
}
services.AddSingleton<SiteMenu>();
services.AddSingleton<AskFirst>();
services.AddSingleton<SentForms>();
services.AddSingleton<KeptFiles>();
services.AddSingleton<ShownFor>();
services.AddSingleton<CommuneMaps>();
services.AddSingleton<ScanLimit>();
services.AddSingleton<InlineStyle>();
services.AddControllersWithViews(o =>
    {
        o.Filters.Add<TokenFilter>();
        o.Filters.Add<ReceivedForms>();
        o.Filters.AddService<AskFirst>();
        o.Filters.AddService<SentForms>();
        o.Filters.AddService<KeptFiles>();
        o.Filters.Add<RefusedForms>();
        o.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
    })
    .AddDataAnnotationsLocalization()
    .AddRazorOptions(o => o.ViewLocationExpanders.Add(new RoomViews()));
services.AddOptions<MvcOptions>().Configure<Texts, TimeProvider>((o, t, clock) =>
{
    BindingMessages.Set(o.ModelBindingMessageProvider, v => t[v]);
    o.ModelBinderProviders.Insert(0, new TypedBinder(clock));
});
services.Configure<CookieTempDataProviderOptions>(o =>
{
    o.Cookie.Name = Cookies.Name(builder.Environment, Cookies.Flash);
    o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
});
services.AddAntiforgery(o =>
{
    o.Cookie.Name = Cookies.Name(builder.Environment, Cookies.Form);
    o.Cookie.SameSite = SameSiteMode.Strict;
    o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
});
// The partner API: what is written and what its description says come of the same settings.
services.ConfigureHttpJsonOptions(o =>
{
    o.SerializerOptions.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
    o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
});
ApiDocument.Add(services);
services.AddOutputCache(o => o.AddBasePolicy(p => p.AddPolicy<PublicPagePolicy>(), excludeDefaultPolicy: true));
services.AddHostedService<PageCache.Listener>();
services.AddResponseCompression(o =>
{
    o.EnableForHttps = true;
    o.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "image/svg+xml", "application/ld+json", "application/rss+xml"];
});
services.AddSingleton<Started>();
services.AddHealthChecks().AddCheck<DatabaseCheck>("database", tags: ["ready"]).AddCheck<Started>("started", tags: ["ready"]);
// The default is made for speed alone; this makes every page an eighth smaller.
services.Configure<BrotliCompressionProviderOptions>(o => o.Level = System.IO.Compression.CompressionLevel.Optimal);
builder.Logging.ClearProviders().AddConsole(c => c.LogToStandardErrorThreshold = LogLevel.Trace);

if (demonstration)
    await DemonstrationProvince.LoadAsync(services, samples: builder.Configuration["data"] != "reference");

await using var app = builder.Build();
if (site.PaymentOrigins.Length == 0)
    site.PaymentOrigins = new Uri(app.Services.GetRequiredService<VnpaySettings>().PaymentUrl).GetLeftPart(UriPartial.Authority);
if (UserCommand.Asked(args))
    return await UserCommand.RunAsync(args, app.Services, app.Configuration, Console.Out, Console.Error);
app.UseProxies(app.Configuration, app.Environment);
app.UseHeadAsGet();
app.UseLanguagePrefix();
app.UseExceptionHandler("/loi/500");
app.UseStatusCodePagesWithReExecute("/loi/{0}");
app.UseSecurityHeaders(site);
app.UseLongAddresses();
app.UseVersionedFiles();
app.UseResumedForms();
app.UseRouting();
app.UseBusyAnswers();
app.UseBodyLimit();
app.UseScanCounts();
app.UseAuthentication();
app.UseAuthorization();
app.UseReadableForms();
app.UseOutputCache();
app.UsePublicPageHeaders();
app.UseResponseCompression();
app.MapStaticAssets().AllowAnonymous();
app.MapControllers().WithStaticAssets();
app.MapHealthChecks("/health/live", new() { Predicate = _ => false }).AllowAnonymous();
app.MapHealthChecks("/health/ready", new() { Predicate = c => c.Tags.Contains("ready") }).AllowAnonymous();
app.MapOpenApi("/openapi/{documentName}.json").WithMetadata(new PublicPageAttribute());
app.MapFallback("{*path}", UnknownAddresses.AnswerAsync).AllowAnonymous();
await app.StartAsync();
await using var simulator = demonstration ? await Simulator.StartAsync(app) : null;
if (demonstration)
    StartLines.Print(Console.Out, Arguments.FirstUrl(app), simulator?.Url.ToString().TrimEnd('/'));
app.Services.GetRequiredService<Started>().IsOver();
await app.WaitForShutdownAsync();
return 0;

public partial class Program;
