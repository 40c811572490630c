using System.Runtime.InteropServices;
using Fleet.Audio;
using Fleet.DeviceAgent.Capture;
using Fleet.DeviceAgent.Endpointing;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Transcripts;
using Fleet.DeviceAgent.Uplink;
using Fleet.V1;

namespace Fleet.DeviceAgent.Devices;

/// <summary>
/// One device: identity, spool, uplink and what it plays. A Raspberry Pi runs one, a simulation many. Sound flows one way: player,
/// segmenter, recorder, spool, uplink.
/// </summary>
internal sealed class Device : IDisposable
{
    private readonly StateFolder _folder;
    private readonly UtteranceRecorder _recorder;
    private readonly ISegmenter _segmenter;
    private readonly Player _player;
    private readonly DeviceUplink _uplink;

    private Device(string id, string stateFolder, DeviceOptions options, DeviceServices services)
    {
        Id = id;
        var logger = services.Loggers.CreateLogger(id);
        _folder = StateFolder.Hold(stateFolder);
        try
        {
            Install = Install.Open(stateFolder, services.Time);
            Spool = UtteranceSpool.Open(stateFolder, options.Spool, services.Time, logger, out var recovery);
            Take(recovery);

            Transcripts = new TranscriptTracker(id, services.Printer, services.Time);
            var clock = new SampleClock(options.Player.Speed * Resampler.OutputRateHz);
            _recorder = new UtteranceRecorder(Spool, Install, clock, options.Trigger, options.Spool.MaxBytes / 2, logger);
            _segmenter = CreateSegmenter(options, services.Vad, _recorder);
            _player = new Player(_recorder, _segmenter, services.PlayReport, options.Player, services.Time);
            var context = CreateContext(options, services);
            _uplink = new DeviceUplink(context, services.Connector, services.LogGate, Random.Shared.NextDouble, logger);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    public string Id { get; }

    public Install Install { get; }

    public UtteranceSpool Spool { get; }

    public TranscriptTracker Transcripts { get; }

    /// <summary>Utterances recorded since the start.</summary>
    public long Recorded => _recorder.Recorded;

    /// <exception cref="IOException">The state folder cannot be used.</exception>
    /// <exception cref="InvalidDataException">The identity in it is damaged.</exception>
    public static Device Open(string id, string stateFolder, DeviceOptions options, DeviceServices services) =>
        new(id, stateFolder, options, services);

    /// <summary>Plays until all is played or the token is cancelled.</summary>
    public Task PlayAsync(IReadOnlyList<Recording> recordings, CancellationToken cancellationToken) =>
        _player.PlayAsync(recordings, cancellationToken);

    /// <summary>Stays connected until the token is cancelled.</summary>
    public Task StayConnectedAsync(CancellationToken cancellationToken) => _uplink.RunAsync(cancellationToken);

    public void Dispose()
    {
        _segmenter.Dispose();
        _recorder.Dispose();
        _folder.Dispose();
    }

    private static ISegmenter CreateSegmenter(DeviceOptions options, SileroVad? vad, UtteranceRecorder recorder)
    {
        if (options.Trigger == Trigger.Button)
        {
            return new ButtonSegmenter((long)(options.Endpointer.MaxUtterance.TotalSeconds * Resampler.OutputRateHz), recorder);
        }

        ArgumentNullException.ThrowIfNull(vad);
        return new VadSegmenter(options.Endpointer, vad.CreateStream(), recorder);
    }

    private void Take(SpoolRecovery recovery)
    {
        foreach (var entry in recovery.Entries)
        {
            Install.UseSequenceNumber(entry.SequenceNumber);
            Install.UtteranceIds.StartAfter(Guid.Parse(entry.Id));
        }

        Install.ReturnSequenceNumber(recovery.UnusedSequenceNumber);
    }

    private UplinkContext CreateContext(DeviceOptions options, DeviceServices services) => new()
    {
        DeviceId = Id,
        AgentVersion = $"fleet-agent {typeof(Device).Assembly.GetName().Version?.ToString(3)} ({RuntimeInformation.RuntimeIdentifier})",
        Install = Install,
        Spool = Spool,
        Queue = new SendQueue(options.Uplink, services.Time, Random.Shared.NextDouble),
        Transcripts = Transcripts,
        Options = options.Uplink,
        Time = services.Time,
    };
}
