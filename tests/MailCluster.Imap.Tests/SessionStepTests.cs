using MailCluster.Imap.Sessions;
using MailCluster.ImapPlay;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Tests;

/// <summary>What others do between two steps of one command.</summary>
public sealed class SessionStepTests
{
    private readonly FakePlayedStore _store = new();
    private readonly PlayedHost _host;
    private Func<SessionEffect, EffectAnswer>? _instead;

    public SessionStepTests()
    {
        _host = new PlayedHost(new StoppedClock(), effect => _instead?.Invoke(effect) ?? _store.Answer(effect));
        Say("a LOGIN bob@hamburger.edu secret", "b ENABLE QRESYNC");
    }

    /// <summary>No further notice may come, so it must not wait for one.</summary>
    [Fact]
    public void Notice_that_comes_while_an_idling_session_looks_is_told_at_once()
    {
        Say("c SELECT INBOX");
        _instead = effect =>
        {
            if (effect is not SessionEffect.ReadNews)
            {
                return null!;
            }

            _instead = null;
            var answer = _store.Answer(effect);
            var delivered = Deliver();
            _host.Notice(delivered.Folder, delivered.ModSeq);
            _host.TakeNotice();
            return answer;
        };
        Assert.Contains("* 1 EXISTS", Say("d IDLE"));
    }

    [Fact]
    public void Idling_session_ends_when_its_mailbox_is_gone()
    {
        Say("c SELECT INBOX");
        _instead = effect => effect is SessionEffect.ReadNews ? new EffectAnswer.News(null) : null!;
        Assert.Throws<PlayException>(() => Say("d IDLE")); // it closes, which no play does
        Assert.Contains("* BYE The mailbox is gone", _host.TakeLines());
    }

    [Fact]
    public void What_went_since_the_mailbox_was_opened_has_not_gone_earlier()
    {
        var folder = Deliver().Folder;
        Deliver();
        _instead = effect =>
        {
            if (effect is SessionEffect.ReadExpunged)
            {
                _instead = null;
                Change(new MailboxChange.StoreFlags(folder, UidSet.All, new FlagsChange(FlagsAction.Add, MessageFlags.Deleted, [])));
                Change(new MailboxChange.Expunge(folder, UidSet.Of([new Uid(1)])));
            }

            return null!;
        };
        var lines = Say("c SELECT INBOX (QRESYNC (2 1))");
        Assert.Contains("* 2 EXISTS", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("* VANISHED (EARLIER)", StringComparison.Ordinal));
        Assert.True(lines.IndexOf("* VANISHED 1") > lines.IndexOf("* 2 EXISTS"), string.Join('\n', lines));
    }

    /// <summary>A client that comes again with what it was told misses nothing (RFC 7162 §3.2).</summary>
    [Fact]
    public void Session_that_cannot_read_changed_flags_tells_them_later()
    {
        var folder = Deliver().Folder;
        Say("c SELECT INBOX");
        Change(new MailboxChange.StoreFlags(folder, UidSet.All, new FlagsChange(FlagsAction.Add, MessageFlags.Flagged, [])));
        _instead = effect => effect is SessionEffect.Fetch ? EffectAnswer.StoreFailed.Instance : null!;
        Assert.Equal(["d OK Done"], Say("d NOOP"));
        _instead = null;
        Assert.Equal([@"* 1 FETCH (UID 1 MODSEQ (3) FLAGS (\Flagged))", "e OK Done"], Say("e NOOP"));
    }

    [Fact]
    public void Mailbox_that_cannot_be_resynchronized_is_not_selected()
    {
        Deliver();
        _instead = effect => effect is SessionEffect.Fetch ? EffectAnswer.StoreFailed.Instance : null!;
        Assert.StartsWith("c NO [UNAVAILABLE]", Say("c SELECT INBOX (QRESYNC (2 1))")[^1], StringComparison.Ordinal);
        Assert.StartsWith("d BAD", Assert.Single(Say("d CLOSE")), StringComparison.Ordinal);
    }

    [Fact]
    public void Message_that_was_marked_as_seen_and_could_not_be_read_is_told_to_be_seen()
    {
        Deliver();
        Say("c SELECT INBOX");
        _instead = effect => effect is SessionEffect.ReadSlices ? EffectAnswer.StoreFailed.Instance : null!;
        var lines = Say("d FETCH 1 BODY[]<9.1>");
        Assert.Equal(@"* 1 FETCH (UID 1 MODSEQ (3) FLAGS (\Seen))", lines[0]);
        Assert.StartsWith("d NO", lines[1], StringComparison.Ordinal);
    }

    /// <summary>Others may have marked it first: then its MODSEQ is theirs.</summary>
    [Fact]
    public void Message_that_another_one_has_read_meanwhile_keeps_the_modseq_of_that()
    {
        var folder = Deliver().Folder;
        Say("c SELECT INBOX");
        _instead = effect =>
        {
            if (effect is SessionEffect.Change { What: MailboxChange.StoreFlags })
            {
                _instead = null;
                Change(new MailboxChange.StoreFlags(folder, UidSet.All, new FlagsChange(FlagsAction.Add, MessageFlags.Seen, [])));
            }

            return null!;
        };
        Assert.DoesNotContain(Say("d FETCH 1 (MODSEQ BODY[]<9.1>)"), line => line.Contains("MODSEQ (0)", StringComparison.Ordinal));
    }

    private AppendResult Deliver() => _store.Deliver(new MailboxChange.Append(
        FolderName.Inbox, [new AppendEntry(new BodyId((UInt128)1), 1, "", MessageFlags.None, [], FakeMailbox.Now)]));

    private void Change(MailboxChange change) => _store.Answer(new SessionEffect.Change(change));

    private List<string> Say(params string[] commands)
    {
        _ = _host.TakeLines().ToList();
        foreach (var command in commands)
        {
            _host.Say(command + "\r\n");
            while (_host.CanStep)
            {
                _host.Step();
            }
        }

        return [.. _host.TakeLines()];
    }
}
