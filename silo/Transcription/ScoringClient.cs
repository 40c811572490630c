using System.Net;
using System.Net.Http.Headers;
using Fleet.Silo.Telemetry;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Transcription;

/// <summary>Calls an Azure ML online endpoint, or our scoring server. One place decides what each status means.</summary>
internal sealed partial class ScoringClient : IScoringClient, IDisposable
{
    private const int LongestAnswerBytes = 4 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly Uri _endpoint;
    private readonly ScoringOptions _options;
    private readonly ScoringKey _key;
    private readonly TimeProvider _time;
    private readonly ILogger<ScoringClient> _logger;
    private bool _keyIsRefused; // said once, not at each try

    public ScoringClient(IOptions<ScoringOptions> options, TimeProvider time, ILogger<ScoringClient> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        _endpoint = new Uri(_options.Endpoint);
        _key = new ScoringKey(_options.KeyFile);
        _http = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = _options.MaxInFlight,
            // An endpoint moves: addresses are looked up again now and then.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AllowAutoRedirect = false,
            UseCookies = false,
        })
        {
            // Each call has a time-out of its own, so that ours can be told from the caller's.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LongestAnswerBytes,
        };
    }

    public async Task<ScoreResult> ScoreAsync(Guid utteranceId, ReadOnlyMemory<byte> pcm, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var key = _key.Current;
            using var response = await SendAsync(utteranceId, pcm, key, either.Token);
            if (response.StatusCode != HttpStatusCode.Unauthorized || !_key.HasChangedSince(key))
            {
                return await ReadAsync(response, utteranceId, either.Token);
            }

            using var second = await SendAsync(utteranceId, pcm, _key.Current, either.Token);
            return await ReadAsync(second, utteranceId, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return ScoreResult.Failed($"The endpoint gave no answer within {_options.TimeoutSeconds} s.");
        }
        catch (HttpRequestException exception)
        {
            return exception.HttpRequestError switch
            {
                HttpRequestError.ConfigurationLimitExceeded => ScoreResult.Failed("The endpoint's answer is longer than 4 MiB."),
                // It took the request and then hung up, as a process does that this utterance makes crash.
                HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.Unknown =>
                    ScoreResult.Failed($"The endpoint broke the connection off: {exception.Message}"),
                _ => ScoreResult.Away($"The endpoint cannot be reached: {exception.Message}"),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Not ours and not the caller's: SocketsHttpHandler's own limit for making a connection.
            return ScoreResult.Away("The endpoint cannot be reached: no connection within 10 s.");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A broken connection, a key that is not fit for a header: nothing that the utterance could be blamed for.
            return ScoreResult.Away($"The endpoint cannot be called: {exception.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Guid utteranceId, ReadOnlyMemory<byte> pcm, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint);
        request.Content = ScoringRequest.Write(_options.Format, utteranceId, pcm.Span);
        request.Headers.Add("x-ms-client-request-id", utteranceId.ToString("D"));
        if (key.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return await _http.SendAsync(request, cancellationToken);
    }

    private async Task<ScoreResult> ReadAsync(HttpResponseMessage response, Guid utteranceId, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            Interlocked.Exchange(ref _keyIsRefused, false);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return Judge(response, body);
        }

        return ScoringResponse.Read(_options.Format, utteranceId, body) with
        {
            Engine = Header(response, "x-fleet-engine"),
            Model = Header(response, "x-fleet-model"),
            Deployment = Header(response, "azureml-model-deployment"),
        };
    }

    private ScoreResult Judge(HttpResponseMessage response, byte[] body)
    {
        var said = ScoringResponse.Clean(System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 400))));
        var cause = $"The endpoint answered {(int)response.StatusCode}.";
        var reason = said.Length == 0 ? cause : $"The endpoint answered {(int)response.StatusCode}: {said}";
        switch ((int)response.StatusCode)
        {
            case 401 or 403:
                if (!Interlocked.Exchange(ref _keyIsRefused, true))
                {
                    LogKeyRefused((int)response.StatusCode, _options.KeyFile);
                }

                return ScoreResult.Away(reason, cause: cause);
            case 404 or 429:
                return ScoreResult.Away(reason, RetryAfter(response), cause);
            case 424:
                // The container's own status: its client errors are about the utterance.
                return int.TryParse(Header(response, "ms-azureml-model-error-statuscode"), out var inner) && inner is >= 400 and < 500 and not (408 or 429)
                    ? ScoreResult.Refused($"The model answered {inner}: {Header(response, "ms-azureml-model-error-reason")}", $"The model answered {inner}.")
                    : ScoreResult.Failed(reason, cause: cause);
            case 408 or >= 500 or (> 200 and < 300):
                return ScoreResult.Failed(reason, RetryAfter(response), cause);
            case >= 400:
                return ScoreResult.Refused(reason, cause);
            default:
                // A redirect is not followed: it would carry speech and key to an address that nobody has set.
                return ScoreResult.Away($"{cause} Redirects are not followed: set Fleet:Scoring:Endpoint to the final address.");
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? ScoringResponse.Clean(string.Join(", ", values)) : "";

    [LoggerMessage(EventIds.KeyRefused, LogLevel.Error, "The scoring endpoint answered {Status} to the key in '{KeyFile}' (Fleet:Scoring:KeyFile): utterances wait until it takes it.")]
    private partial void LogKeyRefused(int status, string keyFile);
}
