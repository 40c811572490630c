using System.Runtime.InteropServices;

namespace Fleet.Audio;

/// <summary>What a decoder tells about its result beyond the text, and the front end that says where in the audio a frame lies.</summary>
internal static unsafe partial class PocketSphinxNative
{
    // Some versions of the library have the score parameter and some do not: a register too many is harmless.
    [LibraryImport(PocketSphinx, EntryPoint = "ps_seg_iter")]
    public static partial nint FirstSegment(nint decoder, int* score);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_seg_next")]
    public static partial nint NextSegment(nint segment);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_seg_word")]
    public static partial byte* SegmentWord(nint segment);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_seg_frames")]
    public static partial void SegmentFrames(nint segment, int* first, int* last);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_seg_prob")]
    public static partial int SegmentProbability(nint segment, int* acoustic, int* language, int* backOff);

    // As above: some versions take the decoder alone, and all of the utterance is what these values mean in the others.
    [LibraryImport(PocketSphinx, EntryPoint = "ps_nbest")]
    public static partial nint FirstBest(nint decoder, int firstFrame, int lastFrame, byte* context1, byte* context2);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_nbest_next")]
    public static partial nint NextBest(nint best);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_nbest_hyp")]
    public static partial byte* BestHypothesis(nint best, int* score);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_nbest_free")]
    public static partial void FreeBest(nint best);

    [LibraryImport(PocketSphinx, EntryPoint = "ps_get_config")]
    public static partial nint GetConfig(nint decoder);

    [LibraryImport(SphinxBase, EntryPoint = "fe_init_auto_r")]
    public static partial nint FrontEndInit(nint config);

    [LibraryImport(SphinxBase, EntryPoint = "fe_free")]
    public static partial int FrontEndFree(nint frontEnd);

    [LibraryImport(SphinxBase, EntryPoint = "fe_start_stream")]
    public static partial void FrontEndStartStream(nint frontEnd);

    [LibraryImport(SphinxBase, EntryPoint = "fe_start_utt")]
    public static partial int FrontEndStart(nint frontEnd);

    [LibraryImport(SphinxBase, EntryPoint = "fe_process_frames")]
    public static partial int FrontEndProcess(nint frontEnd, short** samples, nuint* count, float** rows, int* frames, int* utteranceStart);

    [LibraryImport(SphinxBase, EntryPoint = "fe_end_utt")]
    public static partial int FrontEndEnd(nint frontEnd, float* row, int* frames);
}
