namespace Fleet.Benchmarks.Batching;

/// <summary>A way to have utterances recognised by an endpoint.</summary>
internal interface IPolicy : IAsyncDisposable
{
    void Say(Spoken utterance);
}
