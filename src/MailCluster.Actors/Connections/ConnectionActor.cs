using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;

namespace MailCluster.Actors.Connections;

/// <summary>
/// What every connection's actor does, in or out: reads its pipe as messages to itself, hands the octets to a pure session,
/// sends the replies, and closes. All complete commands of one read are handled in one message. The octets of a read
/// stay with the actor until the session has used them up, so a client that sends faster than its effects are carried
/// out is slowed by TCP and by nothing else.
/// <code>
///   Reading ◀──▶ Waiting for an effect ──▶ Closing
/// </code>
/// </summary>
public abstract class ConnectionActor : UntypedActor, IWithTimers
{
    /// <summary>How often a connection looks whether its peer has taken too long: a share of the shortest time-out.</summary>
    private const int ChecksPerTimeout = 10;

    private static readonly TimeSpan MaxCheckInterval = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Action _tellInputReady;
    private ConfiguredValueTaskAwaitable<ReadResult>.ConfiguredValueTaskAwaiter _read;
    private ReadOnlySequence<byte> _input;
    private bool _hasInput;
    private bool _reading;
    private bool _flushing;
    private bool _inputCompleted;
    private long _lastProgress;
    private bool _closing;

    protected ConnectionActor(IMailTransport transport, TimeProvider time)
    {
        Transport = transport;
        _time = time;
        _lastProgress = time.GetTimestamp();
        var self = Self;
        _tellInputReady = () => self.Tell(InputReady.Instance, ActorRefs.NoSender);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected IMailTransport Transport { get; private set; }

    protected ILoggingAdapter Log { get; } = Context.GetLogger();

    /// <summary>Ends when the actor stops: give it to every operation that is awaited.</summary>
    protected CancellationToken Stopping => _stopping.Token;

    /// <summary>How long the peer may take for what it has to do now.</summary>
    protected abstract TimeSpan ProgressTimeout { get; }

    /// <summary>Lets the session go on until it must wait for octets or for an effect.</summary>
    protected abstract void Run();

    /// <summary>The client hung up, or the connection broke.</summary>
    protected abstract void OnHungUp(Exception? cause);

    /// <summary>The peer took longer than <see cref="ProgressTimeout"/>: say so, then <see cref="Close"/>.</summary>
    protected abstract void OnTimeout();

    /// <summary>The node goes away: close now, or as soon as what is under way is done.</summary>
    protected abstract void OnServiceStopping();

    /// <summary>The handshake is done, the session starts anew.</summary>
    protected abstract void OnTlsEstablished();

    /// <summary>The peer has taken what it was sent, and its next octets are awaited.</summary>
    protected virtual void OnSent()
    {
    }

    /// <summary>Nothing is under way but the wait for octets: the session may be run without any.</summary>
    protected bool IsQuiet => _reading && !_flushing;

    /// <summary>The peer has not taken yet what it was sent.</summary>
    protected bool IsFlushing => _flushing;

    /// <summary>Messages of the derived connection.</summary>
    protected abstract bool OnMessage(object message);

    protected override void PreStart()
    {
        var interval = ProgressTimeout / ChecksPerTimeout;
        Timers.StartPeriodicTimer(
            ProgressCheckDue.Instance, ProgressCheckDue.Instance, interval < MaxCheckInterval ? interval : MaxCheckInterval);
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _ = Transport.CloseAsync();
    }

    protected override void OnReceive(object message)
    {
        if (_closing)
        {
            OnReceiveClosing(message);
            return;
        }

        switch (message)
        {
            case InputReady:
                OnInputReady();
                break;
            case OutputFlushed flushed:
                OnFlushed(flushed.Result);
                break;
            case TlsEstablished:
                NoteProgress();
                OnTlsEstablished();
                break;
            case ConnectionBroken broken:
                _flushing = false;
                OnHungUp(broken.Cause);
                break;
            case ProgressCheckDue:
                CheckProgress();
                break;
            case ServiceStopping:
                OnServiceStopping();
                break;
            default:
                if (!OnMessage(message))
                {
                    Unhandled(message);
                }

                break;
        }
    }

    /// <summary>The octets that the session has not used up; the session slices what it takes.</summary>
    protected ref ReadOnlySequence<byte> Input => ref _input;

    /// <summary>The peer did what it should: its time-out begins anew. May be called by a task of this connection.</summary>
    protected void NoteProgress() => Volatile.Write(ref _lastProgress, _time.GetTimestamp());

    /// <summary>
    /// What answers a client is progress. Octets alone are none: one now and then would keep a connection for ever.
    /// </summary>
    protected void NoteAnswers()
    {
        if (!Transport.Output.CanGetUnflushedBytes || Transport.Output.UnflushedBytes > 0)
        {
            NoteProgress();
        }
    }

    /// <summary>
    /// Sends what is written and reads on. True where octets were there at once, so that the caller goes on in the same
    /// message; else a message comes, or the connection is over.
    /// </summary>
    protected bool TryReadMore()
    {
        ReturnInput(consumeAll: false);
        if (_inputCompleted)
        {
            OnHungUp(null);
            return false;
        }

        ValueTask<FlushResult> flush;
        try
        {
            flush = Transport.Output.FlushAsync(Stopping);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            OnHungUp(broken);
            return false;
        }

        if (!flush.IsCompletedSuccessfully)
        {
            _flushing = true;
            flush.AsTask().PipeTo(Self, success: r => new OutputFlushed(r), failure: e => new ConnectionBroken(e));
            return false;
        }

        return !_reading && TryRead();
    }

    /// <summary>
    /// Sends what is written, then ends the connection and the actor. What is being sent is waited for: to cut it off would
    /// leave the peer with half a response, and under TLS without the goodbye behind it.
    /// </summary>
    protected void Close()
    {
        if (!_closing)
        {
            _closing = true;
            if (!_flushing)
            {
                Context.Stop(Self);
            }
        }
    }

    /// <summary>Drops the octets that came before the handshake, sends the replies, and does it.</summary>
    protected void BeginTls()
    {
        ReturnInput(consumeAll: true);
        EstablishTlsAsync().PipeTo(
            Self, success: () => TlsEstablished.Instance, failure: e => new ConnectionBroken(e));
    }

    /// <summary>
    /// Goes on through another transport upon the same connection. All that was written is sent, nothing is being read; the
    /// octets that are not used up belong to the new one.
    /// </summary>
    protected void SwitchTransport(Func<IMailTransport, IMailTransport> next)
    {
        if (_hasInput)
        {
            _hasInput = false;
            Transport.Input.AdvanceTo(_input.Start);
            _input = default;
            _inputCompleted = false; // the new one comes to the end by itself
        }

        Transport = next(Transport);
    }

    private async Task EstablishTlsAsync()
    {
        await Transport.Output.FlushAsync(Stopping);
        await Transport.StartTlsAsync(Stopping);
    }

    private bool TryRead()
    {
        ValueTask<ReadResult> read;
        try
        {
            read = Transport.Input.ReadAsync(Stopping);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            // A pipe that is broken already says so at once, not by its task.
            OnHungUp(broken);
            return false;
        }

        if (!read.IsCompletedSuccessfully)
        {
            // Not by a Task of its own: this is the one wait that every command of every client goes through.
            _reading = true;
            _read = read.ConfigureAwait(false).GetAwaiter();
            _read.UnsafeOnCompleted(_tellInputReady);
            return false;
        }

        TakeInput(read.Result);
        return true;
    }

    private void OnInputReady()
    {
        _reading = false;
        try
        {
            TakeInput(_read.GetResult());
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            OnHungUp(broken);
            return;
        }

        if (!_flushing) // a pipe upon a stream gives back what it has sent: nobody may write meanwhile
        {
            Run();
        }
    }

    private static bool IsBroken(Exception cause) =>
        cause is IOException or InvalidOperationException or OperationCanceledException or InvalidDataException;

    private void OnFlushed(FlushResult result)
    {
        _flushing = false;
        if (result.IsCompleted)
        {
            OnHungUp(null);
        }
        else if (_hasInput || (!_reading && TryRead()))
        {
            Run();
        }
        else if (_reading)
        {
            OnSent();
        }
    }

    /// <summary>All that is left to come is the end of what is being sent, and it has its time like all else.</summary>
    private void OnReceiveClosing(object message)
    {
        if (message is OutputFlushed or ConnectionBroken)
        {
            Context.Stop(Self);
        }
        else if (message is ProgressCheckDue && IsOverdue)
        {
            Transport.Abort();
            Context.Stop(Self);
        }
    }

    private void TakeInput(ReadResult result)
    {
        _input = result.Buffer;
        _hasInput = true;
        _inputCompleted = result.IsCompleted;
    }

    private void ReturnInput(bool consumeAll)
    {
        if (_hasInput)
        {
            _hasInput = false;
            Transport.Input.AdvanceTo(consumeAll ? _input.End : _input.Start, _input.End);
            _input = default;
        }
    }

    private void CheckProgress()
    {
        if (IsOverdue)
        {
            OnTimeout();
        }
    }

    private bool IsOverdue => _time.GetElapsedTime(Volatile.Read(ref _lastProgress)) >= ProgressTimeout;
}
