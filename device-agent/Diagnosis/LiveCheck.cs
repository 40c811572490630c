using Fleet.Audio;
using Fleet.Audio.Keywords;
using Fleet.DeviceAgent.Capture.Live;
using Fleet.DeviceAgent.Health;
using Fleet.DeviceAgent.Keywords;
using Fleet.DeviceAgent.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>
/// Shows a person who sets a device up what the agent would make of the sound: level, speech, score of each keyword, ten times a second in a terminal, else
/// once a second. Nothing of the sound is kept or sent.
/// </summary>
internal sealed class LiveCheck(CaptureOptions capture, KeywordModels? keywords, KeywordOptions? options, string? speechModel, TextWriter output, TimeProvider time)
{
    public const string Name = "live";

    private const int SampleRateHz = 16_000;
    private const int PieceSamples = 1_280;
    private const int PerSecond = 10;

    private readonly LiveMeter _meter = new();
    private readonly short[] _frame = new short[SileroVad.FrameSamples];
    private int _inFrame;
    private long _samples;
    private float _probability;

    /// <summary>Listens for so long, or until the token is cancelled: that ends the look, not the check.</summary>
    /// <param name="length">Of sound, not of the clock: a microphone that begins late is looked at for as long.</param>
    /// <param name="json">One object a second.</param>
    /// <param name="inPlace">A terminal, whose line can be written over.</param>
    /// <param name="stopping">Ends it sooner.</param>
    public async Task<CheckResult> RunAsync(TimeSpan length, bool json, bool inPlace, CancellationToken stopping)
    {
        var samples = (long)(length.TotalSeconds * SampleRateHz);
        var step = inPlace && !json ? SampleRateHz / PerSecond : SampleRateHz;
        var set = keywords?.Take();
        try
        {
            using var vad = LoadVad();
            using var stream = vad.CreateStream();
            using var second = keywords?.CreateSecondStage();
            using var spotter = set is null || options is null ? null : new KeywordSpotter(
                set.Models,
                new KeywordSpotterOptions { Stream = new KeywordStreamOptions { Threshold = options.Threshold, StepsPerCall = options.StepsPerCall } },
                _meter,
                second);
            _meter.Expect(set?.Models.SelectMany(static model => model.Keywords) ?? []);

            var queue = new SampleQueue(capture.Buffer, time);
            // A microphone that gives nothing is not waited for for ever.
            using var late = new CancellationTokenSource(length + (2 * capture.HangTimeout), time);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(stopping, late.Token);
            var gate = new LogGate(time, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
            var capturing = Task.Run(
                () => new AlsaCapture(capture, new DeviceHealth(), gate, Random.Shared.NextDouble, time, NullLogger.Instance).RunAsync(queue, enough.Token), CancellationToken.None);
            var next = (long)step;
            await foreach (var piece in queue.ReadAllAsync(CancellationToken.None))
            {
                if (_samples >= samples)
                {
                    piece.Return();
                    continue;
                }

                Take(piece, stream, spotter);
                if (_samples >= next && !enough.IsCancellationRequested)
                {
                    next += step;
                    await ShowAsync(json, inPlace);
                }

                if (_samples >= samples)
                {
                    await enough.CancelAsync();
                }
            }

            await capturing;
            if (inPlace && !json && next > step)
            {
                await output.WriteLineAsync();
            }

            return _meter.Judge(TimeSpan.FromSeconds((double)_samples / SampleRateHz));
        }
        catch (KeywordModelException ex)
        {
            return CheckResult.No(Name, ex.Message, "see docs/keywords.md");
        }
        finally
        {
            set?.Release();
        }
    }

    private IVad LoadVad()
    {
        try
        {
            return SileroVad.Load(speechModel);
        }
        catch (VadUnavailableException)
        {
            return new EnergyVad(); // the agent does the same; another line says so
        }
    }

    private void Take(SamplePiece piece, IVadStream vad, KeywordSpotter? spotter)
    {
        try
        {
            _meter.Hear(piece.Levels);
            _samples += piece.Count;
            for (var rest = piece.Samples; !rest.IsEmpty;)
            {
                var part = rest[..Math.Min(rest.Length, PieceSamples)];
                rest = rest[part.Length..];
                Detect(part, vad);
                spotter?.Push(part, _probability);
            }
        }
        finally
        {
            piece.Return();
        }
    }

    private void Detect(ReadOnlySpan<short> samples, IVadStream vad)
    {
        _probability = 0;
        while (!samples.IsEmpty)
        {
            var count = Math.Min(samples.Length, _frame.Length - _inFrame);
            samples[..count].CopyTo(_frame.AsSpan(_inFrame));
            samples = samples[count..];
            _inFrame += count;
            if (_inFrame == _frame.Length)
            {
                _inFrame = 0;
                var probability = vad.Push(_frame);
                _probability = Math.Max(_probability, probability);
                _meter.OnSpeech(probability);
            }
        }
    }

    private async Task ShowAsync(bool json, bool inPlace)
    {
        if (json)
        {
            await output.WriteLineAsync(_meter.TakeJson(TimeSpan.FromSeconds((double)_samples / SampleRateHz)));
        }
        else if (inPlace)
        {
            // Back to the line's beginning, and what a longer one has left is cleared.
            await output.WriteAsync($"\r{_meter.TakeLine(hold: PerSecond)}\e[K");
        }
        else
        {
            await output.WriteLineAsync(_meter.TakeLine(hold: 1));
        }

        await output.FlushAsync();
    }
}
