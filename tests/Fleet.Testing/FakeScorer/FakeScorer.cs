using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Testing.FakeScorer;

/// <summary>A speech-to-text endpoint that answers what the test says, on a real Kestrel.</summary>
public sealed class FakeScorer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ScorerCall> _calls = new();
    private int _count;

    private FakeScorer(WebApplication app)
    {
        _app = app;
    }

    public Uri Endpoint { get; private set; } = new("http://127.0.0.1");

    public IReadOnlyCollection<ScorerCall> Calls => _calls;

    /// <summary>Decides each answer; set it before the call comes.</summary>
    public Func<ScorerCall, Task<ScorerReply>> Answer { get; set; } = call => Task.FromResult(ScorerReply.Text(call, $"heard {call.Pcm.Length} bytes"));

    /// <summary>Starts it on a port that was chosen before (0 = any).</summary>
    public static async Task<FakeScorer> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var scorer = new FakeScorer(app);
        app.MapPost("/score", scorer.HandleAsync);
        app.Urls.Add($"http://127.0.0.1:{port}");
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(); // Kestrel always has the feature
        scorer.Endpoint = new Uri(address + "/score");
        return scorer;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var call = Read(body.RootElement, context.Request.Headers);
        _calls.Enqueue(call);
        var reply = await Answer(call);
        context.Response.StatusCode = reply.StatusCode;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in reply.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (reply.Write is { } write)
        {
            await write(context);
            return;
        }

        await context.Response.WriteAsync(reply.Body, context.RequestAborted);
    }

    private ScorerCall Read(JsonElement body, IHeaderDictionary headers)
    {
        var number = Interlocked.Increment(ref _count);
        var authorization = headers.Authorization.ToString();
        var requestId = headers["x-ms-client-request-id"].ToString();
        if (body.TryGetProperty("data", out var data))
        {
            return new ScorerCall(number, "", [], [.. data.EnumerateArray().Select(value => value.GetSingle())], authorization, requestId);
        }

        var input = body.GetProperty("inputs")[0];
        return new ScorerCall(
            number, input.GetProperty("id").GetString() ?? "", input.GetProperty("audio").GetBytesFromBase64(), [], authorization, requestId);
    }
}
