using System.Runtime.InteropServices;
using Fleet.Audio;
using Fleet.DeviceAgent.Capture;
using Fleet.DeviceAgent.Capture.Live;
using Fleet.DeviceAgent.Endpointing;
using Fleet.DeviceAgent.Health;
using Fleet.DeviceAgent.Hooks;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Keywords;
using Fleet.DeviceAgent.Mute;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Testing;
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
    private static readonly TimeSpan _maintenanceInterval = TimeSpan.FromMinutes(1);

    private readonly StateFolder _folder;
    private readonly ITimer? _maintenance;
    private readonly UtteranceRecorder _recorder;
    private readonly UtteranceLedger? _ledger;
    private readonly ISegmenter _segmenter;
    private readonly Player _player;
    private readonly Listener? _listener;
    private readonly DeviceOptions _options;
    private readonly DeviceServices _services;
    private readonly DeviceHealth _health = new();
    private readonly DeviceHooks _hooks;
    private readonly ILogger _logger;
    private readonly DeviceUplink _uplink;

    private Device(string id, string stateFolder, DeviceOptions options, DeviceServices services)
    {
        Id = id;
        (_options, _services, _logger) = (options, services, services.Loggers.CreateLogger(id));
        _hooks = new DeviceHooks(id, options.Hooks, services.LogGate, services.Time, _logger);
        _health.Appeared += OnFault;
        _folder = StateFolder.Hold(stateFolder);
        try
        {
            Install = Install.Open(stateFolder, services.Time);
            Spool = UtteranceSpool.Open(stateFolder, options.Spool, services.Time, _logger, out var recovery, Install);
            TakeIds(recovery);
            _maintenance = services.Time.CreateTimer(_ => Spool.Maintain(), null, _maintenanceInterval, _maintenanceInterval);

            Transcripts = new TranscriptTracker(id, services.Printer, services.Time, _hooks);
            var clock = new SampleClock(options.Player.Speed * Resampler.OutputRateHz, services.Time.TimestampFrequency);
            var levels = new LevelWatch(_health, services.LogGate, _logger);
            _ledger = options.LedgerFolder is { } folder ? UtteranceLedger.Open(folder, id, TimeProvider.System) : null;
            _recorder = new UtteranceRecorder(
                Spool, Install, clock, levels, options.Trigger, options.Spool.MaxBytes / 2, services.Time, _logger, _ledger, _hooks);
            _segmenter = CreateSegmenter(options, services, _recorder);
            _player = new Player(_recorder, _segmenter, levels, services.PlayReport, options.Player, services.Time);
            if (options.Capture is { } capture)
            {
                var mute = new MuteWatch(new MuteSwitch(stateFolder, capture.MuteTimes, services.Time), _health, _logger);
                _listener = new Listener(capture.Input.Text, _recorder, _segmenter, levels, mute, services.Work, services.PlayReport, services.Time);
            }

            _health.Set(DeviceHealth.SpeechModelMissing, services.Vad is EnergyVad);
            var context = CreateContext(options, services);
            _uplink = new DeviceUplink(context, services.Connector, services.LogGate, Random.Shared.NextDouble, _logger);
        }
        catch
        {
            _maintenance?.Dispose();
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

    /// <summary>Listens to the live input until it is over or the token is cancelled.</summary>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        if (_options.Capture is not { } options || _listener is null)
        {
            return;
        }

        var queue = new SampleQueue(options.Buffer, _services.Time);
        using var capture = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var capturing = Task.Run(() => Open(options).RunAsync(queue, capture.Token), CancellationToken.None);
        try
        {
            await _listener.RunAsync(queue, cancellationToken);
        }
        catch
        {
            _services.Work.Fail();
            throw;
        }
        finally
        {
            // Whatever ends the listener: no arecord is left behind.
            await capture.CancelAsync();
            await capturing;
        }
    }

    /// <summary>Stays connected until the token is cancelled.</summary>
    public Task StayConnectedAsync(CancellationToken cancellationToken) => _uplink.RunAsync(cancellationToken);

    /// <summary>Ends when the commands for what has happened so far are done.</summary>
    public Task FinishHooksAsync() => _hooks.DisposeAsync().AsTask();

    public void Dispose()
    {
        _maintenance?.Dispose();
        _segmenter.Dispose();
        _recorder.Dispose();
        _ledger?.Dispose();
        _folder.Dispose();
    }

    private void OnFault(string fault)
    {
        // What the owner wants is no error.
        if (fault != DeviceHealth.Muted)
        {
            _hooks.Raise(new HookCall(HookEvent.Error) { Reason = fault });
        }
    }

    private ICapture Open(CaptureOptions options) => options.Input.AlsaDevice is null
        ? new StdinCapture(options, _services.OpenStandardInput(), _logger)
        : new AlsaCapture(options, _health, _services.LogGate, Random.Shared.NextDouble, _services.Time, _logger);

    private ISegmenter CreateSegmenter(DeviceOptions options, DeviceServices services, UtteranceRecorder recorder)
    {
        if (options.Trigger == Trigger.Button)
        {
            return new ButtonSegmenter((long)(options.Endpointer.MaxUtterance.TotalSeconds * Resampler.OutputRateHz), recorder);
        }

        ArgumentNullException.ThrowIfNull(services.Vad);
        if (options.Keyword is { } keyword && services.Keywords is { } models && !(keyword.FallBackToSpeech && models.Current.Models.Count == 0))
        {
            var nearMisses = keyword.NearMisses > 0 ? new NearMissStore(Path.Combine(_folder.Path, "near-misses"), keyword.NearMisses, services.Time) : null;
            var watch = new KeywordWatch(_health, services.LogGate, nearMisses, _logger, _hooks);
            return new KeywordSegmenter(
                keyword, options.Endpointer, models, services.Vad.CreateStream(), models.CreateSecondStage(), recorder, watch);
        }

        _health.Set(DeviceHealth.KeywordModelFaulty, options.Keyword is not null);
        return new VadSegmenter(options.Endpointer, services.Vad.CreateStream(), recorder);
    }

    /// <summary>What is said from now on sorts after what an earlier run has recorded, also where the clock has stepped back.</summary>
    private void TakeIds(SpoolRecovery recovery)
    {
        foreach (var id in recovery.Entries.Select(entry => entry.Id).Concat(Spool.Losses.Select(loss => loss.UtteranceId)))
        {
            Install.UtteranceIds.StartAfter(Guid.Parse(id));
        }
    }

    private UplinkContext CreateContext(DeviceOptions options, DeviceServices services)
    {
        var correction = new ClockCorrection(Install, Spool, _logger);
        return new UplinkContext
        {
            DeviceId = Id,
            AgentVersion = $"fleet-agent {typeof(Device).Assembly.GetName().Version?.ToString(3)} ({RuntimeInformation.RuntimeIdentifier})",
            Install = Install,
            Spool = Spool,
            Queue = new SendQueue(options.Uplink, services.Time, Random.Shared.NextDouble, correction),
            Losses = new LossQueue(Spool, options.Uplink, services.Time, Random.Shared.NextDouble),
            Correction = correction,
            Transcripts = Transcripts,
            Health = _health,
            Options = options.Uplink,
            Time = services.Time,
        };
    }
}
