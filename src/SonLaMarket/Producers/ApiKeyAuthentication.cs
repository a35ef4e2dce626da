using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers;

/// <summary>
/// Who comes with <c>Authorization: Bearer …</c>: the key is asked for with each request, so that a revoked one is out at once. A session counts
/// nothing here, and a key nothing on pages. An address says by a policy, the word of a scope, what the key must be allowed.
/// </summary>
public sealed class ApiKeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys, Db db, Texts t)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "api-key";

    private const string ScopeClaim = "scope";
    private const string Prefix = "Bearer ";

    /// <summary>The scheme, and a policy for each scope.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(Name, null);
        services.AddAuthorization(o =>
        {
            foreach (var scope in ApiScope.All)
                o.AddPolicy(scope.Word, p => p.AddAuthenticationSchemes(Name).RequireClaim(ScopeClaim, scope.Word));
        });
        services.AddSingleton<ApiLimit>();
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var shown = Request.Headers.Authorization.ToString();
        if (!shown.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.NoResult();
        if (await keys.FindAsync(db, shown[Prefix.Length..].Trim(), Context.RequestAborted) is not { } caller)
            return AuthenticateResult.Fail("unknown key");
        List<Claim> claims = [new(ApiController.KeyClaim, caller.Code), new(ApiController.PaceClaim, caller.PerMinute.ToString(CultureInfo.InvariantCulture)),
            new(ApiController.RequestsClaim, caller.Requests.ToString(CultureInfo.InvariantCulture)), .. caller.Scopes.Select(s => new Claim(ScopeClaim, s))];
        if (caller.ProducerId is { } producer)
            claims.Add(new(Current.ProducerClaim, producer.ToString(CultureInfo.InvariantCulture)));
        return AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity(claims, Name)), Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var wrong = Request.Headers.ContainsKey("Authorization");
        Response.Headers.WWWAuthenticate = wrong ? "Bearer realm=\"SonLaMarket\", error=\"invalid_token\"" : "Bearer realm=\"SonLaMarket\"";
        await Machines.WriteProblemAsync(Context, StatusCodes.Status401Unauthorized, wrong ? "unknown-key" : "missing-key", wrong ? t["Khóa không đúng, đã hết hạn hoặc đã thu hồi."] : t["Thiếu khóa: gửi kèm Authorization: Bearer …"]);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
        Response.Headers.WWWAuthenticate = $"Bearer realm=\"SonLaMarket\", error=\"insufficient_scope\", scope=\"{needed}\"";
        await Machines.WriteProblemAsync(Context, StatusCodes.Status403Forbidden, "missing-scope", t["Khóa này không có quyền {0}.", needed]);
    }
}
