using Fleet.Storage;

namespace Fleet.Silo.Transcription;

/// <summary>Whose result may be written: the row's owner and attempt at the time.</summary>
internal readonly record struct JobKey(UtteranceKey Utterance, long OwnerEpoch, int Attempt);
