using System.Globalization;
using Fleet.DeviceAgent.Health;
using Fleet.DeviceAgent.Logging;
using Fleet.DeviceAgent.Uplink;

namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>
/// A microphone, through <c>arecord</c>. It is started again, with growing waits, when it dies, hangs or is missing, for as long as the agent
/// runs; each time the sound has a gap. Sound that the pipeline cannot take is dropped.
/// </summary>
internal sealed partial class AlsaCapture(
    CaptureOptions options, DeviceHealth health, LogGate gate, Func<double> random, TimeProvider time, ILogger logger) : ICapture
{
    // 100 ms of 16 kHz mono; what arecord writes at a time.
    private const int ReadBytes = 3_200;

    // A run as long as this shows that the microphone works: the next failure is a new one.
    private static readonly TimeSpan _healthyRun = TimeSpan.FromSeconds(10);

    // Below this a hole in a word is smaller than what cutting the utterance there would do.
    private const double MaxJoinedHoleMs = 100;

    private static readonly TimeSpan _overrunPause = TimeSpan.FromMilliseconds(50);

    private volatile bool _hasHole;
    private volatile bool _isSounding;
    private bool _isDown;

    public async Task RunAsync(SampleQueue queue, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(options.ShortestRestartWait, options.LongestRestartWait, random);
        try
        {
            while (true)
            {
                var startedAt = time.GetTimestamp();
                var problem = await RunOnceAsync(queue, cancellationToken);
                queue.MarkGap();
                if (time.GetElapsedTime(startedAt) >= _healthyRun)
                {
                    backoff.Reset();
                }

                var wait = backoff.Next();
                TellDown(problem, wait);
                await Task.Delay(wait, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The agent stops.
        }
        finally
        {
            queue.Complete();
        }
    }

    /// <summary>One run of arecord, to its end; why it ended.</summary>
    private async Task<string> RunOnceAsync(SampleQueue queue, CancellationToken cancellationToken)
    {
        _isSounding = false; // what it says before its first sound, it says again when it ends
        try
        {
            await using var arecord = ArecordProcess.Start(options, TakeErrorLine, time);
            return await PumpAsync(arecord, queue, cancellationToken);
        }
        catch (AudioSourceException ex)
        {
            return ex.Message;
        }
        catch (IOException ex)
        {
            return $"arecord cannot be read: {ex.Message}";
        }
    }

    private async Task<string> PumpAsync(ArecordProcess arecord, SampleQueue queue, CancellationToken cancellationToken)
    {
        var converter = new PcmConverter(options.SampleRateHz, options.Channels);
        var buffer = new byte[ReadBytes];
        var rate = new CaptureRate(options.SampleRateHz, options.Channels, time);
        while (true)
        {
            int count;
            using (var idle = new CancellationTokenSource(options.HangTimeout, time))
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken))
            {
                try
                {
                    count = await arecord.ReadAsync(buffer, either.Token);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    Deliver(converter, queue, converter.Complete());
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"arecord gave no sound for {options.HangTimeout.TotalSeconds:0.#} s (--input-timeout) and is started again; "
                        + $"if this goes on, plug the microphone in again{(arecord.LastError.Length > 0 ? $". It last said: {arecord.LastError}" : "")}");
                }
            }

            if (count == 0)
            {
                Deliver(converter, queue, converter.Complete());
                return await arecord.DescribeEndAsync(cancellationToken);
            }

            TellUp();
            if (rate.Take(count) is { } realRateHz && gate.TryPass("input-rate", out _))
            {
                LogOtherRate(options.Input.Text, realRateHz, options.SampleRateHz);
            }

            _isSounding = true;
            if (_hasHole)
            {
                _hasHole = false;
                Deliver(converter, queue, converter.Complete());
                queue.MarkGap();
            }

            if (!Deliver(converter, queue, converter.Convert(buffer.AsSpan(0, count))))
            {
                // Reading on at once would only burn what the pipeline lacks: until then the sound waits in arecord's pipe.
                await Task.Delay(_overrunPause, time, cancellationToken);
            }
        }
    }

    private bool Deliver(PcmConverter converter, SampleQueue queue, ReadOnlyMemory<short> pcm16k)
    {
        var before = queue.Dropped;
        queue.Write(pcm16k.Span, converter.TakeLevels());
        if (queue.Dropped == before)
        {
            return true;
        }

        if (gate.TryPass("input-overrun", out _))
        {
            LogOverrun(options.Input.Text, queue.Dropped.TotalSeconds, options.Buffer.TotalSeconds);
        }

        return false;
    }

    private void TakeErrorLine(string line)
    {
        if (line.StartsWith("overrun", StringComparison.OrdinalIgnoreCase))
        {
            // "overrun!!! (at least 12.345 ms long)"
            var milliseconds = HoleMilliseconds(line);
            _hasHole |= milliseconds >= MaxJoinedHoleMs;
            if (gate.TryPass("arecord-overrun", out var heldBack))
            {
                LogHole(options.Input.Text, milliseconds, heldBack);
            }
        }
        else if (_isSounding && gate.TryPass("arecord-says", out var heldBack))
        {
            LogSaid(options.Input.Text, line, heldBack);
        }
    }

    private static double HoleMilliseconds(string line)
    {
        const string Marker = "at least ";
        var at = line.IndexOf(Marker, StringComparison.OrdinalIgnoreCase);
        var rest = at < 0 ? "" : line[(at + Marker.Length)..].Split(' ')[0];
        return double.TryParse(rest, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.PositiveInfinity;
    }

    private void TellUp()
    {
        if (_isDown)
        {
            _isDown = false;
            health.Set(DeviceHealth.MicrophoneMissing, false);
            LogUp(options.Input.Text);
        }
    }

    private void TellDown(string problem, TimeSpan wait)
    {
        var isNew = health.Set(DeviceHealth.MicrophoneMissing, true);
        _isDown = true;
        if (gate.TryPass($"input-down {problem}", out var heldBack) || isNew)
        {
            LogDown(options.Input.Text, problem, wait.TotalSeconds, heldBack);
        }
    }
}
