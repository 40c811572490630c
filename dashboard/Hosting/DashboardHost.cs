using System.Net;
using System.Security.Cryptography.X509Certificates;
using Fleet.Dashboard.Components;
using Fleet.Dashboard.Configuration;
using Fleet.Dashboard.Database;
using Fleet.Dashboard.Devices;
using Fleet.Dashboard.Health;
using Fleet.Dashboard.History;
using Fleet.Dashboard.Live;
using Fleet.Dashboard.SignIn;
using Fleet.Dashboard.Theme;
using Fleet.Storage;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Fleet.Dashboard.Hosting;

/// <summary>Puts the dashboard together; the program and the tests start it from here.</summary>
internal static class DashboardHost
{
    private const int MaxRequestBodyBytes = 256 * 1024;

    // Event streams end at once at a stop; what is left is pages under way.
    private static readonly TimeSpan _shutdownTimeout = TimeSpan.FromSeconds(5);

    public static WebApplication Build(string[] args)
    {
        // The content root is where the program lies, not where it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(DashboardHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });

        // Outside Development a build output would not find its static files without this; a published one has them and ignores it.
        builder.WebHost.UseStaticWebAssets();
        ConfigureLogging(builder.Logging);

        StartupOptions.Validate(builder.Configuration);
        var options = StartupOptions.Read<DashboardOptions>(builder.Configuration, DashboardOptions.Section);
        builder.Services.AddOptions<DashboardOptions>().BindConfiguration(DashboardOptions.Section);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = _shutdownTimeout);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddRazorComponents();
        builder.Services.AddSignIn(options);
        builder.Services.AddFleetDatabase(builder.Configuration, "fleet-dashboard");
        builder.Services.AddHosted<DatabaseProbe>();
        builder.Services.AddFleetApi();
        builder.Services.AddLive();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));

        var app = builder.Build();

        // What else the parts demand, before the host starts: it would log a stack where a sentence is enough.
        app.Services.GetService<IStartupValidator>()?.Validate();
        UsePipeline(app, options);
        return app;
    }

    private static void UsePipeline(WebApplication app, DashboardOptions options)
    {
        if (options.BehindProxy)
        {
            app.UseForwardedHeaders(new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            });
        }

        app.UseSecurityHeaders();
        app.UseExceptionHandler("/error/500", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true);
        app.UseFreshSignInForm();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();

        app.MapStaticAssets().AllowAnonymous();
        app.MapSignIn();
        app.MapTheme();
        app.MapHealth();
        app.MapLive();
        app.MapAudio();
        app.MapExport();
        app.MapRazorComponents<App>();
    }

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, DashboardOptions options)
    {
        kestrel.AddServerHeader = false;

        // Nothing is uploaded here: the largest form is a sign-in.
        kestrel.Limits.MaxRequestBodySize = MaxRequestBodyBytes;
        kestrel.Listen(IPEndPoint.Parse(options.Listen), listen =>
        {
            if (options.HasCertificate)
            {
                listen.UseHttps(X509Certificate2.CreateFromPemFile(options.CertificateFile!, options.CertificateKeyFile)); // HasCertificate says so
            }
        });
    }

    private static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        // Lines for people, or with Logging:Console:FormatterName=json objects for programs: AddSimpleConsole would fix the former.
        logging.AddConsole();
        logging.Services.Configure<SimpleConsoleFormatterOptions>(static console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<JsonConsoleFormatterOptions>(static console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);

        // "Hosting failed to start" with a stack; the program says the same in a sentence.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // Keys at rest are guarded by the folder's mode (0700); the framework warns of it at each start.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }
}
