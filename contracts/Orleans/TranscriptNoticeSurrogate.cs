using Fleet.Contracts.Actors;
using Fleet.V1;
using Orleans;

namespace Fleet.Contracts.Orleans;

/// <summary>How <see cref="TranscriptNotice"/> crosses a process border. Ids are never reused; new ones are added.</summary>
[GenerateSerializer, Immutable, Alias("fleet.TranscriptNotice")]
internal struct TranscriptNoticeSurrogate
{
    [Id(0)]
    public Guid UtteranceId;

    [Id(1)]
    public UtteranceStatus Status;

    [Id(2)]
    public string Text;

    [Id(3)]
    public float? Confidence;

    [Id(4)]
    public string Reason;

    [Id(5)]
    public string Engine;

    [Id(6)]
    public string Model;
}

/// <inheritdoc cref="TranscriptNoticeSurrogate"/>
[RegisterConverter]
internal sealed class TranscriptNoticeConverter : IConverter<TranscriptNotice, TranscriptNoticeSurrogate>
{
    public TranscriptNotice ConvertFromSurrogate(in TranscriptNoticeSurrogate surrogate) => new(
        surrogate.UtteranceId,
        surrogate.Status,
        surrogate.Text,
        surrogate.Confidence,
        surrogate.Reason,
        surrogate.Engine,
        surrogate.Model);

    public TranscriptNoticeSurrogate ConvertToSurrogate(in TranscriptNotice value) => new()
    {
        UtteranceId = value.UtteranceId,
        Status = value.Status,
        Text = value.Text,
        Confidence = value.Confidence,
        Reason = value.Reason,
        Engine = value.Engine,
        Model = value.Model,
    };
}
