using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Imap.Threading;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Commands;

/// <summary>THREAD, UID THREAD (RFC 5256 §3).</summary>
internal sealed record ThreadCommand(ThreadAlgorithm Algorithm, string? Charset, SearchKey Key, bool IsUid)
    : SearchingCommand(default, Charset, Key, IsUid)
{
    protected override int Passes => 1;

    public static ImapCommand Parse(ref SyntaxReader reader) => Parse(ref reader, isUid: false);

    public static ImapCommand ParseUid(ref SyntaxReader reader) => Parse(ref reader, isUid: true);

    protected override IEnumerable<SessionEffect> Tell(
        ImapSession session, SelectedFolder selected, UidSet found, CommandProgress progress)
    {
        IThreader threader = Algorithm == ThreadAlgorithm.References
            ? new ReferencesThreader(session.Options.MaxThreadNodes)
            : new OrderedSubjectThreader(session.Options.MaxThreadNodes);
        var fits = true;
        var reader = new KeyReader(session, selected, progress);
        foreach (var effect in reader.Read(
            found, needsStructure: true, (message, keys) => fits = threader.TryAdd(Threaded(message, keys))))
        {
            yield return effect;
        }

        if (!fits)
        {
            session.No("Too many messages to thread, search for fewer", "LIMIT"); // RFC 5530 §3
        }

        if (session.HasFailed)
        {
            yield break;
        }

        foreach (var threads in threader.Finish())
        {
            // Others have their turn between the steps.
            foreach (var effect in threads is null ? [SessionEffect.Flush.Instance] : Tell(session, selected, threads))
            {
                yield return effect;
            }
        }
    }

    private IEnumerable<SessionEffect> Tell(ImapSession session, SelectedFolder selected, MessageForest threads)
    {
        var output = session.Out.Text("* THREAD");
        var separator = " ";
        foreach (var token in threads.Tokens())
        {
            output.Text(separator);
            separator = "";
            _ = token switch
            {
                ThreadToken.Open => output.Text("("),
                ThreadToken.Close => output.Text(")"),
                ThreadToken.Space => output.Text(" "),
                _ => output.Number(IsUid ? token : selected.Numbers.NumberOf(new Uid((uint)token))),
            };
            if (output.Pending > ImapSession.MaxPending)
            {
                yield return SessionEffect.Flush.Instance;
                session.Got(out EffectAnswer.Done _);
            }
        }

        output.Line();
    }

    private static ThreadedMessage Threaded(FetchedMessage message, MessageSortKeys keys) => new(
        message.Uid,
        keys.SentAt ?? message.InternalDate, // RFC 5256 §2.2
        keys.MessageId,
        keys.References,
        ComparableText.Of(keys.BaseSubject),
        keys.IsReplyOrForward);

    private static ThreadCommand Parse(ref SyntaxReader reader, bool isUid)
    {
        reader.Space();
        var algorithm = reader.Keyword() switch
        {
            "REFERENCES" => ThreadAlgorithm.References,
            "ORDEREDSUBJECT" => ThreadAlgorithm.OrderedSubject,
            _ => ThreadAlgorithm.None,
        };
        if (algorithm == ThreadAlgorithm.None)
        {
            reader.Fail("REFERENCES or ORDEREDSUBJECT before here");
        }

        reader.Space();
        var (charset, key) = SearchCriteria(ref reader);
        return new ThreadCommand(algorithm, charset, key, isUid);
    }
}

internal enum ThreadAlgorithm
{
    None,
    References,
    OrderedSubject,
}
