using Fleet.Silo.Telemetry;
using Microsoft.AspNetCore.Connections;

namespace Fleet.Silo.Hosting;

/// <summary>How many connections of devices and programs are open: what is beyond the limit is closed before it costs anything.</summary>
internal sealed partial class ConnectionLimit
{
    private static readonly TimeSpan _logEvery = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly ILogger<ConnectionLimit> _logger;
    private int _open;
    private long _refused;
    private long _loggedAt;

    public ConnectionLimit(FleetInstruments instruments, TimeProvider time, ILogger<ConnectionLimit> logger)
    {
        _time = time;
        _logger = logger;
        instruments.Meter.CreateObservableGauge("fleet.grpc.connections", () => OpenCount, "{connection}", "Open connections of devices and programs.");
    }

    /// <summary>Set once, when the server is configured.</summary>
    public int MaxConnections { get; set; } = int.MaxValue;

    public int OpenCount => Volatile.Read(ref _open);

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > MaxConnections)
            {
                Refuse();
                connection.Abort();
                return;
            }

            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private void Refuse()
    {
        var refused = Interlocked.Increment(ref _refused);
        var loggedAt = Interlocked.Read(ref _loggedAt);
        // Once a minute, not once a connection.
        if ((refused == 1 || _time.GetElapsedTime(loggedAt) >= _logEvery)
            && Interlocked.CompareExchange(ref _loggedAt, _time.GetTimestamp(), loggedAt) == loggedAt)
        {
            LogFull(MaxConnections, refused);
        }
    }

    [LoggerMessage(EventIds.ConnectionsFull, LogLevel.Warning, "{Max} connections are open (Fleet:Grpc:MaxConnections); more are closed at once, {Refused} so far.")]
    private partial void LogFull(int max, long refused);
}
