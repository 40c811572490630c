using System.Globalization;

namespace Fleet.Benchmarks.Endpointing;

/// <summary>Sums over clips.</summary>
internal sealed class Tally
{
    public const string Header =
        "clips  words  WER whole  WER cut  utterances  without  first word differs  last word differs  audio s  kept s";

    private int _clips;
    private int _words;
    private int _wholeErrors;
    private int _cutErrors;
    private int _utterances;
    private int _without;
    private int _firstDiffers;
    private int _lastDiffers;
    private long _samples;
    private long _kept;

    public void Add(ClipResult result)
    {
        _clips++;
        _words += result.Reference.Length;
        _wholeErrors += result.WholeErrors;
        _cutErrors += result.CutErrors;
        _utterances += result.Utterances.Count;
        _without += result.Utterances.Count == 0 ? 1 : 0;
        _firstDiffers += result.FirstWordDiffers ? 1 : 0;
        _lastDiffers += result.LastWordDiffers ? 1 : 0;
        _samples += result.Clip.Samples.Length;
        _kept += result.Utterances.Sum(static utterance => (long)utterance.Samples.Length);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_clips,5}  {_words,5}  {100.0 * _wholeErrors / _words,8:F1}%  {100.0 * _cutErrors / _words,6:F1}%  {_utterances,10}  {_without,7}  "
        + $"{_firstDiffers,18}  {_lastDiffers,17}  {_samples / 16000.0,7:F0}  {_kept / 16000.0,6:F0}");
}
