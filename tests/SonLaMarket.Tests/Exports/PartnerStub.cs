using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace SonLaMarket.Tests.Exports;

/// <summary>A platform's program as public clients of Sendo's speak to it (open.sendo.vn), on a free loopback port: without an id it makes a listing as often as it is asked to.</summary>
internal sealed class PartnerStub : IAsyncDisposable
{
    private readonly WebApplication app;
    private string token = "";

    private PartnerStub(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    /// <summary>What it has, by its id.</summary>
    public ConcurrentDictionary<long, JsonObject> Listings { get; } = new();

    /// <summary>What it was asked after signing in: "find SKU", "make SKU", "change ID", "withdraw ID".</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>How it answers the next requests that change something, one after the other; "" and none: well.</summary>
    public ConcurrentQueue<string> Moods { get; } = new();

    /// <summary>How it answers every search.</summary>
    public string FindMood { get; set; } = "";

    public static async Task<PartnerStub> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var stub = new PartnerStub(app);
        app.Run(stub.ServeAsync);
        await app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync();
        var body = text.Length > 0 ? JsonNode.Parse(text) : null;
        if (context.Request.Path == "/login")
        {
            var known = ((string?)body!["shop_key"], (string?)body["secret_key"]) == ("gian-hang", "bí \"mật\"");
            token = known ? Guid.NewGuid().ToString("N") : "";
            await SayAsync(context, known ? 200 : 401, known ? new JsonObject { ["success"] = true, ["result"] = new JsonObject { ["token"] = token } } : Refusal("Sai khóa"));
        }
        else if (context.Request.Headers.Authorization != $"bearer {token}")
            await SayAsync(context, 401, Refusal("Hết phiên"));
        else if (HttpMethods.IsGet(context.Request.Method))
            await FindAsync(context, context.Request.Query["sku"]!);
        else
            await ChangeAsync(context, body!);
    }

    private Task FindAsync(HttpContext context, string sku)
    {
        Asked.Enqueue("find " + sku);
        var (id, found) = Listings.FirstOrDefault(l => (string?)l.Value["sku"] == sku);
        return FindMood == "renamed" ? SayAsync(context, 200, new JsonObject { ["success"] = true, ["data"] = new JsonObject { ["product_id"] = id } })
            : found is null ? SayAsync(context, 200, Refusal("Sản phẩm không tồn tại")) : SayAsync(context, 200, new JsonObject { ["success"] = true, ["result"] = new JsonObject { ["id"] = id } });
    }

    private async Task ChangeAsync(HttpContext context, JsonNode body)
    {
        var withdraws = body is JsonArray;
        var item = withdraws ? (JsonObject)body[0]! : (JsonObject)body;
        var id = (long)item["id"]!;
        Moods.TryDequeue(out var mood);
        if (mood == "ends the session")
        {
            token = "";
            await SayAsync(context, 401, Refusal("Hết phiên"));
            return;
        }
        Asked.Enqueue(withdraws ? $"withdraw {id}" : id == 0 ? "make " + item["sku"] : $"change {id}");
        if (mood == "busy")
        {
            context.Response.Headers.RetryAfter = "7";
            await SayAsync(context, 429, new JsonObject());
            return;
        }
        if (mood is "refuses")
        {
            await SayAsync(context, 400, Refusal("Ảnh mờ, không đạt"));
            return;
        }
        if (id == 0)
            id = 7000 + Listings.Count;
        var kept = Listings.GetOrAdd(id, _ => []);
        foreach (var (name, value) in item.Where(m => m.Key is not ("id" or "field_mask")))
            kept[name] = value?.DeepClone();
        if (mood == "slow")
            await Task.Delay(TimeSpan.FromSeconds(20), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else if (mood == "fails after")
            await SayAsync(context, 500, Refusal("Lỗi hệ thống"));
        else if (mood == "renamed")
            await SayAsync(context, 200, new JsonObject { ["code"] = 1, ["data"] = new JsonObject { ["product_id"] = id } });
        else
            await SayAsync(context, 200, new JsonObject { ["success"] = true, ["result"] = new JsonObject { ["id"] = id } });
    }

    private static JsonObject Refusal(string words) => new() { ["success"] = false, ["error"] = new JsonObject { ["message"] = words } };

    private static Task SayAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString());
    }
}
