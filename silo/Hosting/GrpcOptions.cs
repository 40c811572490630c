using System.ComponentModel.DataAnnotations;

namespace Fleet.Silo.Hosting;

/// <summary>Section Fleet:Grpc: where devices and programs connect.</summary>
internal sealed class GrpcOptions
{
    public const string Section = "Fleet:Grpc";

    /// <summary>ADDRESS:PORT for gRPC (HTTP/2); port 0 = any free one. Default 127.0.0.1:5100.</summary>
    public string Listen { get; init; } = "127.0.0.1:5100";

    /// <summary>The network between devices and silo is private: plaintext is allowed off loopback. Default false.</summary>
    public bool PrivateNetwork { get; init; }

    /// <summary>Certificate chain (PEM) for TLS; needs CertificateKeyFile. Empty = plaintext.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>Private key (PEM) of the certificate.</summary>
    public string CertificateKeyFile { get; init; } = "";

    /// <summary>Connections that are open at a time; more are closed at once. 1 to 1,000,000; default 20,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "it must be between 1 and 1000000 connections.")]
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>Bytes that one read of a connection brings at most. 4,096 to 1,048,576; default 32,768.</summary>
    [Range(4096, 1 << 20, ErrorMessage = "it must be between 4096 and 1048576 bytes.")]
    public int ReadBytes { get; init; } = 32_768;
}
