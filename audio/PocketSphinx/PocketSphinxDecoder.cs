using System.Runtime.InteropServices;

namespace Fleet.Audio;

/// <summary>
/// PocketSphinx with the English model of Debian's packages. About 100 MB a decoder. A decoder is not thread safe and works on whole
/// utterances only: mixing in chunked decoding would change its later results.
/// </summary>
public sealed unsafe class PocketSphinxDecoder : IDisposable
{
    /// <summary>Where Debian's package pocketsphinx-en-us puts its model.</summary>
    public const string DefaultModelFolder = "/usr/share/pocketsphinx/model/en-us";

    /// <summary>The rate of the audio it takes, in samples a second.</summary>
    public const int SampleRateHz = 16_000;

    private const string Remedy = "Install it with: apt-get install -y libpocketsphinx3 pocketsphinx-en-us";

    private readonly nint _logMath;
    private readonly PocketSphinxFrames? _frames;
    private nint _decoder;
    private byte** _arguments;

    private PocketSphinxDecoder(string modelFolder)
    {
        // The flat second pass costs a tenth of the time and gains nothing: docs/benchmarks.md.
        string[] arguments =
        [
            "fleet",
            "-hmm", Path.Combine(modelFolder, "en-us"),
            "-lm", Path.Combine(modelFolder, "en-us.lm.bin"),
            "-dict", Path.Combine(modelFolder, "cmudict-en-us.dict"),
            "-fwdflat", "no",
        ];

        // The library keeps pointers into the arguments: they live as long as the decoder.
        _arguments = (byte**)NativeMemory.AllocZeroed((nuint)arguments.Length, (nuint)sizeof(byte*));
        for (var i = 0; i < arguments.Length; i++)
        {
            _arguments[i] = (byte*)Marshal.StringToCoTaskMemUTF8(arguments[i]);
        }

        ArgumentCount = arguments.Length;
        PocketSphinxNative.SetLogFile(0);
        var config = PocketSphinxNative.ParseArguments(0, PocketSphinxNative.Args(), arguments.Length, _arguments, 1);
        if (config != 0)
        {
            _decoder = PocketSphinxNative.Init(config);
            _ = PocketSphinxNative.FreeArguments(config);
        }

        if (_decoder == 0)
        {
            Dispose();
            throw new RecogniserUnavailableException($"PocketSphinx cannot load the model in '{modelFolder}'. {Remedy} --reinstall");
        }

        _logMath = PocketSphinxNative.GetLogMath(_decoder);
        _frames = new PocketSphinxFrames(_decoder);
    }

    /// <summary>Frees the decoder when its owner did not.</summary>
    ~PocketSphinxDecoder() => Free();

    private int ArgumentCount { get; }

    /// <summary>Loads the library and the model (about half a second).</summary>
    /// <exception cref="RecogniserUnavailableException">Library or model is missing.</exception>
    public static PocketSphinxDecoder Load(string? modelFolder = null)
    {
        modelFolder ??= DefaultModelFolder;
        foreach (var part in (string[])["en-us/mdef", "en-us.lm.bin", "cmudict-en-us.dict"])
        {
            var file = Path.Combine(modelFolder, part);
            if (!File.Exists(file))
            {
                throw new RecogniserUnavailableException($"The speech model is incomplete: '{file}' is missing. {Remedy}");
            }
        }

        try
        {
            return new PocketSphinxDecoder(modelFolder);
        }
        catch (Exception ex) when (ex is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new RecogniserUnavailableException($"The PocketSphinx library libpocketsphinx.so.3 is missing. {Remedy}", ex);
        }
    }

    /// <summary>Recognises one whole utterance of 16 kHz mono audio.</summary>
    /// <param name="pcm16k">The samples.</param>
    /// <param name="alternatives">How many other texts it may have been are wanted.</param>
    public Recognition Decode(ReadOnlySpan<short> pcm16k, int alternatives = 0)
    {
        ObjectDisposedException.ThrowIf(_decoder == 0, this);
        var duration = TimeSpan.FromSeconds((double)pcm16k.Length / SampleRateHz);
        if (pcm16k.IsEmpty)
        {
            return new Recognition(string.Empty, null, duration);
        }

        // A stream of its own for each utterance: else times and noise statistics of the last one leak into this one.
        Check(PocketSphinxNative.StartStream(_decoder), "ps_start_stream");
        Check(PocketSphinxNative.StartUtterance(_decoder), "ps_start_utt");
        int processed;
        fixed (short* samples = pcm16k)
        {
            processed = PocketSphinxNative.ProcessRaw(_decoder, samples, (nuint)pcm16k.Length, noSearch: 0, fullUtterance: 1);
        }

        Check(PocketSphinxNative.EndUtterance(_decoder), "ps_end_utt");
        Check(processed, "ps_process_raw");

        int score;
        var text = Marshal.PtrToStringUTF8((nint)PocketSphinxNative.GetHypothesis(_decoder, &score)) ?? string.Empty;
        if (text.Length == 0)
        {
            return new Recognition(string.Empty, null, duration);
        }

        var logProbability = PocketSphinxNative.LogToNatural(_logMath, PocketSphinxNative.GetProbability(_decoder));
        return new Recognition(text, PocketSphinxResults.PerWord(logProbability, text), duration)
        {
            Words = PocketSphinxResults.Words(_decoder, _logMath, _frames?.Places(pcm16k, processed) ?? []),
            Alternatives = alternatives > 0 ? PocketSphinxResults.Alternatives(_decoder, _logMath, text, logProbability, alternatives) : [],
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static void Check(int result, string function)
    {
        if (result < 0)
        {
            throw new InvalidOperationException($"PocketSphinx refused the audio: {function} returned {result}.");
        }
    }

    private void Free()
    {
        _frames?.Dispose();
        if (_decoder != 0)
        {
            _ = PocketSphinxNative.Free(_decoder);
            _decoder = 0;
        }

        if (_arguments is not null)
        {
            for (var i = 0; i < ArgumentCount; i++)
            {
                Marshal.FreeCoTaskMem((nint)_arguments[i]);
            }

            NativeMemory.Free(_arguments);
            _arguments = null;
        }
    }
}
