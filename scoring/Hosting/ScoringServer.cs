using System.Net;
using Fleet.Scoring.Configuration;
using Fleet.Scoring.Decoding;
using Fleet.Scoring.Engines;
using Fleet.Scoring.Score;
using Fleet.Scoring.Security;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Fleet.Scoring.Hosting;

/// <summary>Puts the server together; Program and the tests start it the same way.</summary>
public static class ScoringServer
{
    // Where Azure ML mounts the model of a deployment.
    private const string AzureModelFolder = "AZUREML_MODEL_DIR";

    private const string Pages = "this server has GET /, GET /ready, GET /swagger.json and POST /score.";

    /// <summary>Starts the server and waits until its decoders are loaded. It answers GET / from the start, GET /ready with 200 when this returns.</summary>
    public static async Task<WebApplication> StartAsync(string[] args, CancellationToken cancellationToken = default)
    {
        var app = Build(args);
        try
        {
            // Made before anything listens: whoever waits for the server finds its key.
            _ = app.Services.GetRequiredService<BearerKey>();
            await app.StartAsync(cancellationToken);
            await app.Services.GetRequiredService<DecoderPool>().Loaded.WaitAsync(cancellationToken);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
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
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        builder.Services.AddOptions<ScoringServerOptions>().BindConfiguration(ScoringServerOptions.Section)
            .PostConfigure<IConfiguration>(static (options, configuration) =>
                options.ModelFolder ??= options.IsEngine(EngineNames.Wav2Vec2) ? configuration[AzureModelFolder] : null)
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ScoringServerOptions>, ScoringServerOptionsValidator>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<BearerKey>();
        builder.Services.AddSingleton<ScoringInstruments>();
        builder.Services.AddSingleton(static services => SpeechEngineSource.Of(services.GetRequiredService<IOptions<ScoringServerOptions>>()));
        builder.Services.AddSingleton<DecoderPool>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<DecoderPool>());
        builder.Services.AddSingleton<ScoreEndpoint>();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<ScoringServerOptions>>(static (host, options) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(options.Value.StopTimeoutSeconds));
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            var options = kestrel.ApplicationServices.GetRequiredService<IOptions<ScoringServerOptions>>().Value;
            kestrel.AddServerHeader = false;

            // RequestBody keeps the limit: Kestrel's own would cut the connection while the caller still sends, before it reads the 413.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPEndPoint.Parse(options.Listen));
        });

        var app = builder.Build();
        app.UseExceptionHandler(static errors => errors.Run(static context => WriteErrorAsync(
            context, context.Features.Get<IExceptionHandlerFeature>()?.Error is OperationCanceledException ? "The caller has gone." : "The server failed; its log says why.")));
        app.UseStatusCodePages(static pages => WriteErrorAsync(
            pages.HttpContext,
            pages.HttpContext.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
                ? $"{pages.HttpContext.Request.Path} does not take this method: {Pages}"
                : $"There is no such page: {Pages}"));
        app.MapGet("/", static () => Results.Json(new { status = "alive" }));
        app.MapGet("/ready", static (DecoderPool decoders) => decoders.IsReady
            ? Results.Json(new { status = "ready" })
            : Results.Json(new ErrorResponse("The decoders are not loaded yet, or the server is about to stop."), statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapGet("/swagger.json", static () => Results.Bytes(OpenApiDocument.Read(), "application/json"));
        app.MapPost("/score", static (HttpContext context, ScoreEndpoint endpoint) => endpoint.HandleAsync(context));
        return app;
    }

    private static Task WriteErrorAsync(HttpContext context, string message) => context.Response.WriteAsJsonAsync(new ErrorResponse(message));
}
