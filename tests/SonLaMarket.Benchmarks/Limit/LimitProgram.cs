using Npgsql;

namespace SonLaMarket.Benchmarks.Limit;

/// <summary>
/// The floor to compare with: Kestrel, routed request delegates, all reads of a page in one round trip, prepared statements,
/// UTF-8 straight into the response. It answers from the same rows as the product and leaves out everything else: no
/// languages, no layout, no cache, no headers of security.
/// </summary>
public static class LimitProgram
{
    public static async Task RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.AddServerHeader = false);
        var settings = new NpgsqlConnectionStringBuilder(builder.Configuration.GetConnectionString("SonLaMarket")) { MaxAutoPrepare = 50, AutoPrepareMinUsages = 2, MaxPoolSize = 16 };
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        await using var app = builder.Build();
        app.MapGet("/plaintext", (RequestDelegate)LimitPages.PlainAsync);
        app.MapGet("/lo/{code}", (RequestDelegate)(c => LimitPages.TraceAsync(c, source)));
        app.MapGet("/san-pham/{slug}", (RequestDelegate)(c => LimitPages.ProductAsync(c, source)));
        app.MapGet("/san-pham", (RequestDelegate)(c => LimitPages.ListAsync(c, source)));
        app.MapGet("/tim", (RequestDelegate)(c => LimitPages.SearchAsync(c, source)));
        await app.RunAsync();
    }
}
