using System.Diagnostics.Metrics;
using Fleet.Silo.Ingest;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Transcription;
using Fleet.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Fleet.Benchmarks.Batching;

/// <summary>The silo's transcriber, with its defaults: it is not told how many calls the endpoint takes.</summary>
internal sealed class FleetPolicy : IPolicy, IScoringClientFactory
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly AudioMemory _memory = new(Options.Create(new IngestOptions { MaxTotalAudioBytes = 2_000_000_000 }));
    private readonly ScoringTarget _target;
    private readonly TranscriptionQueue _queue;
    private readonly ScoringDeployments _deployments;
    private readonly ResultWriter _results;
    private readonly TranscriptionWorker _worker;

    public FleetPolicy(ScoringTarget target, Action<Guid, bool> done, int retryPercent = 10)
    {
        _target = target with { ConcurrentRequests = 0 };
        // Room for everything that is said: how the database holds the rest is another matter.
        var options = Options.Create(new ScoringOptions { QueueUtterances = 65_536, RetryPercent = retryPercent });
        var time = TimeProvider.System;
        var instruments = new FleetInstruments(_services.GetRequiredService<IMeterFactory>());
        _queue = new TranscriptionQueue(_memory, instruments, options, time);
        _results = new ResultWriter(new DoneStore(done), _queue, new DeafFleet(), time, NullLogger<ResultWriter>.Instance);
        _deployments = new ScoringDeployments(this, instruments, options, time, NullLoggerFactory.Instance);
        var settler = new JobSettler(_queue, _results, instruments, options, time, NullLogger<JobSettler>.Instance);
        var caller = new BatchCaller(_deployments, settler, instruments, options, time, NullLogger<BatchCaller>.Instance);
        _worker = new TranscriptionWorker(_queue, _deployments, caller, instruments, options, time);
        Started = StartAsync();
    }

    private Task Started { get; }

    /// <summary>What it has learned, for the report.</summary>
    public int Limit => _deployments.All[0].Limit.Limit;

    public IScoringClient Create(ScoringTarget target) => Clients.Create(_target);

    public void Say(Spoken utterance) => _queue.TryAdd(
        new JobKey(new UtteranceKey(utterance.Device, utterance.Id), 1, 1), PooledAudio.CopyOf(utterance.Pcm.Span, _memory));

    public async ValueTask DisposeAsync()
    {
        await Started;
        await _worker.StopAsync(CancellationToken.None);
        await _results.StopAsync(CancellationToken.None);
        _worker.Dispose();
        _results.Dispose();
        _deployments.Dispose();
        await _services.DisposeAsync();
    }

    private async Task StartAsync()
    {
        await _results.StartAsync(CancellationToken.None);
        await _worker.StartAsync(CancellationToken.None);
    }
}
