using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>NOTIFY (RFC 5465 §3.1): what the client wants to hear of at any time, and what not even during commands.</summary>
internal sealed record NotifyCommand(NotifySet Set, bool WantsStatus, bool IsSupported) : ImapCommand
{
    /// <summary>Names and groups of one command; more are "too complex" (RFC 5465 §3.1).</summary>
    private const int MaxNames = 1_000;

    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        if (reader.TryWord("NONE"))
        {
            return new NotifyCommand(NotifySet.None, false, true);
        }

        if (!reader.TryWord("SET"))
        {
            reader.Fail("SET or NONE");
        }

        var wantsStatus = reader.TryWord(" STATUS");
        reader.Space();
        var parser = new NotifyGroupParser();
        do
        {
            parser.Group(ref reader);
        }
        while (reader.Try(' '));
        return new NotifyCommand(parser.Set, wantsStatus, parser.IsSupported);
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (!IsSupported)
        {
            session.No("No such event", $"BADEVENT ({NotifyGroupParser.EventNames})");
            yield break;
        }

        if (Set.Groups.Sum(group => 1 + group.Names.Length) > MaxNames)
        {
            session.No("Too many mailboxes", "NOTIFICATIONOVERFLOW");
            yield break;
        }

        if (Set.IsNone)
        {
            session.Notify = Set;
            yield break;
        }

        if (Set.Selected is { } selected && selected.Items.Any(item => item.Kind == FetchKind.ModSeq))
        {
            session.Enabled |= Extensions.Condstore; // RFC 7162 §3.1
        }

        foreach (var effect in session.BeginWatch())
        {
            yield return effect;
        }

        if (session.HasFailed)
        {
            yield break;
        }

        foreach (var effect in session.BeginNotify(Set))
        {
            yield return effect;
        }

        if (!session.HasFailed && WantsStatus)
        {
            foreach (var effect in TellStatus(session))
            {
                yield return effect;
            }
        }
    }

    /// <summary>RFC 5465 §3.1: of each mailbox but the selected one.</summary>
    private IEnumerable<SessionEffect> TellStatus(ImapSession session)
    {
        yield return SessionEffect.ListFolders.Instance;
        if (!session.Got(out EffectAnswer.Folders read))
        {
            yield break;
        }

        var subscribed = read.List.Subscribed.ToHashSet();
        foreach (var folder in read.List.Folders)
        {
            var events = Set.EventsOf(folder.Name, subscribed.Contains(folder.Name));
            if (folder.Id == session.Selected?.Folder.Id || (events & NotifyEvents.Messages) == 0)
            {
                continue;
            }

            var withModSeq = events.HasFlag(NotifyEvents.FlagChange) || session.Enabled.HasFlag(Extensions.Condstore);
            StatusCommand.Tell(session, folder, withModSeq
                ? [StatusItem.Messages, StatusItem.UidNext, StatusItem.UidValidity, StatusItem.HighestModSeq]
                : [StatusItem.Messages, StatusItem.UidNext, StatusItem.UidValidity]);
            if (session.Out.Pending > ImapSession.MaxPending)
            {
                yield return SessionEffect.Flush.Instance;
                session.Got(out EffectAnswer.Done _);
            }
        }
    }
}
