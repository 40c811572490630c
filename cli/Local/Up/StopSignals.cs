using System.Runtime.InteropServices;

namespace Fleet.Cli.Local.Up;

/// <summary>Ctrl-C, SIGTERM and a closed terminal: the first one asks for an orderly stop, a second one for haste.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals()
    {
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
        (_stop.IsCancellationRequested ? _hurry : _stop).Cancel();
    }
}
