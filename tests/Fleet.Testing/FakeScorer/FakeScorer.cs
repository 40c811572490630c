using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Testing.FakeScorer;

/// <summary>A speech-to-text endpoint that answers what the test says of each utterance, on a real Kestrel.</summary>
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

    /// <summary>It says that it takes gzip, and does; else gzip is to it what it is to every reader of JSON.</summary>
    public bool TakesGzip { get; set; }

    /// <summary>Bodies that were gzip while it takes none.</summary>
    public int UnreadableBodies { get; private set; }

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
        var isCompressed = context.Request.Headers.ContentEncoding == "gzip";
        if (TakesGzip)
        {
            context.Response.Headers.AcceptEncoding = "gzip";
        }
        else if (isCompressed)
        {
            UnreadableBodies++;
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync("unexpected character 0x1F", context.RequestAborted);
            return;
        }

        await using var stream = isCompressed ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        using var body = await JsonDocument.ParseAsync(stream, cancellationToken: context.RequestAborted);
        var calls = Read(body.RootElement, context.Request.Headers).ConvertAll(call => call with { IsCompressed = isCompressed });
        var replies = new List<ScorerReply>();
        foreach (var call in calls)
        {
            _calls.Enqueue(call);
        }

        foreach (var call in calls)
        {
            replies.Add(await Answer(call));
        }

        var reply = Join(replies);
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

    // The answers to the utterances of one request are one answer; one that is none for its utterance alone is the answer to all of them.
    private static ScorerReply Join(List<ScorerReply> replies)
    {
        if (replies.Count == 1)
        {
            return replies[0];
        }

        var items = new List<string>();
        foreach (var reply in replies)
        {
            if (reply.StatusCode != 200 || reply.Write is not null || Results(reply.Body) is not { } results)
            {
                return reply;
            }

            items.Add(results);
        }

        return replies[0] with { Body = $$"""{"results":[{{string.Join(',', items.Where(static item => item.Length > 0))}}]}""" };
    }

    private static string? Results(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("results", out var results) && results.ValueKind == JsonValueKind.Array
                ? string.Join(',', results.EnumerateArray().Select(static item => item.GetRawText()))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private List<ScorerCall> Read(JsonElement body, IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString();
        var requestId = headers["x-ms-client-request-id"].ToString();
        if (body.TryGetProperty("data", out var data))
        {
            return [new ScorerCall(Interlocked.Increment(ref _count), "", [], [.. data.EnumerateArray().Select(value => value.GetSingle())], authorization, requestId)];
        }

        return [.. body.GetProperty("inputs").EnumerateArray().Select(input => new ScorerCall(
            Interlocked.Increment(ref _count), input.GetProperty("id").GetString() ?? "", input.GetProperty("audio").GetBytesFromBase64(), [], authorization, requestId))];
    }
}
