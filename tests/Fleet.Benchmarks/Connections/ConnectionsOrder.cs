namespace Fleet.Benchmarks.Connections;

/// <summary>What the process of idle devices is to do; one line of JSON.</summary>
/// <param name="Address">Of the silo.</param>
/// <param name="KeyFile">With the join key.</param>
/// <param name="CertificateFile">The silo's certificate, the only one that is believed; null = plaintext.</param>
/// <param name="More">So many more connections; 0 = how does it stand?</param>
internal sealed record ConnectionsOrder(string Address, string KeyFile, string? CertificateFile, int More);
