namespace Fleet.Silo.Devices.Orleans;

/// <summary>The streams that end at this silo; a type of its own, since the downlink of the cluster is an <see cref="ISessionDownlink"/>, too.</summary>
internal sealed record LocalStreams(ISessionDownlink Downlink);
