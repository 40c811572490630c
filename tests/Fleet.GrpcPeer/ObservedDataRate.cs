using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Fleet.GrpcPeer;

/// <summary>Kestrel does not tell the rate that it demands of an HTTP/2 request; this sees who lifts it.</summary>
internal sealed class ObservedDataRate(IHttpMinRequestBodyDataRateFeature kestrel, PeerObservations observations)
    : IHttpMinRequestBodyDataRateFeature
{
    public MinDataRate? MinDataRate
    {
        get => throw new NotSupportedException();
        set
        {
            kestrel.MinDataRate = value;
            observations.DataRateLifted = value is null;
        }
    }
}
