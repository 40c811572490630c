using System.Threading.Channels;
using Fleet.Contracts.Actors;
using Fleet.Silo.Testing;
using Fleet.Storage;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.Silo.Ingest;

/// <summary>
/// One stream of one device. Three parties touch it: the reader (the call itself, which handles one message at a time), the single writer, and the
/// writer's pump and the actor, which only put messages into the outbox.
/// </summary>
internal sealed partial class IngestSession : IUtteranceOrigin, ILossOrigin, IDisposable
{
    // A device that does not read its answers loses them at the end of the session; it gets them again by sending again.
    private static readonly TimeSpan _lastWrites = TimeSpan.FromSeconds(2);

    private readonly SessionServices _services;
    private readonly IDevice _device;
    private readonly Channel<Outgoing> _outbox;
    private readonly CreditAccount _credit;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _awaitingTranscript = [];
    private readonly Dictionary<Guid, TranscriptNotice?> _unansweredIds = [];
    private readonly TaskCompletionSource _parked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _answerArrived;
    private int _unanswered;
    private Status? _endStatus;
    private int _toldCreditBytes;
    private Task _ended = Task.CompletedTask;

    public IngestSession(string deviceId, Guid installId, IDevice device, SessionServices services)
    {
        DeviceId = deviceId;
        InstallId = installId;
        _device = device;
        _services = services;
        _credit = new CreditAccount(services.Options.CreditBytes);
        _toldCreditBytes = services.Options.CreditBytes;
        _budget = new MessageBudget(services.Options.ControlMessagesPerMinute, services.Time);
        // Full means that the device does not read: the session ends rather than to hold ever more for it.
        _outbox = Channel.CreateBounded<Outgoing>(
            new BoundedChannelOptions(services.Options.OutboxMessages) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    }

    public Guid SessionId { get; } = Guid.NewGuid();

    public string DeviceId { get; }

    public Guid InstallId { get; }

    /// <summary>Done when nothing arrives any more, and what was not complete is parked.</summary>
    public Task Parked => _parked.Task;

    /// <summary>Set once, when the actor has opened the session.</summary>
    public long Epoch { get; private set; }

    /// <summary>Serves the stream until it ends; the status with which the call ends.</summary>
    public async Task<Status> RunAsync(
        Welcome welcome, IAsyncStreamReader<DeviceMessage> requests, IServerStreamWriter<CloudMessage> responses, CancellationToken callCancelled)
    {
        Epoch = welcome.SessionEpoch;
        using var writingStops = CancellationTokenSource.CreateLinkedTokenSource(callCancelled);
        var writing = WriteAsync(welcome, responses, writingStops.Token);
        // What Welcome says is the credit of good times.
        TellCredit();
        try
        {
            if (await ReadAsync(requests, callCancelled))
            {
                await AnswerEverythingAsync(callCancelled);
                End(Status.DefaultSuccess);
            }
        }
        finally
        {
            End(new Status(StatusCode.Internal, "The session failed."));
            // Before the last words are written: a newer session may wait for this, and the old stream may be dead.
            ParkOpen();
            _parked.TrySetResult();
            _outbox.Writer.TryComplete();
            writingStops.CancelAfter(_lastWrites);
            await writing;
            await _ended;
            await _resuming;
            await _device.CloseSessionAsync(Epoch);
        }

        return EndStatus;
    }

    /// <summary>Ends the session; the first status counts.</summary>
    public void End(Status status)
    {
        lock (_lock)
        {
            if (_endStatus is not null)
            {
                return;
            }

            _endStatus = status;
            // Not Cancel(): what waits for it would run here, on the turn of an actor or on the writer's pump.
            _ended = _ending.CancelAsync();
        }
    }

    public bool TrySend(CloudMessage message) => TryPut(new Outgoing(message));

    public bool TrySendTranscript(TranscriptNotice transcript)
    {
        lock (_lock)
        {
            if (_unansweredIds.ContainsKey(transcript.UtteranceId))
            {
                // It was stored in an earlier session, and is being sent again: its answer goes first.
                _unansweredIds[transcript.UtteranceId] = transcript;
                return true;
            }

            _awaitingTranscript.Remove(transcript.UtteranceId);
        }

        var sent = TrySend(CloudMessages.Transcript(transcript));
        SignalAnswer();
        return sent;
    }

    /// <summary>Says what the device may send now, when that has changed.</summary>
    public void TellCredit()
    {
        lock (_lock)
        {
            var creditBytes = _services.Memory.IsShort ? 0 : _services.Options.CreditBytes;
            if (creditBytes != _toldCreditBytes)
            {
                _toldCreditBytes = creditBytes;
                TrySend(CloudMessages.Slow(creditBytes));
            }
        }
    }

    bool IUtteranceOrigin.OnAnswer(PendingUtterance utterance, StoreResult result)
    {
        _credit.Release(utterance.Audio.Length);
        Answer(utterance.Row.UtteranceId, result);
        if (result.Outcome != StoreOutcome.Fenced)
        {
            return false;
        }

        // All of it is here: the newer session need not send it once more.
        _services.Parking.Park(utterance.Row.Key, InstallId, utterance.Audio);
        return true;
    }

    void ILossOrigin.OnAnswer(PendingLoss loss, StoreResult result)
    {
        Interlocked.Decrement(ref _losses);
        Answer(loss.Row.UtteranceId, result);
    }

    public void Dispose() => _ending.Dispose();

    private Status EndStatus
    {
        get
        {
            lock (_lock)
            {
                return _endStatus ?? Status.DefaultSuccess;
            }
        }
    }

    private void Answer(Guid id, StoreResult result)
    {
        switch (result.Outcome)
        {
            case StoreOutcome.Stored or StoreOutcome.Duplicate:
                var duplicate = result.Outcome == StoreOutcome.Duplicate;
                if (result.OwnedByCaller)
                {
                    lock (_lock)
                    {
                        _awaitingTranscript.Add(id);
                    }
                }

                PutAnswer(new Outgoing(CloudMessages.Stored(id, duplicate), id, duplicate ? UtteranceOutcome.Duplicate : UtteranceOutcome.Stored));
                break;
            case StoreOutcome.Fenced:
                End(new Status(StatusCode.Aborted, "A newer session of this install has taken over."));
                break;
            case StoreOutcome.Gone:
                Reject(id, UtteranceRejected.Types.Code.Gone, retryable: false, "The utterance was erased, has expired, or was reported lost before.");
                break;
            default:
                Reject(id, UtteranceRejected.Types.Code.Unspecified, retryable: false, result.Message ?? "The utterance cannot be stored.");
                break;
        }

        Interlocked.Decrement(ref _unanswered);
        SignalAnswer();
    }

    private void PutAnswer(Outgoing answer)
    {
        TranscriptNotice? held;
        TryPut(answer);
        lock (_lock)
        {
            _unansweredIds.Remove(answer.AnswersUtterance, out held);
        }

        if (held is not null)
        {
            TrySendTranscript(held);
        }
    }

    private void Reject(Guid utteranceId, UtteranceRejected.Types.Code code, bool retryable, string message) =>
        PutAnswer(new Outgoing(CloudMessages.Rejected(utteranceId, code, retryable, message), utteranceId, UtteranceOutcome.Rejected));

    private bool TryPut(Outgoing outgoing)
    {
        if (_outbox.Writer.TryWrite(outgoing))
        {
            return true;
        }

        End(new Status(StatusCode.Unavailable, $"The device did not read {_services.Options.OutboxMessages} messages; read the stream, then connect again."));
        return false;
    }

    private async Task WriteAsync(Welcome welcome, IServerStreamWriter<CloudMessage> responses, CancellationToken cancellationToken)
    {
        try
        {
            // The actor has known this session for a moment: a transcript may be in the outbox already.
            await responses.WriteAsync(new CloudMessage { Welcome = welcome }, cancellationToken);
            await foreach (var outgoing in _outbox.Reader.ReadAllAsync(cancellationToken))
            {
                // The actor comes first: a device that was told "rejected" may start the utterance again at once.
                if (outgoing.IsAnswer)
                {
                    await _device.UtteranceAnsweredAsync(Epoch, outgoing.AnswersUtterance, outgoing.Outcome);
                }

                await responses.WriteAsync(outgoing.Message, cancellationToken);
                if (outgoing.IsAnswer)
                {
                    FaultPoint.Pass(FaultPoint.AfterAck);
                }
            }
        }
        catch (OperationCanceledException)
        {
            End(Status.DefaultCancelled);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or RpcException)
        {
            // The stream is gone; the reader sees the same and says so.
            End(Status.DefaultCancelled);
        }
    }

    private async Task AnswerEverythingAsync(CancellationToken callCancelled)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(callCancelled, _ending.Token);
        try
        {
            await WaitUntilAsync(() => Volatile.Read(ref _unanswered) == 0, over.Token);
            using var patience = new CancellationTokenSource(_services.Options.TranscriptWait, _services.Time);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(over.Token, patience.Token);
            await WaitUntilAsync(() => _awaitingTranscript.Count == 0, wait.Token);
        }
        catch (OperationCanceledException)
        {
            // Whose it was decides the status that End has, or gets from the caller.
        }
    }

    private async Task WaitUntilAsync(Func<bool> isDone_NeedsLock, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task answerArrived;
            lock (_lock)
            {
                if (isDone_NeedsLock())
                {
                    return;
                }

                _answerArrived ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                answerArrived = _answerArrived.Task;
            }

            await answerArrived.WaitAsync(cancellationToken);
        }
    }

    private void SignalAnswer()
    {
        TaskCompletionSource? answerArrived;
        lock (_lock)
        {
            answerArrived = _answerArrived;
            _answerArrived = null;
        }

        answerArrived?.TrySetResult();
    }
}
