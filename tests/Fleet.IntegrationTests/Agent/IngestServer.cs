using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Fleet.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.IntegrationTests.Agent;

/// <summary>
/// A cloud in one file, on real Kestrel: checks what the protocol demands of a device, keeps what arrives, answers at once.
/// </summary>
internal sealed class IngestServer : IAsyncDisposable
{
    public const string Key = "the-right-key";

    private readonly WebApplication _application;

    private IngestServer(WebApplication application)
    {
        _application = application;
    }

    // It listens, so there is an address.
    public string Address =>
        _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public ConcurrentQueue<ReceivedUtterance> Received => _application.Services.GetRequiredService<State>().Received;

    public ConcurrentDictionary<string, Hello> Devices => _application.Services.GetRequiredService<State>().Devices;

    /// <summary>What the protocol forbids and a device did.</summary>
    public ConcurrentQueue<string> Violations => _application.Services.GetRequiredService<State>().Violations;

    /// <summary>What devices reported as lost.</summary>
    public ConcurrentQueue<UtteranceLost> Lost => _application.Services.GetRequiredService<State>().Lost;

    /// <summary>Bytes of PCM that came in, again and again counted.</summary>
    public long AudioBytes => Interlocked.Read(ref _application.Services.GetRequiredService<State>().AudioBytes);

    /// <summary>Done when so many utterances have arrived.</summary>
    public Task WaitForAsync(int utterances) => _application.Services.GetRequiredService<State>()
        .WaitUntilAsync(() => Received.Count >= utterances, $"{utterances} utterances");

    /// <summary>Done when a heartbeat said that this is wrong.</summary>
    public Task WaitForHealthAsync(string fault) => _application.Services.GetRequiredService<State>()
        .WaitUntilAsync(() => _application.Services.GetRequiredService<State>().Faults.ContainsKey(fault), $"a heartbeat with {fault}");

    /// <param name="stores">False: nothing is ever acknowledged.</param>
    /// <param name="certificate">Null: in the clear.</param>
    /// <param name="cutAfterBytes">When so much audio has come, the call of the device breaks, once. 0 = never.</param>
    public static async Task<IngestServer> StartAsync(bool stores = true, X509Certificate2? certificate = null, long cutAfterBytes = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new State { Stores = stores, CutAfterBytes = cutAfterBytes });
        var application = builder.Build();
        application.MapGrpcService<Ingest>();
        await application.StartAsync();
        return new IngestServer(application);
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _application.StopAsync(soon.Token);
        await _application.DisposeAsync();
    }

    internal sealed record ReceivedUtterance(string DeviceId, UtteranceStart Start, byte[] Pcm, UtteranceEnd End, int Chunks);

    internal sealed class State
    {
        public bool Stores { get; init; }

        public long CutAfterBytes { get; set; }

        public long AudioBytes;

        /// <summary>Parts of utterances whose session broke.</summary>
        public ConcurrentDictionary<string, byte[]> Parts { get; } = new();

        public ConcurrentQueue<UtteranceLost> Lost { get; } = new();

        public ConcurrentQueue<ReceivedUtterance> Received { get; } = new();

        public ConcurrentDictionary<string, Hello> Devices { get; } = new();

        public ConcurrentQueue<string> Violations { get; } = new();

        public ConcurrentDictionary<string, bool> Faults { get; } = new();

        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void OnChange() =>
            Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

        public async Task WaitUntilAsync(Func<bool> condition, string what)
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            try
            {
                while (true)
                {
                    var changed = Volatile.Read(ref _changed).Task;
                    if (condition())
                    {
                        return;
                    }

                    await changed.WaitAsync(timeout.Token);
                }
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited in vain for {what}; {Received.Count} utterances arrived.");
            }
        }
    }

    internal sealed class Ingest(State state) : DeviceIngest.DeviceIngestBase
    {
        private const int CreditBytes = 1 << 20;

        public override async Task Connect(
            IAsyncStreamReader<DeviceMessage> requestStream, IServerStreamWriter<CloudMessage> responseStream, ServerCallContext context)
        {
            if (context.RequestHeaders.GetValue("authorization") != $"Bearer {Key}")
            {
                throw new RpcException(new Status(StatusCode.Unauthenticated, "the join key is not valid"));
            }

            var open = new Dictionary<string, (UtteranceStart Start, MemoryStream Pcm, int Chunks)>();
            try
            {
                await ServeAsync(requestStream, responseStream, open, context.CancellationToken);
            }
            finally
            {
                foreach (var (id, (_, pcm, _)) in open)
                {
                    state.Parts[id] = pcm.ToArray();
                }
            }
        }

        private async Task ServeAsync(
            IAsyncStreamReader<DeviceMessage> requestStream, IServerStreamWriter<CloudMessage> responseStream,
            Dictionary<string, (UtteranceStart Start, MemoryStream Pcm, int Chunks)> open, CancellationToken cancellationToken)
        {
            var deviceId = "";
            await foreach (var message in requestStream.ReadAllAsync(cancellationToken))
            {
                switch (message.KindCase)
                {
                    case DeviceMessage.KindOneofCase.Hello:
                        deviceId = message.Hello.DeviceId;
                        state.Devices[deviceId] = message.Hello;
                        await responseStream.WriteAsync(Welcome(), cancellationToken);
                        break;
                    case DeviceMessage.KindOneofCase.UtteranceStart:
                        open.Add(message.UtteranceStart.UtteranceId, (message.UtteranceStart, Resume(message.UtteranceStart), 0));
                        break;
                    case DeviceMessage.KindOneofCase.AudioChunk:
                        var (start, pcm, chunks) = open[message.AudioChunk.UtteranceId];
                        Check(message.AudioChunk.OffsetBytes == (ulong)pcm.Length, "a chunk is out of order");
                        message.AudioChunk.Pcm.WriteTo(pcm);
                        Check(open.Values.Sum(utterance => utterance.Pcm.Length) <= CreditBytes, "the credit is exceeded");
                        open[message.AudioChunk.UtteranceId] = (start, pcm, chunks + 1);
                        CutIfDue(message.AudioChunk.Pcm.Length);
                        break;
                    case DeviceMessage.KindOneofCase.UtteranceEnd:
                        open.Remove(message.UtteranceEnd.UtteranceId, out var done);
                        Check(message.UtteranceEnd.LengthBytes == (ulong)done.Pcm.Length, "the length does not fit");
                        Check(done.Start.Clock != Clock.Unspecified, "the clock is not said");
                        state.Received.Enqueue(
                            new ReceivedUtterance(deviceId, done.Start, done.Pcm.ToArray(), message.UtteranceEnd, done.Chunks));
                        await AnswerAsync(responseStream, message.UtteranceEnd.UtteranceId);
                        state.OnChange();
                        break;
                    case DeviceMessage.KindOneofCase.UtteranceLost:
                        state.Lost.Enqueue(message.UtteranceLost);
                        await responseStream.WriteAsync(
                            new CloudMessage { UtteranceStored = new UtteranceStored { UtteranceId = message.UtteranceLost.UtteranceId } },
                            cancellationToken);
                        state.OnChange();
                        break;
                    case DeviceMessage.KindOneofCase.ResumeQuery:
                        await responseStream.WriteAsync(
                            new CloudMessage { ResumePoints = new ResumePoints { Points = { message.ResumeQuery.UtteranceIds.Select(Point) } } },
                            cancellationToken);
                        break;
                    case DeviceMessage.KindOneofCase.Heartbeat:
                        foreach (var fault in message.Heartbeat.Health)
                        {
                            state.Faults[fault] = true;
                        }

                        state.OnChange();
                        await responseStream.WriteAsync(
                            new CloudMessage { HeartbeatAck = new HeartbeatAck { Nonce = message.Heartbeat.Nonce, ServerTimeUnixMs = Now } },
                            cancellationToken);
                        break;
                }
            }
        }

        private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        private MemoryStream Resume(UtteranceStart start)
        {
            var pcm = new MemoryStream();
            if (start.ResumeFromBytes > 0)
            {
                pcm.Write(state.Parts.GetValueOrDefault(start.UtteranceId, []));
                Check((ulong)pcm.Length == start.ResumeFromBytes, "it goes on elsewhere than was said");
            }

            return pcm;
        }

        private ResumePoint Point(string id) => new()
        {
            UtteranceId = id,
            Stored = state.Stores && state.Received.Any(utterance => utterance.Start.UtteranceId == id),
            ReceivedBytes = (ulong)state.Parts.GetValueOrDefault(id, []).Length,
        };

        private void CutIfDue(int bytes)
        {
            if (Interlocked.Add(ref state.AudioBytes, bytes) >= state.CutAfterBytes && state.CutAfterBytes > 0)
            {
                state.CutAfterBytes = 0;
                throw new RpcException(new Status(StatusCode.Unavailable, "cut by the test"));
            }
        }

        private static CloudMessage Welcome() => new()
        {
            Welcome = new Welcome
            {
                SessionEpoch = 1,
                CreditBytes = CreditBytes,
                HeartbeatIntervalMs = 200,
                MaxUtteranceBytes = CreditBytes,
                ServerTimeUnixMs = Now,
                Silo = "test",
                Capabilities = { "lost", "resume" },
            },
        };

        private async Task AnswerAsync(IServerStreamWriter<CloudMessage> responses, string utteranceId)
        {
            if (!state.Stores)
            {
                return;
            }

            await responses.WriteAsync(new CloudMessage { UtteranceStored = new UtteranceStored { UtteranceId = utteranceId } });
            await responses.WriteAsync(new CloudMessage
            {
                Transcript = new Transcript
                {
                    UtteranceId = utteranceId,
                    Status = UtteranceStatus.Transcribed,
                    Text = $"heard {utteranceId}",
                },
            });
        }

        private void Check(bool condition, string violation)
        {
            if (!condition)
            {
                state.Violations.Enqueue(violation);
            }
        }
    }
}
