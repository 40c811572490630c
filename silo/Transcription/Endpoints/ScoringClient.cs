using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Fleet.Silo.Telemetry;

namespace Fleet.Silo.Transcription;

/// <summary>Calls one deployment of an Azure ML online endpoint, or our scoring server.</summary>
internal sealed partial class ScoringClient : IScoringClient, IDisposable
{
    private const int LongestAnswerBytes = 4 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly ScoringTarget _target;
    private readonly IScoringCredential _credential;
    private readonly TimeProvider _time;
    private readonly ILogger<ScoringClient> _logger;
    private readonly string _place;
    private readonly RequestCompression _compression;
    private bool _keyIsRefused; // said once, not at each try

    public ScoringClient(ScoringTarget target, IScoringCredential credential, TimeProvider time, ILogger<ScoringClient> logger)
    {
        _target = target;
        _credential = credential;
        _time = time;
        _logger = logger;
        _compression = new RequestCompression(target.Compression);
        _place = target.Endpoint.Authority + target.Endpoint.AbsolutePath;
        _http = new HttpClient(new SocketsHttpHandler
        {
            // And the question whether it works.
            MaxConnectionsPerServer = target.MaxInFlight + 1,
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

    public async Task<CallResult> ScoreAsync(IReadOnlyList<ScoreInput> inputs, string requestId, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_target.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await CallAsync(inputs, requestId, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The connection is gone with it: an answer that comes later is nobody's.
            return CallResult.Of(CallFault.TimedOut, string.Create(CultureInfo.InvariantCulture, $"The endpoint gave no answer within {_target.Timeout.TotalSeconds} s."));
        }
        catch (HttpRequestException exception)
        {
            return exception.HttpRequestError switch
            {
                HttpRequestError.ConfigurationLimitExceeded => CallResult.Of(CallFault.Failed, "The endpoint's answer is longer than 4 MiB."),
                // It took the request and then hung up, as a process does that this utterance makes crash.
                HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.Unknown =>
                    CallResult.Of(CallFault.Failed, $"The endpoint broke the connection off: {exception.Message}"),
                _ => CallResult.Of(CallFault.Unreachable, $"The endpoint cannot be reached: {exception.Message}"),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Not ours and not the caller's: SocketsHttpHandler's own limit for making a connection.
            return CallResult.Of(CallFault.Unreachable, "The endpoint cannot be reached: no connection within 10 s.");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A broken connection, a key that is not fit for a header: nothing that an utterance could be blamed for.
            return CallResult.Of(CallFault.Unreachable, $"The endpoint cannot be called: {exception.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<CallResult> CallAsync(IReadOnlyList<ScoreInput> inputs, string requestId, CancellationToken cancellationToken)
    {
        string bearer;
        try
        {
            bearer = await _credential.GetAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return CallResult.Of(CallFault.Credential, $"There is no credential for the endpoint from {_credential.Source}: {exception.Message}");
        }

        var result = await SendAsync(inputs, requestId, bearer, cancellationToken);
        // Once: a credential that was just refused is asked for anew, not again and again.
        if (result.Status == (int)HttpStatusCode.Unauthorized && await _credential.ReplaceAsync(bearer, cancellationToken) is { } other)
        {
            result = await SendAsync(inputs, requestId, other, cancellationToken);
        }

        if (result.Fault != CallFault.Credential)
        {
            Interlocked.Exchange(ref _keyIsRefused, false);
        }
        else if (!Interlocked.Exchange(ref _keyIsRefused, true))
        {
            LogKeyRefused(result.Status, _credential.Source);
        }

        return result;
    }

    private async Task<CallResult> SendAsync(IReadOnlyList<ScoreInput> inputs, string requestId, string bearer, CancellationToken cancellationToken)
    {
        var body = ScoringRequest.Write(_target.Format, inputs);
        var isCompressed = _compression.IsOn;
        var content = ScoringRequest.Content(body, isCompressed);
        var sent = content.Headers.ContentLength ?? body.Length;
        using var response = await PostAsync(content, requestId, bearer, cancellationToken);
        if (!_compression.OnAnswer(response, isCompressed))
        {
            return await ReadAsync(response, inputs, requestId, cancellationToken) with { RequestBytes = body.Length, SentBytes = sent };
        }

        using var again = await PostAsync(ScoringRequest.Content(body, isCompressed: false), requestId, bearer, cancellationToken);
        _compression.OnPlain(response, again);
        return await ReadAsync(again, inputs, requestId, cancellationToken) with { RequestBytes = body.Length, SentBytes = sent + body.Length };
    }

    private async Task<HttpResponseMessage> PostAsync(HttpContent content, string requestId, string bearer, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _target.Endpoint) { Content = content };
        request.Headers.Add("x-ms-client-request-id", requestId);
        if (_target.Deployment.Length > 0)
        {
            request.Headers.Add("azureml-model-deployment", _target.Deployment);
        }

        if (bearer.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        return await _http.SendAsync(request, cancellationToken);
    }

    private async Task<CallResult> ReadAsync(HttpResponseMessage response, IReadOnlyList<ScoreInput> inputs, string requestId, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var result = response.StatusCode == HttpStatusCode.OK ? Name(ScoringResponse.Read(_target.Format, inputs, body), response, requestId) : Judge(response, body);
        return result with { Status = (int)response.StatusCode, BandwidthDelayMs = BandwidthDelay(response) };
    }

    private CallResult Name(CallResult result, HttpResponseMessage response, string requestId)
    {
        var (engine, model) = (Header(response, "x-fleet-engine"), Header(response, "x-fleet-model"));
        var deployment = Header(response, "azureml-model-deployment");
        if (deployment.Length == 0)
        {
            deployment = _target.Deployment.Length > 0 ? _target.Deployment : _target.Name == ScoringTarget.OnlyName ? "" : _target.Name;
        }

        return result with
        {
            Items = [.. result.Items.Select(item => item with
            {
                Engine = engine, Model = model, Deployment = deployment, Endpoint = _place, RequestId = requestId, BatchUtterances = result.Items.Count,
            })],
        };
    }

    private CallResult Judge(HttpResponseMessage response, byte[] body)
    {
        var status = (int)response.StatusCode;
        var inner = CallRules.InnerStatus(Header(response, "ms-azureml-model-error-statuscode"));
        var fault = CallRules.Judge(status, inner);
        var cause = $"The endpoint answered {status}.";
        if (fault == CallFault.Misrouted && status != (int)HttpStatusCode.NotFound)
        {
            return CallResult.Of(fault, $"{cause} Redirects are not followed: set Fleet:Scoring:Endpoint to the final address.");
        }

        if (status == (int)HttpStatusCode.FailedDependency && inner > 0)
        {
            return CallResult.Of(
                fault, $"The model answered {inner}: {Header(response, "ms-azureml-model-error-reason")}", RetryAfter(response), $"The model answered {inner}.");
        }

        var said = ScoringResponse.Clean(System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 400))));
        return CallResult.Of(fault, said.Length == 0 ? cause : $"The endpoint answered {status}: {said}", RetryAfter(response), cause);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    // A managed endpoint delays what is beyond its bandwidth, and says so behind the body; a gateway in between may have put it before.
    private static int BandwidthDelay(HttpResponseMessage response) =>
        Delay(response, "ms-azureml-bandwidth-request-delay-ms") + Delay(response, "ms-azureml-bandwidth-response-delay-ms");

    private static int Delay(HttpResponseMessage response, string name) =>
        (response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values)) && double.TryParse(values.First(), NumberStyles.Float, CultureInfo.InvariantCulture, out var ms)
            ? (int)Math.Clamp(ms, 0, 600_000)
            : 0;

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? ScoringResponse.Clean(string.Join(", ", values)) : "";

    [LoggerMessage(EventIds.KeyRefused, LogLevel.Error, "The scoring endpoint answered {Status} to the credential from {Source}: utterances wait until it takes it.")]
    private partial void LogKeyRefused(int status, string source);
}
