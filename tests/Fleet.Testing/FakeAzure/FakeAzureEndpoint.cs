using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Testing.FakeAzure;

/// <summary>
/// A managed online endpoint as it is documented, on a real Kestrel: keys, deployments, time-outs after which the work goes on, 429 above the in-flight limit, 424
/// with the container's status, delays for bandwidth with their trailers; behind it a model whose cost is known.
/// </summary>
public sealed class FakeAzureEndpoint : IAsyncDisposable
{
    private const int LongestRequestId = 40;
    private const string BandwidthDelay = "ms-azureml-bandwidth-request-delay-ms";

    private readonly WebApplication _app;
    private readonly AzureBandwidth _bandwidth;
    private readonly SemaphoreSlim _workers;
    private readonly ConcurrentQueue<AzureCall> _calls = new();
    private readonly ConcurrentDictionary<Task, byte> _work = new();
    private readonly Random _random = new(4711);
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private int _inFlight;
    private int _number;
    private int _done;

    private FakeAzureEndpoint(WebApplication app, AzureEndpointOptions options)
    {
        _app = app;
        Options = options;
        _bandwidth = new AzureBandwidth(options, TimeProvider.System);
        _workers = new SemaphoreSlim(options.Parallel);
    }

    public AzureEndpointOptions Options { get; }

    public Uri Endpoint { get; private set; } = new("http://127.0.0.1");

    public IReadOnlyCollection<AzureCall> Calls => _calls;

    /// <summary>Calls that the model worked through, also those whose callers were told 408.</summary>
    public int WorkDone => Volatile.Read(ref _done);

    public static async Task<FakeAzureEndpoint> StartAsync(AzureEndpointOptions? options = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(static kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var endpoint = new FakeAzureEndpoint(app, options ?? new AzureEndpointOptions());
        app.MapPost("/score", endpoint.HandleAsync);
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        endpoint.Endpoint = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/score"); // Kestrel always has it
        return endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Task.WhenAll(_work.Keys);
        _workers.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var at = TimeProvider.System.GetElapsedTime(_started);
        var number = Interlocked.Increment(ref _number);
        var inFlight = Interlocked.Increment(ref _inFlight);
        AzureBody? body = null;
        long bytes = 0;
        var deployment = context.Request.Headers["azureml-model-deployment"].ToString() is { Length: > 0 } pinned ? pinned : Options.Deployments.FirstOrDefault("");
        try
        {
            using var buffer = new MemoryStream();
            await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
            bytes = buffer.Length;
            body = AzureBody.Read(buffer.GetBuffer().AsSpan(0, (int)bytes));
            if (Refuse(context, number, inFlight, deployment, bytes) is { } fault)
            {
                await FailAsync(context, fault);
                return;
            }

            if (body is null || (Options.MaxUtterances > 0 && body.Utterances.Count > Options.MaxUtterances))
            {
                await FailAsync(context, new AzureFault(424, 400));
                return;
            }

            context.Response.Headers["azureml-model-deployment"] = deployment;
            await AnswerAsync(context, body, bytes);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone. What the model does, it does.
            context.Response.StatusCode = 499;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            var id = context.Request.Headers["x-ms-client-request-id"].ToString();
            _calls.Enqueue(new AzureCall(
                id.Length > LongestRequestId ? id[..LongestRequestId] : id, deployment, context.Response.StatusCode, body?.Utterances.Count ?? 0, body?.Seconds ?? 0,
                bytes, inFlight, at, [.. body?.Utterances.Select(static utterance => utterance.Id) ?? []]));
        }
    }

    private AzureFault? Refuse(HttpContext context, int number, int inFlight, string deployment, long bytes)
    {
        if (Options.Keys.Count > 0 && !Options.Keys.Contains(context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal)))
        {
            return new AzureFault(401);
        }

        if (!Options.Deployments.Contains(deployment))
        {
            return new AzureFault(404);
        }

        if (bytes > Options.MaxBodyBytes)
        {
            return new AzureFault(413);
        }

        if (Options.Fault(number) is { } fault)
        {
            return fault;
        }

        lock (_random)
        {
            return inFlight > Options.InFlightLimit ? new AzureFault(429, 0, Options.RetryAfterSeconds)
                : Options.UnavailableShare > 0 && _random.NextDouble() < Options.UnavailableShare ? new AzureFault(503, 0, Options.RetryAfterSeconds)
                : null;
        }
    }

    private static Task FailAsync(HttpContext context, AzureFault fault)
    {
        context.Response.StatusCode = fault.Status;
        if (fault.InnerStatus > 0)
        {
            context.Response.Headers["ms-azureml-model-error-statuscode"] = fault.InnerStatus.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["ms-azureml-model-error-reason"] = "model_error";
        }

        if (fault.RetryAfterSeconds > 0)
        {
            context.Response.Headers.RetryAfter = fault.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        return context.Response.WriteAsync("");
    }

    private async Task AnswerAsync(HttpContext context, AzureBody body, long bytes)
    {
        var delay = _bandwidth.Delay(bytes);
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, TimeProvider.System, context.RequestAborted);
            if (!context.Response.SupportsTrailers())
            {
                // Kestrel has none with HTTP/1.1: there it is sent as a header.
                context.Response.Headers[BandwidthDelay] = Milliseconds(delay);
            }
        }

        var work = WorkAsync(Options.CostOf(body.Utterances.Count, body.Seconds, body.LongestSeconds));
        _work.TryAdd(work, 0);
        _ = work.ContinueWith(done => _work.TryRemove(done, out byte _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (await Task.WhenAny(work, Task.Delay(Options.RequestTimeout, TimeProvider.System, late.Token)) != work)
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            context.Response.StatusCode = 408;
            return;
        }

        await late.CancelAsync();
        if (!body.HasIds && body.Utterances.Any(utterance => Options.IsPoisoned(utterance.Id, utterance.Samples)))
        {
            await FailAsync(context, new AzureFault(424, Options.PoisonStatus));
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(Write(body), context.RequestAborted);
        if (delay > TimeSpan.Zero && context.Response.SupportsTrailers())
        {
            context.Response.AppendTrailer(BandwidthDelay, Milliseconds(delay));
        }
    }

    private static string Milliseconds(TimeSpan delay) => delay.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);

    // Nobody stops it: neither a caller that goes nor one that was told 408.
    private async Task WorkAsync(TimeSpan cost)
    {
        await _workers.WaitAsync();
        try
        {
            if (cost > TimeSpan.Zero)
            {
                await Task.Delay(cost, TimeProvider.System);
            }
        }
        finally
        {
            Interlocked.Increment(ref _done);
            _workers.Release();
        }
    }

    private string Write(AzureBody body)
    {
        static string Text(int samples) => string.Create(CultureInfo.InvariantCulture, $"heard {samples} samples");
        if (!body.HasIds)
        {
            return body.IsList
                ? JsonSerializer.Serialize(new { result = body.Utterances.Select(static utterance => Text(utterance.Samples)) })
                : JsonSerializer.Serialize(new { result = Text(body.Utterances[0].Samples) });
        }

        var json = new StringBuilder("{\"results\":[");
        foreach (var (id, samples) in body.Utterances)
        {
            json.Append(json[^1] == '[' ? "" : ",").Append(CultureInfo.InvariantCulture, $"{{\"id\":\"{id}\",");
            json.Append(Options.IsPoisoned(id, samples) ? "\"error\":\"not speech\"}" : $"\"text\":\"{Text(samples)}\",\"confidence\":0.5}}");
        }

        return json.Append("]}").ToString();
    }
}
