using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>Feature of an HTTP request: the gRPC call that it carries.</summary>
public interface IServerCallContextFeature
{
    /// <summary>The call.</summary>
    ServerCallContext ServerCallContext { get; }
}
