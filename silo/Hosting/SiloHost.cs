using System.Security.Cryptography.X509Certificates;
using Fleet.Silo.Access;
using Fleet.Silo.Api;
using Fleet.Silo.Health;
using Fleet.Silo.Ingest;
using Fleet.Silo.Membership;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Hosting;

/// <summary>Builds the program; tests build the same one with other settings.</summary>
internal static class SiloHost
{
    // Dead peers (power cut, cable) are noticed within a minute; live ones answer by themselves.
    private static readonly TimeSpan _pingAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pingTimeout = TimeSpan.FromSeconds(20);

    /// <param name="args">The command line.</param>
    /// <param name="settings">Settings that go before all others.</param>
    public static WebApplication Build(string[] args, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            // appsettings.json lies beside the program, wherever it is started from.
            ContentRootPath = AppContext.BaseDirectory,
        });
        if (settings is not null)
        {
            builder.Configuration.AddInMemoryCollection(settings);
        }

        // Lines for people, or with Logging:Console:FormatterName=json objects for programs: AddSimpleConsole would fix the former.
        builder.Logging.AddConsole();
        builder.Logging.Services.Configure<SimpleConsoleFormatterOptions>(static console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        builder.Logging.Services.Configure<JsonConsoleFormatterOptions>(static console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
        // An ending connection is a state of a device, which the ingest logs; the routing says nothing of use.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // Orleans tells each step of its start and each probe; what matters of it is in our own words. Its watchdog warns at each start that it has never looked.
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.Logging.AddFilter("Fleet.Silo.Devices.Orleans.SiloDoor", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
        builder.Services.AddSilo(builder.Configuration);
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<AccessInterceptor>());
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<SiloOptions>>((host, silo) =>
            host.ShutdownTimeout = silo.Value.Drain + (2 * silo.Value.Flush) + TimeSpan.FromSeconds(15));
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(static services => new TransportMemory(services.GetRequiredService<IOptions<GrpcOptions>>().Value.ReadBytes));
        builder.WebHost.ConfigureKestrel(ConfigureKestrel);

        var app = builder.Build();
        // Here rather than at the start of the host, where the first service that reads a bad option hides the other faults.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        // The key files are made before anybody can want them.
        _ = app.Services.GetRequiredService<Credentials>();
        app.MapGrpcService<IngestService>();
        app.MapGrpcService<FleetApiService>();
        app.MapGrpcService<HealthService>();
        HealthEndpoints.Map(app);
        return app;
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        // Read without validation: Kestrel is configured before all faults together are shown.
        var configuration = kestrel.ApplicationServices.GetRequiredService<IConfiguration>();
        var grpc = configuration.GetSection(GrpcOptions.Section).Get<GrpcOptions>() ?? new GrpcOptions();
        var http = configuration.GetSection(HttpOptions.Section).Get<HttpOptions>() ?? new HttpOptions();
        // Kestrel's own limit counts those of health checks, too, which must come through when it is reached.
        var connections = kestrel.ApplicationServices.GetRequiredService<ConnectionLimit>();
        connections.MaxConnections = grpc.MaxConnections;
        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.KeepAlivePingDelay = _pingAfter;
        kestrel.Limits.Http2.KeepAlivePingTimeout = _pingTimeout;
        _ = EndPoints.TryParse(grpc.Listen, out var grpcEndPoint);
        kestrel.Listen(grpcEndPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => connections.RunAsync(connection, next));
            if (File.Exists(grpc.CertificateFile) && File.Exists(grpc.CertificateKeyFile))
            {
                var chain = new X509Certificate2Collection();
                chain.ImportFromPemFile(grpc.CertificateFile);
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = X509Certificate2.CreateFromPemFile(grpc.CertificateFile, grpc.CertificateKeyFile);
                    https.ServerCertificateChain = chain;
                });
            }
        });
        _ = EndPoints.TryParse(http.Listen, out var httpEndPoint);
        kestrel.Listen(httpEndPoint, listen => listen.Protocols = HttpProtocols.Http1);
    }
}
