using Fleet.Audio;
using Fleet.Scoring.Configuration;
using Fleet.Scoring.Engines;
using Microsoft.Extensions.Options;

namespace Fleet.Scoring.Decoding;

/// <summary>Workers, each a thread with a recogniser of its own, fed from one bounded queue.</summary>
internal sealed partial class DecoderPool : IHostedService, IDisposable
{
    private readonly ScoringServerOptions _options;
    private readonly SpeechEngineSource _engines;
    private readonly ScoringInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger<DecoderPool> _logger;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly JobQueue _queue;
    private readonly List<Thread> _threads = [];
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _maxRequests;
    private int _loadedCount;
    private int _requests;
    private int _orphans;
    private bool _disposed;

    public DecoderPool(
        IOptions<ScoringServerOptions> options,
        SpeechEngineSource engines,
        ScoringInstruments instruments,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        ILogger<DecoderPool> logger)
    {
        (_options, _engines, _instruments, _time, _lifetime, _logger) = (options.Value, engines, instruments, time, lifetime, logger);
        _maxRequests = _options.Workers + _options.QueueLength;
        _queue = new JobQueue(time);
    }

    /// <summary>Completes when all workers have loaded and warmed up; fails when one cannot.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>What recognises. Known when <see cref="Loaded"/> is.</summary>
    public ISpeechEngine Engine => _engines.Engine;

    /// <summary>Whether a new request should come here: not before all is loaded, and not when the server is about to stop.</summary>
    public bool IsReady => Loaded.IsCompletedSuccessfully && !_lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Workers that are in recordings for which nobody waits any more.</summary>
    internal int Orphans => Volatile.Read(ref _orphans);

    /// <summary>Lets one more request in, or not when the queue is full. What was let in has to leave.</summary>
    public bool TryEnter()
    {
        // A worker that is still in a recording which was given up is as busy as any other.
        if (Interlocked.Increment(ref _requests) + Orphans <= _maxRequests)
        {
            _instruments.OnRequestAdmitted();
            return true;
        }

        Interlocked.Decrement(ref _requests);
        _instruments.OnRequestRefused();
        return false;
    }

    public void Leave()
    {
        Interlocked.Decrement(ref _requests);
        _instruments.OnRequestDone();
    }

    /// <summary>
    /// Recognises the recordings of one request; null where the recogniser failed on one. When the token ends, recordings that have not begun never do,
    /// and the engine is told to stop the others: their tasks are cancelled, and those of recordings that were done by then have their results.
    /// </summary>
    /// <returns>A task for each recording, in their order; all of them have ended.</returns>
    public async Task<IReadOnlyList<Task<Recognition?>>> DecodeEachAsync(
        IReadOnlyList<ReadOnlyMemory<short>> recordings, string? requestId, CancellationToken cancellationToken)
    {
        List<DecodeJob> jobs = [.. recordings.Select(samples => new DecodeJob(samples, Engine.BucketOf(samples.Length), requestId, cancellationToken))];
        _queue.Add(jobs);
        await using var abandon = cancellationToken.Register(() => jobs.ForEach(job =>
        {
            _queue.Remove(job);
            job.Abandon();
        }));
        List<Task<Recognition?>> results = [.. jobs.Select(static job => job.Result)];
        await ((Task)Task.WhenAll(results)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return results;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        for (var i = 1; i <= _options.Workers; i++)
        {
            var thread = new Thread(Work) { IsBackground = true, Name = $"decoder {i}" };
            _threads.Add(thread);
            thread.Start();
        }

        return Task.CompletedTask;
    }

    /// <summary>Called after the server has finished its requests: nothing waits any more.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Close();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        // The container knows the pool under two names and disposes it twice.
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        _queue.Close();
        _threads.ForEach(static thread => thread.Join(TimeSpan.FromSeconds(5)));

        // A thread that is still in a recogniser keeps the engine; the process ends anyway.
        if (!_threads.Exists(static thread => thread.IsAlive))
        {
            _engines.Dispose();
        }
    }

    private void Work()
    {
        IRecogniser? recogniser = null;
        try
        {
            recogniser = Engine.CreateRecogniser();
            if (Interlocked.Increment(ref _loadedCount) == _options.Workers)
            {
                LogReady(_options.Workers, Engine.Name, Engine.ModelName);
                _loaded.TrySetResult();
            }

            for (IReadOnlyList<DecodeJob> batch; (batch = Take()).Count > 0;)
            {
                if (TryDecode(recogniser, batch))
                {
                    continue;
                }

                recogniser = Renew(recogniser);
                // One bad recording fails its companions with it: alone, each is its own fault.
                foreach (var job in batch.Count == 1 ? [] : batch)
                {
                    recogniser = TryDecode(recogniser, [job]) ? recogniser : Renew(recogniser);
                }
            }
        }
        catch (Exception ex)
        {
            // Before the first is loaded the program ends with this error; later it has to end, too, and nothing may wait for this thread.
            if (!_loaded.TrySetException(ex) && Loaded.IsCompletedSuccessfully)
            {
                LogWorkerEnded(ex);
                _lifetime.StopApplication();
                for (IReadOnlyList<DecodeJob> batch; (batch = Take()).Count > 0;)
                {
                    foreach (var job in batch)
                    {
                        job.Complete(null);
                    }
                }
            }
        }
        finally
        {
            recogniser?.Dispose();
        }
    }

    private IReadOnlyList<DecodeJob> Take() => _queue.Take(Engine.MaxBatch, (long)_options.MaxBatchSeconds * PocketSphinxDecoder.SampleRateHz);

    // It may be stuck within the utterance: a new one is not.
    private IRecogniser Renew(IRecogniser recogniser)
    {
        recogniser.Dispose();
        return Engine.CreateRecogniser();
    }

    /// <summary>True when the recogniser can go on; else one recording alone has its end, and of several each is to be tried alone.</summary>
    private bool TryDecode(IRecogniser recogniser, IReadOnlyList<DecodeJob> jobs)
    {
        using var running = new RunningBatch(jobs);
        var isOrphaned = false;
        var orphaned = running.Unwanted.Register(() =>
        {
            isOrphaned = true;
            Interlocked.Increment(ref _orphans);
        });
        var started = _time.GetTimestamp();
        try
        {
            var results = recogniser.Recognise([.. jobs.Select(static job => job.Samples)], running.Unwanted);
            _instruments.OnDecoded(_time.GetElapsedTime(started), results);
            for (var i = 0; i < jobs.Count; i++)
            {
                jobs[i].Complete(results[i]);
            }

            return true;
        }
        catch (OperationCanceledException) when (running.Unwanted.IsCancellationRequested)
        {
            // Who waited for these recordings has had an answer.
            return true;
        }
        catch (Exception ex)
        {
            if (jobs.Count == 1)
            {
                LogDecodeFailed(ex, jobs[0].Samples.Length, jobs[0].RequestId);
                jobs[0].Complete(null);
            }

            return false;
        }
        finally
        {
            // Waits for a call that runs.
            orphaned.Dispose();
            if (isOrphaned)
            {
                Interlocked.Decrement(ref _orphans);
            }
        }
    }
}
