namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>What a server says to the first bytes of HTTP/2.</summary>
internal enum Http2Answer
{
    Http2,

    /// <summary>A web server, but an old one: another port.</summary>
    Http1,

    /// <summary>It wants TLS first.</summary>
    Tls,

    /// <summary>It ends the connection.</summary>
    Silence,

    SomethingElse,
}
