using Fleet.Audio;
using Fleet.Scoring.Configuration;
using Fleet.Scoring.Decoding;
using Fleet.Scoring.Security;
using Microsoft.Extensions.Options;

namespace Fleet.Scoring.Score;

/// <summary>POST /score: recordings in, texts out. No text is ever made up: what the recogniser did not hear is an empty text.</summary>
internal sealed partial class ScoreEndpoint(
    BearerKey key, DecoderPool decoders, ScoringInstruments instruments, IOptions<ScoringServerOptions> options, TimeProvider time, ILogger<ScoreEndpoint> logger)
{
    private const string RecogniserFailed = "The recogniser failed on this recording; the server's log says why.";

    // A few seconds of speech are decoded in about one: sooner there is rarely room.
    private const string RetryAfterSeconds = "1";

    private readonly ScoringServerOptions _options = options.Value;
    private readonly ILogger<ScoreEndpoint> _logger = logger;

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        // First of all, so that also a refusal can be found in both logs.
        var requestId = ClientRequestId.Of(context.Request);
        if (requestId is not null)
        {
            context.Response.Headers[ClientRequestId.Header] = requestId;
        }

        // RFC 7694: so that callers know that they may compress.
        context.Response.Headers.AcceptEncoding = RequestBody.Gzip;

        if (!key.Opens(context.Request))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Error(StatusCodes.Status401Unauthorized, "The key is missing or wrong: send 'Authorization: Bearer KEY' with the key of this server.");
        }

        if (!decoders.IsReady)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            return Error(StatusCodes.Status503ServiceUnavailable, "The decoders are not loaded: try again when GET /ready answers 200.");
        }

        if (IsSurelyNotJson(context.Request.ContentType))
        {
            return Error(StatusCodes.Status415UnsupportedMediaType, "The body is not JSON by its Content-Type: send application/json, with the audio in base64.");
        }

        if (context.Request.ContentLength > _options.MaxBodyBytes)
        {
            return TooLarge();
        }

        if (!decoders.TryEnter())
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            return Error(StatusCodes.Status429TooManyRequests, "All decoders are busy and the queue is full: try again later.");
        }

        try
        {
            var request = await ReadAsync(context.Request, context.RequestAborted);
            if (request is null)
            {
                return TooLarge();
            }

            // Who heard it is part of the answer; the bodies are Azure ML's and have no room for it.
            context.Response.Headers["x-fleet-engine"] = decoders.Engine.Name;
            context.Response.Headers["x-fleet-model"] = decoders.Engine.ModelName;
            return await ScoreAsync(request, requestId, context);
        }
        catch (ScoreFaultException ex)
        {
            return Error(ex.StatusCode, ex.Message);
        }
        catch (BadHttpRequestException ex)
        {
            return Error(ex.StatusCode, ex.Message);
        }
        finally
        {
            decoders.Leave();
        }
    }

    private async Task<ScoreRequest?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_options.BodyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            using var body = await RequestBody.ReadAsync(request, _options.MaxBodyBytes, either.Token);
            return body is null ? null : ScoreRequestReader.Read(body.Span, _options);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // A body that drips keeps one of the places of the queue.
            throw new ScoreFaultException(
                StatusCodes.Status408RequestTimeout, $"The body was not complete after {_options.BodyTimeoutSeconds} s: send it faster, or fewer recordings at a time.");
        }
    }

    // Callers that forget the header, and curl's default, are let in: what they send is JSON all the same.
    private static bool IsSurelyNotJson(string? contentType) => contentType is not null && (
        contentType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase)
        || contentType.StartsWith("video/", StringComparison.OrdinalIgnoreCase)
        || contentType.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
        || contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase));

    private async Task<IResult> ScoreAsync(ScoreRequest request, string? requestId, HttpContext context)
    {
        // One bad recording does not spoil the others; when all are bad, the request is.
        if (request.Items.All(static item => item.Fault is not null))
        {
            var fault = request.Items[0].Fault!; // All of them have one, and there is at least one item.
            return Error(fault.StatusCode, fault.Message);
        }

        var started = time.GetTimestamp();
        var seconds = request.Items.Sum(static item => (double)item.Samples.Length) / PocketSphinxDecoder.SampleRateHz;
        using var late = new CancellationTokenSource(_options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, late.Token);
        var good = request.Items.Where(static item => item.Fault is null).Select(static item => item.Samples);
        var heard = new Queue<Task<Recognition?>>(await decoders.DecodeEachAsync([.. good], requestId, either.Token));
        context.RequestAborted.ThrowIfCancellationRequested();
        if (heard.Count(static one => one.IsCanceled) is > 0 and var unheard)
        {
            instruments.OnTimedOut();
            LogTimedOut(requestId, unheard, request.Items.Count, seconds, _options.RequestTimeoutSeconds);
            // What was recognised by then is not thrown away where the form has room for errors of items.
            if (request.Form != ScoreForm.Inputs || unheard == heard.Count)
            {
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
                return Error(
                    StatusCodes.Status504GatewayTimeout,
                    $"The recordings were not recognised within {_options.RequestTimeoutSeconds} s, and their work is stopped: send fewer or shorter ones at a time.");
            }
        }

        LogAnswered(requestId, request.Items.Count, seconds, time.GetElapsedTime(started).TotalMilliseconds);
        return await AnswerAsync(request, [.. request.Items.Select(item => item.Fault is null ? heard.Dequeue() : Task.FromResult<Recognition?>(null))]);
    }

    private async Task<IResult> AnswerAsync(ScoreRequest request, IReadOnlyList<Task<Recognition?>> heard)
    {
        if (request.Form == ScoreForm.Inputs)
        {
            return Results.Json(new InputsResponse(await Task.WhenAll(request.Items.Zip(heard, AnswerAsync))));
        }

        var texts = new List<string>(heard.Count);
        foreach (var one in heard)
        {
            if (await one is not { } recognition)
            {
                return Error(StatusCodes.Status500InternalServerError, RecogniserFailed);
            }

            texts.Add(recognition.Text);
        }

        return request.Form == ScoreForm.Single ? Results.Json(new SingleResponse(texts[0])) : Results.Json(new ListResponse(texts));
    }

    private async Task<InputResult> AnswerAsync(ScoreItem item, Task<Recognition?> heard)
    {
        var id = item.Id ?? "";
        if (heard.IsCanceled)
        {
            return new InputResult(id, Error: $"It was not recognised within {_options.RequestTimeoutSeconds} s: send it again, with fewer others.") { Code = "timeout" };
        }

        return await heard is not { } recognition
            ? new InputResult(id, Error: item.Fault?.Message ?? RecogniserFailed)
            : new InputResult(id, recognition.Text, recognition.Confidence)
            {
                Alternatives = recognition.Alternatives is [] ? null : [.. recognition.Alternatives.Select(static other => new AlternativeResult(other.Text, other.Confidence))],
                Words = recognition.Words is []
                    ? null
                    : [.. recognition.Words.Select(static word => new WordResult(word.Word, word.StartMilliseconds, word.EndMilliseconds, word.Confidence))],
            };
    }

    private IResult TooLarge() => Error(
        StatusCodes.Status413PayloadTooLarge,
        $"The body is larger than {_options.MaxBodyBytes} bytes: send fewer or shorter recordings, or \"inputs\", which takes a seventh of the bytes.");

    private static IResult Error(int statusCode, string message) => Results.Json(new ErrorResponse(message), statusCode: statusCode);
}
