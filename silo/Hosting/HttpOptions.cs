namespace Fleet.Silo.Hosting;

/// <summary>Section Fleet:Http: health checks.</summary>
internal sealed class HttpOptions
{
    public const string Section = "Fleet:Http";

    /// <summary>ADDRESS:PORT for /healthz/live and /healthz/ready (HTTP/1.1); port 0 = any free one. Default 127.0.0.1:5101.</summary>
    public string Listen { get; init; } = "127.0.0.1:5101";
}
