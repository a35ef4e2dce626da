using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Home.Developers;

/// <summary>The description of the partner API, made from its controllers (OpenAPI 3.1, /openapi/v1.json).</summary>
public static class ApiDocument
{
    private const string Problem = "Problem";
    private const string Key = "key";

    private static readonly Dictionary<string, string> Refusals = new(StringComparer.Ordinal)
    {
        ["400"] = "The body is no JSON.",
        ["401"] = "No key, or one that opens nothing (any more).",
        ["403"] = "The key lacks the scope.",
        ["404"] = "There is none, or it is not for this key.",
        ["406"] = "The API answers in JSON.",
        ["415"] = "The API takes JSON.",
        ["422"] = "A value is not right: errors names each.",
        ["429"] = "More requests than the key may make in a minute: come again after Retry-After seconds.",
        ["503"] = "The marketplace is busy: come again after Retry-After seconds.",
    };

    public static void Add(IServiceCollection services) => services.AddOpenApi(ApiController.Version, o =>
    {
        o.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        o.ShouldInclude = a => a.GroupName == ApiController.Version;
        o.AddOperationTransformer(DescribeAsync);
        o.AddDocumentTransformer(HeadAsync);
    });

    private static Task HeadAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        var site = context.ApplicationServices.GetRequiredService<SiteOptions>();
        document.Info = new()
        {
            Title = "SonLaMarket partner API",
            Version = "1",
            Description = "Listings, producers, own orders, files for other platforms. Money is a whole number of dong (VND), quantities name their unit, times are RFC 3339 with offset. Lists are paged by key: follow next.",
        };
        document.Servers = [new() { Url = site.PublicBaseUrl.TrimEnd('/') }];
        return Task.CompletedTask;
    }

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var document = context.Document!;
        if (document.Components?.Schemas?.ContainsKey(Problem) != true)
        {
            document.AddComponent(Problem, ProblemSchema());
            document.AddComponent<IOpenApiSecurityScheme>(Key, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key of the producer or of the marketplace." });
        }
        var action = context.Description.ActionDescriptor;
        var scope = action.EndpointMetadata.OfType<IAuthorizeData>().Select(a => a.Policy).OfType<string>().Last();
        operation.Security = [new() { [new OpenApiSecuritySchemeReference(Key, document)] = [scope] }];
        operation.Responses ??= [];
        foreach (var (status, answer) in operation.Responses)
        {
            ((OpenApiResponse)answer).Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
            {
                ["RateLimit"] = Header("What is left in this minute (r) and when the next begins (t).", JsonSchemaType.String),
                [status == "200" ? "ETag" : "Location"] = Header(status == "200" ? "For If-None-Match." : "The run.", JsonSchemaType.String),
            };
        }
        var (body, values) = (operation.RequestBody is not null, operation.Parameters is { Count: > 0 });
        var named = context.Description.RelativePath!.Contains('{', StringComparison.Ordinal);
        foreach (var (status, said) in Refusals.Where(r => r.Key switch { "400" or "415" => body, "404" => named, "422" => body || values, _ => true }))
            operation.Responses[status] = Refusal(document, status, said);
        return Task.CompletedTask;
    }

    private static OpenApiResponse Refusal(OpenApiDocument document, string status, string said) => new()
    {
        Description = said,
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(Problem, document) } },
        Headers = status is "429" or "503" ? new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal) { ["Retry-After"] = Header("Seconds.", JsonSchemaType.Integer) } : null,
    };

    private static OpenApiHeader Header(string said, JsonSchemaType type) => new() { Description = said, Schema = new OpenApiSchema { Type = type } };

    /// <summary>RFC 9457, with <c>errors</c> by field where values are not right.</summary>
    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status" },
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri", Description = "urn:sonlamarket:problem:… – does not change." },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "In words, Vietnamese." },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["errors"] = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } } },
        },
    };
}
