using Fleet.Contracts.Actors;
using Fleet.V1;

namespace Fleet.Silo.Ingest;

/// <summary>A message for the device, and which utterance it answers.</summary>
internal readonly record struct Outgoing(CloudMessage Message, Guid AnswersUtterance = default, UtteranceOutcome Outcome = default)
{
    public bool IsAnswer => AnswersUtterance != Guid.Empty;
}
