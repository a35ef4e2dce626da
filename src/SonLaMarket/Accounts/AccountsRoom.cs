using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Accounts;

public sealed class AccountsRoom : IRoom
{
    /// <summary>OWASP ASVS 5.0 appendix C: PBKDF2-HMAC-SHA512 with at least 210,000 rounds.</summary>
    public const int PasswordRounds = 210_000;

    public IEnumerable<MenuItem> Menu => [new(Roles.Operator, "/quan-tri/nguoi-dung", "Người dùng", 210), new(Roles.Operator, "/quan-tri/du-lieu-ca-nhan", "Dữ liệu cá nhân", 215), new(Roles.Operator, "/quan-tri/hop-thu-di", "Hộp thư đi", 230)];

    public Type PersonalData => typeof(AccountsOfPerson);

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<Audit>();
        services.AddSingleton<Messages>();
        services.AddSingleton<People>();
        services.AddSingleton<KnownDevices>();
        services.AddSingleton<Channels>();
        services.AddSingleton<MailFolder>();
        if (MailSettings.Of(configuration) is { Host.Length: > 0 } mail)
            services.AddSingleton<IChannel>(new Smtp(mail));
        services.AddHandler<MessageWritten, Delivery>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<OneTimeLinks>();
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton(configuration.GetSection("Sessions").Get<SessionLimits>() ?? new SessionLimits());
        services.AddSingleton<Sessions>();
        services.AddSingleton<Entrance>();
        services.AddRecurring<Housekeeping>("accounts.housekeeping", "0 40 2 * * *");
        services.AddSingleton<RowKeys>();
        services.AddSingleton<SealedText>();
        services.AddSingleton<KeptForms>();
        services.AddSingleton<Consents>();
        services.AddSingleton<DataRequests>();
        services.AddSingleton<DataRights>();
        services.AddRecurring<ForgetForms>("forget-forms", "0 41 * * * *");
        services.Configure<PasswordHasherOptions>(o => o.IterationCount = PasswordRounds);
        services.AddSingleton<IPasswordHasher<Person>, PasswordHasher<Person>>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(s => s.GetRequiredService<KeyRing>());
        services.AddDataProtection().SetApplicationName("SonLaMarket");
        services.AddSingleton<SessionStore>();
        AddPasskeys(services);
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<SessionStore, IHostEnvironment>((o, store, environment) =>
            {
                o.SessionStore = store;
                o.Cookie.Name = Cookies.Name(environment, Cookies.Session);
                o.Cookie.HttpOnly = true;
                o.Cookie.SameSite = SameSiteMode.Lax;
                o.Cookie.SecurePolicy = environment.IsProduction() ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
                // Use prolongs the session in the database; see SessionStore.
                o.SlidingExpiration = false;
                o.LoginPath = "/dang-nhap";
                o.ReturnUrlParameter = "tiep";
                o.Events.OnRedirectToLogin = context => SignInFirst(context);
                o.Events.OnRedirectToAccessDenied = context =>
                {
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                };
            });
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(Roles.Seller, p => p.RequireRole(Roles.Seller))
            .AddPolicy(Roles.Owner, p => p.RequireRole(Roles.Owner))
            .AddPolicy(Roles.Money, p => p.RequireRole(Roles.Money))
            .AddPolicy(Roles.Diary, p => p.RequireRole(Roles.Diary))
            .AddPolicy(Roles.Helper, p => p.RequireRole(Roles.Helper))
            .AddPolicy(Roles.Officer, p => p.RequireRole(Roles.Officer))
            .AddPolicy(Roles.Operator, p => p.RequireRole(Roles.Operator));
    }

    /// <summary>The device checks its owner (user verification), and finds the account by itself (resident key).</summary>
    private static void AddPasskeys(IServiceCollection services)
    {
        services.AddScoped<PasskeyStore>();
        services.AddScoped<IUserStore<Person>>(s => s.GetRequiredService<PasskeyStore>());
        services.AddIdentityCore<Person>();
        services.AddScoped<IPasskeyHandler<Person>, PasskeyHandler<Person>>();
        services.AddScoped<Passkeys>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<SiteOptions, IHostEnvironment>((o, site, environment) =>
        {
            o.UserVerificationRequirement = "required";
            o.ResidentKeyRequirement = "required";
            // In production never from the Host header: whoever controls that would say which site a passkey is for.
            var home = environment.IsProduction() ? new Uri(site.PublicBaseUrl) : null;
            o.ServerDomain = home?.Host;
            o.ValidateOrigin = c => ValueTask.FromResult(!c.CrossOrigin && c.Origin == (home?.GetLeftPart(UriPartial.Authority) ?? $"{c.HttpContext.Request.Scheme}://{c.HttpContext.Request.Host}"));
        });
    }

    /// <summary>People are led to the sign-in page and back; machines get 401.</summary>
    private static async Task SignInFirst(Microsoft.AspNetCore.Authentication.RedirectContext<CookieAuthenticationOptions> context)
    {
        if (Machines.IsMachine(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        var services = context.HttpContext.RequestServices;
        var t = services.GetRequiredService<Texts>();
        var back = HttpMethods.IsGet(context.Request.Method) ? context.Request.Path + context.Request.QueryString : await services.GetRequiredService<KeptForms>().KeepAsync(context.HttpContext, context.Options) ?? "/";
        context.Response.Redirect(t.To("/dang-nhap") + QueryString.Create("tiep", t.To(back)));
    }
}
