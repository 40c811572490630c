using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>
/// Hands the messages of a stream to the transport: the first at once, those that come while the transport is busy together when it is free
/// again. Two buffers take turns, one is filled while the other is sent; a writer that is ahead of the transport by more than
/// <see cref="AheadLimitBytes" /> waits.
/// </summary>
internal sealed class RequestSender(int? maxMessageSize, CancellationToken cancellationToken)
{
    // One frame of HTTP/2: the transport cuts what is larger into such pieces. What it brings is in docs/benchmarks.md, "gRPC".
    internal const int AheadLimitBytes = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly TaskCompletionSource _attached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MessageBuffer _filled = new(maxMessageSize);
    private MessageBuffer _sent = new(maxMessageSize);
    private TaskCompletionSource? _contentDone;
    private TaskCompletionSource? _room;
    private Stream? _stream;
    private Exception? _failure;
    private bool _flushFilled;
    private bool _flushSent;
    private bool _adding;
    private bool _sending;
    private bool _used;
    private bool _completed;
    private bool _callEnded;

    /// <summary>Completed while the request has its stream; cancelled when it will not get one.</summary>
    internal Task Attached => _attached.Task;

    internal bool IsCompleted => Volatile.Read(ref _completed);

    /// <summary>The request has begun: messages go to this stream, until <paramref name="contentDone" /> is set.</summary>
    internal void Attach(Stream stream, TaskCompletionSource contentDone)
    {
        bool completed;
        lock (_lock)
        {
            if (_used)
            {
                throw new IOException("The request cannot be sent again: some of its messages are gone.");
            }

            if (_callEnded)
            {
                contentDone.TrySetCanceled(CancellationToken.None);
                return;
            }

            // The last attempt counts: the handler may begin the request again on another connection.
            _stream = stream;
            _contentDone = contentDone;
            completed = _completed;
        }

        _attached.TrySetResult();
        if (completed)
        {
            contentDone.TrySetResult();
        }
    }

    /// <summary>The buffer for the next message, until <see cref="Added" />. Only after <see cref="Attached" />, one writer at a time.</summary>
    internal MessageBuffer Add()
    {
        lock (_lock)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            _used = true;
            _adding = true;
            return _filled;
        }
    }

    /// <summary>
    /// The message is in the buffer, or could not be serialized. With <paramref name="flush" /> it leaves as soon as the transport is free. The
    /// task ends when there is room for the next one.
    /// </summary>
    internal Task Added(bool flush)
    {
        Task room = Task.CompletedTask;
        lock (_lock)
        {
            _adding = false;
            _flushFilled |= flush;
            bool full = _filled.Length > AheadLimitBytes;
            if (_sending)
            {
                if (full && !_callEnded)
                {
                    _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    room = _room.Task;
                }

                return room;
            }

            if (_callEnded || _failure is not null || _filled.Length == 0 || !(full || _flushFilled))
            {
                ReleaseIdle_NeedsLock();
                return room;
            }

            Swap_NeedsLock();
        }

        _ = SendAsync();
        return room;
    }

    /// <summary>No message comes any more. The task ends when the end of the stream is on its way, or the call is over.</summary>
    internal Task CompleteAsync()
    {
        bool idle;
        bool start = false;
        lock (_lock)
        {
            idle = !_completed && !_sending && _failure is null;
            _completed = true;
            if (idle && _filled.Length > 0)
            {
                start = true;
                Swap_NeedsLock();
            }
        }

        if (start)
        {
            _ = SendAsync();
        }
        else if (idle)
        {
            End();
        }

        return _ended.Task;
    }

    /// <summary>The call is over: nothing more is sent, and who waits to send is released.</summary>
    internal void OnCallEnded()
    {
        TaskCompletionSource? contentDone;
        TaskCompletionSource? room;
        lock (_lock)
        {
            _callEnded = true;
            contentDone = _contentDone;
            room = _room;
            _room = null;
            ReleaseIdle_NeedsLock();
        }

        _attached.TrySetCanceled(CancellationToken.None);
        contentDone?.TrySetCanceled(CancellationToken.None);
        room?.TrySetCanceled(CancellationToken.None);

        // A server may end its reply and read no more: then the window of the stream never opens again.
        _stop.Cancel();
        _ended.TrySetResult();
    }

    private async Task SendAsync()
    {
        Stream stream = _stream!; // Attached before the first message was added.
        CancellationToken stop = _stop.Token;
        try
        {
            do
            {
                do
                {
                    await stream.WriteAsync(_sent.Messages, stop).ConfigureAwait(false);
                }
                while (TryTakeMore());

                // The end of the stream flushes too.
                if (_flushSent && !IsCompleted)
                {
                    await stream.FlushAsync(stop).ConfigureAwait(false);
                }

                _flushSent = false;
            }
            while (!TryStop());
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private bool TryTakeMore()
    {
        TaskCompletionSource? room;
        lock (_lock)
        {
            if (_adding || _filled.Length == 0)
            {
                return false;
            }

            room = Swap_NeedsLock();
        }

        room?.TrySetResult();
        return true;
    }

    // False: messages came during the flush, and are to be sent.
    private bool TryStop()
    {
        TaskCompletionSource? room = null;
        bool stopped = false;
        bool completed;
        lock (_lock)
        {
            if (!_adding && _filled.Length > 0)
            {
                room = Swap_NeedsLock();
            }
            else
            {
                _sending = false;
                stopped = true;
                ReleaseIdle_NeedsLock();
            }

            completed = _completed;
        }

        room?.TrySetResult();
        if (stopped && completed)
        {
            End();
        }

        return stopped;
    }

    // The content goes on where it is set: the end of the stream is queued before _ended, so that a Dispose that follows does not overtake it
    // with a reset. In a caller's context it would go on elsewhere and later.
    private void End()
    {
        if (_contentDone is null || (SynchronizationContext.Current is null && TaskScheduler.Current == TaskScheduler.Default))
        {
            SetEnded();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static sender => sender.SetEnded(), this, preferLocal: true);
        }
    }

    private void SetEnded()
    {
        // Without content the request has not begun; Attach ends it.
        _contentDone?.TrySetResult();
        _ended.TrySetResult();
    }

    // The content stays open: its end would make a shortened stream look whole. The reply, or the end of the connection, ends the call.
    private void Fail(Exception exception)
    {
        TaskCompletionSource? room;
        lock (_lock)
        {
            _failure = exception;
            _sending = false;
            room = _room;
            _room = null;
            ReleaseIdle_NeedsLock();
        }

        room?.TrySetException(exception);
        _ended.TrySetResult();
    }

    private TaskCompletionSource? Swap_NeedsLock()
    {
        (_filled, _sent) = (_sent, _filled);
        _filled.Clear();
        _flushSent |= _flushFilled;
        _flushFilled = false;
        _sending = true;
        TaskCompletionSource? room = _room;
        _room = null;
        return room;
    }

    // An idle stream holds no memory.
    private void ReleaseIdle_NeedsLock()
    {
        if (!_sending)
        {
            _sent.Release();
            if (!_adding && (_callEnded || _failure is not null || _filled.Length == 0))
            {
                _filled.Release();
            }
        }
    }
}
