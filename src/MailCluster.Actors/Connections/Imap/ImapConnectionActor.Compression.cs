using Akka.Actor;
using Akka.Event;
using MailCluster.Actors.Connections.Compression;
using MailCluster.Imap.Sessions;

namespace MailCluster.Actors.Connections.Imap;

/// <summary>COMPRESS (RFC 4978), and what UNAUTHENTICATE (RFC 8437) ends.</summary>
public sealed partial class ImapConnectionActor
{
    private DeflateTransport? _compressed;
    private bool _holdsCompression;

    private void ReserveCompression()
    {
        _holdsCompression = _services.Compression.TryTake();
        GoOn(_holdsCompression ? EffectAnswer.Done.Instance : EffectAnswer.StoreFailed.Instance);
    }

    private void ReturnCompression()
    {
        if (_holdsCompression)
        {
            _holdsCompression = false;
            _services.Compression.Return();
        }
    }

    /// <summary>The tagged OK goes out as it is, or is the last that is compressed; then the connection changes.</summary>
    private void BeginSwitch(bool compresses)
    {
        _sending = true;
        FlushAsync().PipeTo(Self, success: _ => new SwitchDue(compresses), failure: e => new ConnectionBroken(e));
    }

    private void OnSwitchDue(bool compresses)
    {
        _sending = false;
        if (compresses)
        {
            SwitchTransport(plain => _compressed = new DeflateTransport(plain));
        }
        else
        {
            SwitchTransport(_ => _compressed!.Detach());
            _compressed = null;
            ReturnCompression();
        }

        GoOn(EffectAnswer.Done.Instance);
    }

    /// <summary>Nobody's changes are this connection's business any more.</summary>
    private void ForgetAccount()
    {
        foreach (var account in _watches.Keys.ToList())
        {
            Unwatch(account);
        }

        Timers.Cancel(AskRetryDue.Instance);
        GoOn(EffectAnswer.Done.Instance);
    }

    /// <summary>To itself: what is written in the old way is sent.</summary>
    private sealed record SwitchDue(bool Compresses) : IDeadLetterSuppression;
}
