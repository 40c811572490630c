using Fleet.Contracts.Actors;
using Orleans;

namespace Fleet.Contracts.Orleans;

/// <summary>How <see cref="ReportedNumbers"/> crosses a process border. Ids are never reused; new ones are added.</summary>
[GenerateSerializer, Immutable, Alias("fleet.ReportedNumbers")]
internal struct ReportedNumbersSurrogate
{
    [Id(0)]
    public long SessionEpoch;

    [Id(1)]
    public ulong NextSequenceNumber;

    [Id(2)]
    public ulong SettledBelow;
}

/// <inheritdoc cref="ReportedNumbersSurrogate"/>
[RegisterConverter]
internal sealed class ReportedNumbersConverter : IConverter<ReportedNumbers, ReportedNumbersSurrogate>
{
    public ReportedNumbers ConvertFromSurrogate(in ReportedNumbersSurrogate surrogate) => new(
        surrogate.SessionEpoch, surrogate.NextSequenceNumber, surrogate.SettledBelow);

    public ReportedNumbersSurrogate ConvertToSurrogate(in ReportedNumbers value) => new()
    {
        SessionEpoch = value.SessionEpoch,
        NextSequenceNumber = value.NextSequenceNumber,
        SettledBelow = value.SettledBelow,
    };
}
