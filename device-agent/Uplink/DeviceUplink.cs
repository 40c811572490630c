using Fleet.DeviceAgent.Logging;
using Fleet.DeviceAgent.Spool;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>
/// Keeps one device connected, for ever: session after session, with a wait between them that depends on why the last one ended.
/// </summary>
internal sealed partial class DeviceUplink
{
    // A session shorter than this does not count as a recovery, or a cloud that refuses late would be asked every second.
    private static readonly TimeSpan _stableSession = TimeSpan.FromSeconds(10);

    private readonly UplinkContext _context;
    private readonly IIngestConnector _connector;
    private readonly LogGate _gate;
    private readonly Func<double> _random;
    private readonly ILogger _logger;
    private int _turn = Random.Shared.Next(1 << 20);

    public DeviceUplink(UplinkContext context, IIngestConnector connector, LogGate gate, Func<double> random, ILogger logger)
    {
        _context = context;
        _connector = connector;
        _gate = gate;
        _random = random;
        _logger = logger;
        context.OfflineSince = context.Time.GetTimestamp();
        foreach (var entry in context.Spool.Snapshot())
        {
            Add(entry, isOfAnEarlierRun: true);
        }

        context.Spool.Changed += OnSpoolChanged;
    }

    /// <summary>Runs until the token is cancelled; then the session is closed in good order.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var backoff = new Backoff(_context.Options.MinBackoff, _context.Options.MaxBackoff, _random);
        while (!stopping.IsCancellationRequested)
        {
            var startedAt = _context.Time.GetTimestamp();
            var result = await RunSessionAsync(stopping);
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            if (result.WasWelcomed)
            {
                _context.OfflineSince = _context.Time.GetTimestamp();
            }

            if (result.WasWelcomed && _context.Time.GetElapsedTime(startedAt) >= _stableSession)
            {
                backoff.Reset();
            }

            if (!result.WasWelcomed || result.End == SessionEnd.Drained)
            {
                // A session that breaks is taken up where it was, since its silo may have the first part of what was being sent.
                _turn++;
            }

            var wait = WaitAfter(result, backoff);
            Report(result, wait);
            try
            {
                await Task.Delay(wait, _context.Time, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<SessionResult> RunSessionAsync(CancellationToken stopping)
    {
        try
        {
            await using var connection = await _connector.ConnectAsync(_turn, stopping);
            using var session = new UplinkSession(_context, connection, _logger);
            return await session.RunAsync(stopping);
        }
        catch (IngestException ex)
        {
            return new SessionResult(SessionEnd.Faulted, ex.Fault, ex.Message, WasWelcomed: false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return new SessionResult(SessionEnd.Stopped, IngestFault.Unavailable, "", WasWelcomed: false);
        }
    }

    private TimeSpan WaitAfter(SessionResult result, Backoff backoff)
    {
        switch (result.End)
        {
            case SessionEnd.Drained:
                backoff.Reset();
                return backoff.Next() + (result.ReconnectJitter * _random());
            case SessionEnd.Faulted when result.Fault != IngestFault.Unavailable:
                return backoff.Slow();
            default:
                return backoff.Next();
        }
    }

    private void Report(SessionResult result, TimeSpan wait)
    {
        if (result.End == SessionEnd.Drained)
        {
            LogDrained(wait.TotalSeconds);
            return;
        }

        if (!_gate.TryPass($"{result.End} {result.Fault} {result.Detail}", result.WasWelcomed, out var heldBack))
        {
            return;
        }

        var detail = result.Detail.TrimEnd('.');
        switch (result.Fault)
        {
            case IngestFault.Unavailable:
                LogUnavailable(detail, wait.TotalSeconds, _context.Spool.Count, heldBack);
                break;
            case IngestFault.Unauthenticated:
                LogUnauthenticated(detail, wait.TotalSeconds, heldBack);
                break;
            case IngestFault.IncompatibleVersion:
                LogIncompatible(detail, wait.TotalSeconds, heldBack);
                break;
            case IngestFault.DeviceIdTaken:
                LogDeviceIdTaken(_context.DeviceId, detail, wait.TotalSeconds, heldBack);
                break;
            case IngestFault.TakenOver:
                LogTakenOver(detail, wait.TotalSeconds);
                break;
            case IngestFault.ProtocolBroken:
                LogProtocolBroken(detail, wait.TotalSeconds, heldBack);
                break;
        }
    }

    private void OnSpoolChanged(SpoolEntry? added)
    {
        if (added is not null)
        {
            Add(added, isOfAnEarlierRun: false);
        }

        _context.Losses.OnSpoolChanged();
        _context.Wake.Set();
    }

    private void Add(SpoolEntry entry, bool isOfAnEarlierRun)
    {
        _context.Transcripts.OnAdded(entry.Start);
        _context.Queue.Add(entry, isOfAnEarlierRun);
    }
}
