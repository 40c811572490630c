using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Grpc.Core.Wire;
using Grpc.Net.Client.Calls;
using Grpc.Net.Client.Credentials;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grpc.Net.Client;

/// <summary>A way to one server. Make one and keep it: its connections are shared by its calls.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    internal const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    private readonly bool _disposeInvoker;
    private readonly ConcurrentDictionary<ClientCall, bool> _activeCalls = new();
    private readonly ConcurrentDictionary<string, Uri> _addresses = new(StringComparer.Ordinal);
    private volatile bool _disposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        if (options.HttpClient is not null && options.HttpHandler is not null)
        {
            throw new ArgumentException(
                "HttpClient and HttpHandler have been configured. Only one HTTP caller can be specified.", nameof(options));
        }

        Address = address;
        Options = options;
        Encodings = options.CompressionProviders is { } providers ? new MessageEncodings(providers) : MessageEncodings.Default;
        ILoggerFactory? loggers = options.LoggerFactory ?? options.ServiceProvider?.GetService(typeof(ILoggerFactory)) as ILoggerFactory;
        Logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger("Grpc.Net.Client.GrpcCall");
        HttpVersion = options.HttpVersion ?? System.Net.HttpVersion.Version20;
        HttpVersionPolicy = options.HttpVersionPolicy ?? System.Net.Http.HttpVersionPolicy.RequestVersionExact;
        CallCredentials = ChannelCredentialsReader.Read(options.Credentials, address);
        _disposeInvoker = options.DisposeHttpClient || (options.HttpClient is null && options.HttpHandler is null);
        Invoker = options.HttpClient ?? new HttpMessageInvoker(options.HttpHandler ?? CreateHandler(), _disposeInvoker);
    }

    internal Uri Address { get; }

    internal GrpcChannelOptions Options { get; }

    internal MessageEncodings Encodings { get; }

    internal ILogger Logger { get; }

    internal HttpMessageInvoker Invoker { get; }

    internal Version HttpVersion { get; }

    internal HttpVersionPolicy HttpVersionPolicy { get; }

    internal IReadOnlyList<CallCredentials> CallCredentials { get; }

    /// <summary>Credentials of calls do not go out in plaintext unless that is asked for.</summary>
    internal bool MaySendCallCredentials => Address.Scheme == Uri.UriSchemeHttps || Options.UnsafeUseInsecureChannelCallCredentials;

    /// <summary>Creates a channel to an address such as "https://silo.example:5100".</summary>
    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>Creates a channel to an address such as "https://silo.example:5100".</summary>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    /// <summary>Creates a channel to an address.</summary>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>Creates a channel to an address.</summary>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            throw new InvalidOperationException($"No address resolver configured for the scheme '{address.Scheme}'.");
        }

        return new GrpcChannel(address, channelOptions);
    }

    /// <inheritdoc />
    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new HttpCallInvoker(this);
    }

    /// <summary>Ends the channel; its calls are cancelled.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (ClientCall call in _activeCalls.Keys)
        {
            call.Dispose();
        }

        if (_disposeInvoker)
        {
            Invoker.Dispose();
        }
    }

    internal Uri AddressOf(IMethod method) => _addresses.GetOrAdd(method.FullName, static (path, address) => new Uri(address, path), Address);

    internal void Add(ClientCall call)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _activeCalls.TryAdd(call, true);
    }

    internal void Remove(ClientCall call) => _activeCalls.TryRemove(call, out _);

    // A connection carries 100 streams as a rule: without more of them the 101st call would wait.
    private static SocketsHttpHandler CreateHandler() => new()
    {
        EnableMultipleHttp2Connections = true,
        AutomaticDecompression = DecompressionMethods.None,
        AllowAutoRedirect = false,
        UseCookies = false,
    };
}
