using System.Runtime.InteropServices;

namespace Fleet.Cli.Local.Up;

/// <summary>Ctrl-C, SIGTERM and a closed terminal: the first one asks for an orderly stop, a second one for haste.</summary>
internal sealed class StopSignals : IDisposable
{
    // `timeout` and other wrappers send a signal to the process and to its group, so that it comes twice: that is one wish, not two.
    private static readonly TimeSpan _sameWish = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _timeProvider;
    private readonly Lock _firstLock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly PosixSignalRegistration[] _registrations;

    private long? _first;

    public StopSignals(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _registrations =
        [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }
                .Select(signal => PosixSignalRegistration.Create(signal, OnSignal)),
        ];
    }

    public CancellationToken Stop => _stop.Token;

    public CancellationToken Hurry => _hurry.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
        _hurry.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // Without this the runtime would end us, and the parts would be left behind.
        context.Cancel = true;
        OnWish();
    }

    internal void OnWish()
    {
        lock (_firstLock)
        {
            if (_first is { } first && _timeProvider.GetElapsedTime(first) < _sameWish)
            {
                return;
            }

            _first ??= _timeProvider.GetTimestamp();
        }

        (_stop.IsCancellationRequested ? _hurry : _stop).Cancel();
    }
}
