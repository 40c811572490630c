using System.Runtime.InteropServices;

namespace Fleet.Audio;

/// <summary>The few functions of libpocketsphinx and libsphinxbase that a decoder needs.</summary>
internal static unsafe partial class PocketSphinxNative
{
    private const string PocketSphinx = "libpocketsphinx.so.3";
    private const string SphinxBase = "libsphinxbase.so.3";

    [LibraryImport(PocketSphinx, EntryPoint = "ps_args")]
    public static partial nint Args();

    // The variadic cmd_ln_init cannot be called from .NET; this one takes the same arguments as an array.
    [LibraryImport(SphinxBase, EntryPoint = "cmd_ln_parse_r")]
    public static partial nint ParseArguments(nint config, nint definitions, int argc, byte** argv, int strict);

    [LibraryImport(SphinxBase, EntryPoint = "cmd_ln_free_r")]
    public static partial int FreeArguments(nint config);

    [LibraryImport(SphinxBase, EntryPoint = "err_set_logfp")]
    public static partial void SetLogFile(nint file);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_init")]
    public static partial nint Init(nint config);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_free")]
    public static partial int Free(nint decoder);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_start_stream")]
    public static partial int StartStream(nint decoder);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_start_utt")]
    public static partial int StartUtterance(nint decoder);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_process_raw")]
    public static partial int ProcessRaw(nint decoder, short* samples, nuint count, int noSearch, int fullUtterance);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_end_utt")]
    public static partial int EndUtterance(nint decoder);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_get_hyp")]
    public static partial byte* GetHypothesis(nint decoder, int* score);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_get_prob")]
    public static partial int GetProbability(nint decoder);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_get_logmath")]
    public static partial nint GetLogMath(nint decoder);

    [LibraryImport(SphinxBase, EntryPoint = "logmath_log_to_ln")]
    public static partial double LogToNatural(nint logMath, int value);
}
