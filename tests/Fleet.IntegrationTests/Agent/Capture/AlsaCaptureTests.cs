using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Fleet.DeviceAgent.Capture.Live;
using Fleet.DeviceAgent.Health;
using Fleet.DeviceAgent.Logging;
using Microsoft.Extensions.Logging;

namespace Fleet.IntegrationTests.Agent.Capture;

/// <summary>The microphone's side of the agent against a program that fails in every way in which arecord can.</summary>
public sealed class AlsaCaptureTests : IDisposable
{
    private readonly FakeArecord _arecord = new();
    private readonly DeviceHealth _health = new();
    private readonly Lines _log = new();
    private readonly List<short> _heard = [];
    private int _gaps;

    [Fact]
    public async Task Run_AsksForTheFormatThatItReads()
    {
        _arecord.Install("sound; exec sleep 60");

        await ListenAsync(until: () => _heard.Count == FakeArecord.SamplesOfARun, _arecord.Options("alsa:plughw:1,0"));

        (await File.ReadAllTextAsync(_arecord.File("arguments"))).Trim().ShouldBe("-q -D plughw:1,0 -t raw -f S16_LE -r 16000 -c 1");
        _heard.ShouldAllBe(sample => sample == 100);
        _gaps.ShouldBe(0);
    }

    [Fact]
    public async Task Run_ArecordDies_IsStartedAgainAndTheSoundHasAGap()
    {
        _arecord.Install("sound; echo 'arecord: pcm_read:2221: read error: No such device' >&2; exit 1", "sound; exec sleep 60");

        await ListenAsync(until: () => _heard.Count == 2 * FakeArecord.SamplesOfARun);

        _heard[..FakeArecord.SamplesOfARun].ShouldAllBe(sample => sample == 100);
        _heard[FakeArecord.SamplesOfARun..].ShouldAllBe(sample => sample == 200);
        _gaps.ShouldBe(1);
        _log.ShouldContain("No sound from the microphone alsa:test: arecord ended with exit code 1: arecord: pcm_read:2221: read error: No such device");
        _log.ShouldContain("is it plugged in?");
        _log.ShouldContain("The microphone alsa:test gives sound again");
        _health.Current.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_DeviceIsBusy_SaysWhoMayHoldItAndTriesUntilItIsFree()
    {
        const string Busy = "echo 'arecord: main:831: audio open error: Device or resource busy' >&2; exit 1";
        _arecord.Install(Busy, Busy, Busy, "sound; exec sleep 60");
        var sawMissing = false;
        _log.OnLine = _ => sawMissing |= _health.Current.Contains(DeviceHealth.MicrophoneMissing);

        await ListenAsync(until: () => _heard.Count > 0);

        sawMissing.ShouldBeTrue();
        _log.ShouldContain("Device or resource busy (another program holds the microphone");
        _log.All.Count(line => line.Contains("Device or resource busy", StringComparison.Ordinal)).ShouldBe(1, "once a minute is enough");
        _health.Current.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_ArecordHangs_IsKilledWithItsChildrenAndStartedAgain()
    {
        _arecord.Install("sound; sleep 600 & echo $! > \"$DIR/child\"; wait", "sound; exec sleep 60");

        // The second run hangs too, but by then the test is over.
        await ListenAsync(until: () => _heard.Contains((short)200), _arecord.Options() with { HangTimeout = TimeSpan.FromSeconds(2) });

        _log.ShouldContain("arecord gave no sound for 2 s (--input-timeout)");
        await HasEndedAsync(int.Parse(await File.ReadAllTextAsync(_arecord.File("child")), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Run_EndsWithinASample_TheNextRunBeginsWithAWholeOne()
    {
        _arecord.Install("sound; printf x; exit 0", "sound; exec sleep 60");

        await ListenAsync(until: () => _heard.Count == 2 * FakeArecord.SamplesOfARun);

        _heard.ShouldAllBe(sample => sample == 100 || sample == 200);
        _log.ShouldContain("exit code 0: it said nothing");
    }

    [Fact]
    public async Task Run_ProgramMissing_SaysWhatToInstallAndHearsAsSoonAsItIsThere()
    {
        _log.OnLine = line =>
        {
            if (line.Contains("apt-get install alsa-utils", StringComparison.Ordinal))
            {
                _arecord.Install("sound; exec sleep 60");
            }
        };

        await ListenAsync(until: () => _heard.Count == FakeArecord.SamplesOfARun);

        _log.ShouldContain("the program arecord is missing: install it (apt-get install alsa-utils), then list devices with: arecord -L");
    }

    [Theory]
    [InlineData("12.345", 0)]
    [InlineData("480.000", 1)]
    public async Task Run_ArecordLostSound_OnlyALongHoleIsAGap(string milliseconds, int gaps)
    {
        // The line is read on another thread than the sound: the script waits until it has been.
        _arecord.Install($"sound; echo 'overrun!!! (at least {milliseconds} ms long)' >&2; while [ ! -e \"$DIR/said\" ]; do sleep 0.01; done; sound; exec sleep 60");
        _log.OnLine = line =>
        {
            if (line.Contains("has a hole", StringComparison.Ordinal))
            {
                File.WriteAllText(_arecord.File("said"), "");
            }
        };

        await ListenAsync(until: () => _heard.Count == 2 * FakeArecord.SamplesOfARun);

        _gaps.ShouldBe(gaps);
        _log.ShouldContain($"has a hole of {milliseconds.Split('.')[0]} ms or more");
    }

    [Fact]
    public async Task Run_EndlessErrors_AreCutToALine()
    {
        _arecord.Install("head -c 3000000 /dev/zero | tr '\\0' 'e' >&2; exit 1", "sound; exec sleep 60");

        await ListenAsync(until: () => _heard.Count > 0);

        _log.All.ShouldAllBe(line => line.Length < 1_000);
    }

    [Fact]
    public async Task Run_PipelineTooSlow_DropsSaysSoOnceAndLeavesAGap()
    {
        _arecord.Install("sound; sound; sound; sound; exec sleep 60");
        var queue = new SampleQueue(TimeSpan.FromSeconds(1), TimeProvider.System);
        using var stopping = new CancellationTokenSource();
        var running = Create(_arecord.Options()).RunAsync(queue, stopping.Token);

        await _log.WaitForAsync("too slow for the microphone");
        while (queue.Dropped < TimeSpan.FromSeconds(2.5))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        await stopping.CancelAsync();
        await running;
        await foreach (var piece in queue.ReadAllAsync(CancellationToken.None))
        {
            Take(piece);
        }

        _heard.Count.ShouldBeLessThanOrEqualTo(FakeArecord.SamplesOfARun);
        (_heard.Count + (int)(queue.Dropped.TotalSeconds * 16_000)).ShouldBeInRange(3 * FakeArecord.SamplesOfARun, 4 * FakeArecord.SamplesOfARun);
        _log.All.Count(line => line.Contains("too slow", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Run_Stopped_LeavesNoProcessBehind()
    {
        _arecord.Install("while :; do sound; sleep 0.1; done");

        await ListenAsync(until: () => _heard.Count >= FakeArecord.SamplesOfARun);

        await HasEndedAsync(int.Parse(await File.ReadAllTextAsync(_arecord.File("pid")), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Probe_Busy_HasTheProblemAndTheRemedy()
    {
        _arecord.Install("echo 'arecord: main:831: audio open error: Device or resource busy' >&2; exit 1");

        var result = await InputProbe.MeasureAsync(_arecord.Options(), TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);

        result.Problem.ShouldNotBeNull().ShouldContain("another program holds the microphone");
    }

    [Fact]
    public async Task Probe_Sound_HasItsLevels()
    {
        _arecord.Install("sound; exec sleep 60");

        var result = await InputProbe.MeasureAsync(_arecord.Options(), TimeSpan.FromSeconds(0.5), TimeProvider.System, CancellationToken.None);

        result.Problem.ShouldBeNull();
        result.Levels.Samples.ShouldBeGreaterThanOrEqualTo(8_000);
        result.Levels.PeakDbfs.ShouldBe(20 * Math.Log10(100 / 32_768.0), 0.01);
    }

    [RealArecordFact]
    public async Task Probe_RealArecordWithADeviceThatAsksForNoCard_GivesSamples()
    {
        InputAddress.TryParse("alsa:null", out var address, out _).ShouldBeTrue();

        var result = await InputProbe.MeasureAsync(
            new CaptureOptions { Input = address.ShouldNotBeNull() }, TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);

        result.Problem.ShouldBeNull();
        result.Levels.Samples.ShouldBeGreaterThanOrEqualTo(16_000);
    }

    [RealArecordFact]
    public async Task Probe_RealArecordWithoutSuchADevice_SaysHowToListThem()
    {
        InputAddress.TryParse("alsa:nosuchdevice", out var address, out _).ShouldBeTrue();

        var result = await InputProbe.MeasureAsync(
            new CaptureOptions { Input = address.ShouldNotBeNull() }, TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);

        result.Problem.ShouldNotBeNull().ShouldContain("there is no such device: list devices with arecord -L");
    }

    public void Dispose() => _arecord.Dispose();

    private AlsaCapture Create(CaptureOptions options) => new(
        options, _health, new LogGate(TimeProvider.System, TimeSpan.FromMinutes(1)), () => 0, TimeProvider.System, _log);

    private async Task ListenAsync(Func<bool> until, CaptureOptions? options = null)
    {
        var queue = new SampleQueue(TimeSpan.FromSeconds(60), TimeProvider.System);
        using var stopping = new CancellationTokenSource();
        var running = Create(options ?? _arecord.Options()).RunAsync(queue, stopping.Token);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await foreach (var piece in queue.ReadAllAsync(timeout.Token))
            {
                Take(piece);
                if (until())
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_heard.Count} samples and {_gaps} gaps came. Log: {string.Join('\n', _log.All)}");
        }
        finally
        {
            await stopping.CancelAsync();
            await running;
        }
    }

    private void Take(SamplePiece piece)
    {
        _gaps += piece.IsGap ? 1 : 0;
        _heard.AddRange(piece.Samples);
        piece.Return();
    }

    private static async Task HasEndedAsync(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (ArgumentException)
        {
            // It has ended.
        }
    }

    private sealed class Lines : ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private string? _wanted;

        public IReadOnlyList<string> All => [.. _lines];

        public Action<string> OnLine { get; set; } = static _ => { };

        public Task WaitForAsync(string text)
        {
            _wanted = text;
            if (_lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
            {
                _seen.TrySetResult();
            }

            return _seen.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        public void ShouldContain(string text) => string.Join('\n', _lines).ShouldContain(text);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = formatter(state, exception);
            _lines.Enqueue(line);
            OnLine(line);
            if (_wanted is { } wanted && line.Contains(wanted, StringComparison.Ordinal))
            {
                _seen.TrySetResult();
            }
        }
    }
}
