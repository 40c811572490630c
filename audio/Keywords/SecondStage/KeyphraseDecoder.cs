using System.Runtime.InteropServices;

namespace Fleet.Audio.Keywords;

/// <summary>A PocketSphinx decoder that listens for one phrase. Not thread safe.</summary>
internal sealed unsafe class KeyphraseDecoder : IDisposable
{
    private readonly int _argumentCount;
    private nint _decoder;
    private byte** _arguments;

    /// <param name="phrase">Words of the dictionary.</param>
    /// <param name="threshold">Such as 1e-10.</param>
    /// <param name="modelFolder">Holds the acoustic model en-us.</param>
    /// <param name="dictionary">Its lines for these words.</param>
    /// <exception cref="RecogniserUnavailableException">Library or model is missing.</exception>
    public KeyphraseDecoder(string phrase, string threshold, string modelFolder, IEnumerable<string> dictionary)
    {
        // The whole dictionary would be most of the memory.
        var words = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(words, dictionary);
            string[] arguments = ["fleet", "-hmm", Path.Combine(modelFolder, "en-us"), "-dict", words, "-keyphrase", phrase, "-kws_threshold", threshold];
            _argumentCount = arguments.Length;
            _decoder = Load(arguments);
        }
        catch (Exception ex) when (ex is DllNotFoundException or EntryPointNotFoundException)
        {
            Dispose();
            throw new RecogniserUnavailableException(
                "The PocketSphinx library libpocketsphinx.so.3 is missing. Install it with: apt-get install -y libpocketsphinx3 pocketsphinx-en-us", ex);
        }
        finally
        {
            File.Delete(words);
        }

        if (_decoder == 0)
        {
            Dispose();
            throw new RecogniserUnavailableException(
                $"PocketSphinx cannot load the model in '{modelFolder}'. Install it with: apt-get install -y libpocketsphinx3 pocketsphinx-en-us --reinstall");
        }
    }

    ~KeyphraseDecoder() => Free();

    /// <summary>Whether the phrase is in these samples.</summary>
    public bool Hears(ReadOnlySpan<short> pcm16k)
    {
        ObjectDisposedException.ThrowIf(_decoder == 0, this);
        if (pcm16k.IsEmpty)
        {
            return false;
        }

        // A stream of its own each time: else noise statistics of the last one leak into this one.
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
        return PocketSphinxNative.GetHypothesis(_decoder, &score) is var text && text is not null && *text != 0;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private nint Load(string[] arguments)
    {
        // The library keeps pointers into the arguments: they live as long as the decoder.
        _arguments = (byte**)NativeMemory.AllocZeroed((nuint)arguments.Length, (nuint)sizeof(byte*));
        for (var i = 0; i < arguments.Length; i++)
        {
            _arguments[i] = (byte*)Marshal.StringToCoTaskMemUTF8(arguments[i]);
        }

        PocketSphinxNative.SetLogFile(0);
        var config = PocketSphinxNative.ParseArguments(0, PocketSphinxNative.Args(), arguments.Length, _arguments, 1);
        if (config == 0)
        {
            return 0;
        }

        var decoder = PocketSphinxNative.Init(config);
        _ = PocketSphinxNative.FreeArguments(config);
        return decoder;
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
        if (_decoder != 0)
        {
            _ = PocketSphinxNative.Free(_decoder);
            _decoder = 0;
        }

        if (_arguments is not null)
        {
            for (var i = 0; i < _argumentCount; i++)
            {
                Marshal.FreeCoTaskMem((nint)_arguments[i]);
            }

            NativeMemory.Free(_arguments);
            _arguments = null;
        }
    }
}
