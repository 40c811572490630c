using System.Collections.Concurrent;
using Fleet.Audio;
using Fleet.Scoring.Configuration;
using Microsoft.Extensions.Options;

namespace Fleet.Scoring.Decoding;

/// <summary>Decoders, each on a thread of its own, fed from one bounded queue.</summary>
internal sealed partial class DecoderPool : IHostedService, IDisposable
{
    private readonly ScoringServerOptions _options;
    private readonly ScoringInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger<DecoderPool> _logger;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly BlockingCollection<DecodeJob> _jobs;
    private readonly List<Thread> _threads = [];
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _maxRequests;
    private int _loadedCount;
    private int _requests;
    private bool _disposed;

    public DecoderPool(
        IOptions<ScoringServerOptions> options,
        ScoringInstruments instruments,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        ILogger<DecoderPool> logger)
    {
        (_options, _instruments, _time, _lifetime, _logger) = (options.Value, instruments, time, lifetime, logger);
        _maxRequests = _options.Workers + _options.QueueLength;

        // Requests are counted before their bodies are read, so this bound is never what refuses one.
        _jobs = new BlockingCollection<DecodeJob>(_maxRequests * _options.MaxItems);
    }

    /// <summary>Completes when all decoders are loaded; fails when one cannot be.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>Which model the decoders run, such as "en-us".</summary>
    public string ModelName => Path.GetFileName(Path.TrimEndingDirectorySeparator(_options.ModelFolder ?? PocketSphinxDecoder.DefaultModelFolder));

    public bool IsReady => Loaded.IsCompletedSuccessfully && !_jobs.IsAddingCompleted;

    /// <summary>Lets one more request in, or not when the queue is full. What was let in has to leave.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _requests) <= _maxRequests)
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

    /// <summary>Recognises one recording; null when the recogniser failed on it.</summary>
    public Task<Recognition?> DecodeAsync(ReadOnlyMemory<short> samples, CancellationToken cancellationToken)
    {
        var job = new DecodeJob(samples, cancellationToken);
        _jobs.Add(job, cancellationToken);
        return job.Result;
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
        _jobs.CompleteAdding();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        // The container knows the pool under two names and disposes it twice.
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        _jobs.CompleteAdding();
        _threads.ForEach(static thread => thread.Join(TimeSpan.FromSeconds(5)));

        // A thread that is still in a decoder keeps the queue; the process ends anyway.
        if (!_threads.Exists(static thread => thread.IsAlive))
        {
            _jobs.Dispose();
        }
    }

    private void Work()
    {
        PocketSphinxDecoder? decoder = null;
        try
        {
            decoder = PocketSphinxDecoder.Load(_options.ModelFolder);
            if (Interlocked.Increment(ref _loadedCount) == _options.Workers)
            {
                LogReady(_options.Workers);
                _loaded.TrySetResult();
            }

            foreach (var job in _jobs.GetConsumingEnumerable())
            {
                if (job.IsAbandoned)
                {
                    job.Abandon();
                }
                else if (!TryDecode(decoder, job))
                {
                    // It may be stuck within the utterance: a new one is not.
                    decoder.Dispose();
                    decoder = PocketSphinxDecoder.Load(_options.ModelFolder);
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
                foreach (var job in _jobs.GetConsumingEnumerable())
                {
                    job.Complete(null);
                }
            }
        }
        finally
        {
            decoder?.Dispose();
        }
    }

    private bool TryDecode(PocketSphinxDecoder decoder, DecodeJob job)
    {
        var started = _time.GetTimestamp();
        try
        {
            var recognition = decoder.Decode(job.Samples.Span);
            _instruments.OnDecoded(_time.GetElapsedTime(started), recognition.Duration, recognition.Text.Length == 0);
            job.Complete(recognition);
            return true;
        }
        catch (Exception ex)
        {
            LogDecodeFailed(ex, job.Samples.Length);
            job.Complete(null);
            return false;
        }
    }
}
