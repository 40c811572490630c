using Fleet.Audio;
using Fleet.Scoring.Configuration;
using Fleet.Scoring.Decoding;
using Fleet.Scoring.Security;
using Microsoft.Extensions.Options;

namespace Fleet.Scoring.Score;

/// <summary>POST /score: recordings in, texts out. No text is ever made up: what the recogniser did not hear is an empty text.</summary>
internal sealed class ScoreEndpoint(BearerKey key, DecoderPool decoders, IOptions<ScoringServerOptions> options, TimeProvider time)
{
    private const string RecogniserFailed = "The recogniser failed on this recording; the server's log says why.";

    // A few seconds of speech are decoded in about one: sooner there is rarely room.
    private const string RetryAfterSeconds = "1";

    private readonly ScoringServerOptions _options = options.Value;

    public async Task<IResult> HandleAsync(HttpContext context)
    {
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
            context.Response.Headers["x-fleet-engine"] = _options.Engine;
            context.Response.Headers["x-fleet-model"] = decoders.ModelName;
            return await ScoreAsync(request, context.RequestAborted);
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

    private async Task<IResult> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken)
    {
        // One bad recording does not spoil the others; when all are bad, the request is.
        if (request.Items.All(static item => item.Fault is not null))
        {
            var fault = request.Items[0].Fault!; // All of them have one, and there is at least one item.
            return Error(fault.StatusCode, fault.Message);
        }

        var heard = await Task.WhenAll(request.Items.Select(item =>
            item.Fault is null ? decoders.DecodeAsync(item.Samples, cancellationToken) : Task.FromResult<Recognition?>(null)));
        if (request.Form == ScoreForm.Inputs)
        {
            return Results.Json(new InputsResponse([.. request.Items.Zip(heard, Answer)]));
        }

        var texts = new List<string>(heard.Length);
        foreach (var recognition in heard)
        {
            if (recognition is null)
            {
                return Error(StatusCodes.Status500InternalServerError, RecogniserFailed);
            }

            texts.Add(recognition.Text);
        }

        return request.Form == ScoreForm.Single ? Results.Json(new SingleResponse(texts[0])) : Results.Json(new ListResponse(texts));
    }

    private static InputResult Answer(ScoreItem item, Recognition? recognition) => recognition is null
        ? new InputResult(item.Id ?? "", Error: item.Fault?.Message ?? RecogniserFailed)
        : new InputResult(item.Id ?? "", recognition.Text, recognition.Confidence);

    private IResult TooLarge() => Error(
        StatusCodes.Status413PayloadTooLarge,
        $"The body is larger than {_options.MaxBodyBytes} bytes: send fewer or shorter recordings, or \"inputs\", which takes an eighth of the bytes.");

    private static IResult Error(int statusCode, string message) => Results.Json(new ErrorResponse(message), statusCode: statusCode);
}
