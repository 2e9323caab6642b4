using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>SELECT, EXAMINE (RFC 9051 §6.3.2, §6.3.3), with CONDSTORE and QRESYNC (RFC 7162 §3.1.8, §3.2.5).</summary>
internal sealed record SelectCommand(string Name, bool IsReadOnly, bool Condstore, QresyncParameters? Qresync) : ImapCommand
{
    public override bool UsesSequenceNumbers => Qresync is { NamesNumbers: true };

    public static ImapCommand ParseSelect(ref SyntaxReader reader) => Parse(ref reader, isReadOnly: false);

    public static ImapCommand ParseExamine(ref SyntaxReader reader) => Parse(ref reader, isReadOnly: true);

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (Qresync is not null && !session.Enabled.HasFlag(Extensions.Qresync))
        {
            session.Bad("ENABLE QRESYNC first");
            yield break;
        }

        if (session.Selected is not null)
        {
            session.Out.Line("* OK [CLOSED] Closed the mailbox before"); // RFC 9051 §6.3.2
        }

        session.Unselect();
        foreach (var effect in session.Locate(Name))
        {
            yield return effect;
        }

        if (session.Place is not { } place)
        {
            yield break;
        }

        yield return new SessionEffect.OpenFolder(place.Name) { Owner = place.Owner };
        if (!session.Got(out EffectAnswer.Opened opened) || !session.Allows(opened.Folder?.Folder, FolderRights.Read))
        {
            yield break;
        }

        FolderView? view = null;
        if (session.IsRev2)
        {
            yield return SessionEffect.ListFolders.Instance;
            if (!session.Got(out EffectAnswer.Folders folders))
            {
                yield break;
            }

            view = new FolderView(OtherUsers.Together(folders));
        }

        session.Enabled |= Condstore ? Extensions.Condstore : Extensions.None;
        var selected = new SelectedFolder(opened.Folder!, IsReadOnly) { Owner = place.Owner };
        session.Selected = selected;
        session.State = ImapState.Selected;
        Tell(session, selected, view);
        if (Qresync is { } known && known.UidValidity == selected.Folder.UidValidity.Value)
        {
            foreach (var effect in TellMissed(session, selected, known))
            {
                yield return effect;
            }

            if (session.HasFailed)
            {
                session.Unselect(); // RFC 9051 §6.3.2
                yield break;
            }
        }

        var code = ImapSession.AccessCode(selected);
        session.Ok(code == "READ-ONLY" ? "Opened read-only" : "Opened", code);
    }

    private static SelectCommand Parse(ref SyntaxReader reader, bool isReadOnly)
    {
        reader.Space();
        var name = reader.Mailbox();
        var condstore = false;
        QresyncParameters? qresync = null;
        if (reader.Try(' '))
        {
            reader.Expect('(');
            do
            {
                if (reader.TryWord("CONDSTORE"))
                {
                    condstore = true;
                }
                else if (reader.TryWord("QRESYNC"))
                {
                    qresync = QresyncParameters.Parse(ref reader);
                }
                else
                {
                    reader.Fail("CONDSTORE or QRESYNC");
                }
            }
            while (reader.Try(' '));
            reader.Expect(')');
        }

        return new SelectCommand(name, isReadOnly, condstore, qresync);
    }

    /// <param name="view">Where the client speaks IMAP4rev2: the mailbox is listed, and nothing said of RECENT.</param>
    private void Tell(ImapSession session, SelectedFolder selected, FolderView? view)
    {
        var folder = selected.Folder;
        var output = session.Out;
        session.TellFlags(folder);
        output.Text("* ").Number(selected.Numbers.Count).Line(" EXISTS");
        if (view is null)
        {
            output.Line("* 0 RECENT"); // RFC 3501 §2.3.2: nobody is told that a message is recent, which RFC 9051 gave up
        }
        else
        {
            session.TellListed(view, FolderName.Parse(Name), new ListOptions());
        }

        session.TellPermanentFlags(selected);
        output.Text("* OK [UIDVALIDITY ").Number(folder.UidValidity.Value).Line("] UIDs are valid");
        output.Text("* OK [UIDNEXT ").Number(folder.UidNext.Value).Line("] Next UID");
        output.Text("* OK [HIGHESTMODSEQ ").Number(folder.HighestModSeq).Line("] Highest MODSEQ");
        output.Text("* OK [MAILBOXID (").Text(folder.Id.MailboxId).Line(")] The mailbox's own id");
    }

    private static UidSet Existed(Folder folder) => folder.UidNext.Value > 1
        ? UidSet.Of(new UidRange(new Uid(1), new Uid(folder.UidNext.Value - 1)))
        : UidSet.Empty;

    private static IEnumerable<SessionEffect> TellMissed(
        ImapSession session, SelectedFolder selected, QresyncParameters known)
    {
        yield return new SessionEffect.ReadExpunged(selected.Folder.Id, known.ModSeq);
        if (!session.Got(out EffectAnswer.Expunged expunged))
        {
            yield break;
        }

        var asked = known.Uids?.ToUids(selected.Folder.UidNext.Value - 1)
            ?? UidSet.Of(new UidRange(new Uid(1), new Uid(Math.Max(1, selected.Folder.UidNext.Value - 1))));
        // What the store has forgotten is told in full: all that is not there is gone. What went since the mailbox was
        // opened is a message of this session still, and told when it may be.
        var gone = (expunged.What.IsForgotten ? Existed(selected.Folder) : expunged.What.Uids)
            .Intersect(asked).Except(selected.Numbers.Uids);
        if (!gone.IsEmpty)
        {
            session.Out.Text("* VANISHED (EARLIER) ").Uids(gone).Line();
        }

        yield return new SessionEffect.FindUids(
            selected.Folder.Id, new MessageCriteria { Uids = asked, ChangedSince = known.ModSeq });
        if (!session.Got(out EffectAnswer.Uids changed))
        {
            yield break;
        }

        foreach (var effect in session.TellFlagsOf(selected, changed.Set.Intersect(selected.Numbers.Uids)))
        {
            yield return effect;
        }

        if (!session.ToldAll)
        {
            session.No("Not possible at the moment, try again", "UNAVAILABLE");
        }
    }
}

/// <summary>What the client remembers of the mailbox (RFC 7162 §3.2.5).</summary>
/// <param name="Uids">Those it knows; null for all.</param>
internal sealed record QresyncParameters(uint UidValidity, long ModSeq, NumberSet? Uids)
{
    /// <summary>It says which message sequence numbers had which UIDs.</summary>
    public bool NamesNumbers { get; init; }

    public static QresyncParameters Parse(ref SyntaxReader reader)
    {
        reader.Space();
        reader.Expect('(');
        var validity = reader.NzNumber();
        reader.Space();
        var modseq = reader.Number64();
        NumberSet? uids = null;
        var namesNumbers = false;
        if (reader.Try(' '))
        {
            if (!reader.IsNext('('))
            {
                uids = reader.SequenceSet();
            }

            if (uids is null || reader.Try(' '))
            {
                SkipMatchData(ref reader);
                namesNumbers = true;
            }
        }

        reader.Expect(')');
        return new QresyncParameters(validity, modseq, uids) { NamesNumbers = namesNumbers };
    }

    /// <summary>RFC 7162 §3.2.5.2: with numbers the server could tell less; telling all is right as well.</summary>
    private static void SkipMatchData(ref SyntaxReader reader)
    {
        reader.Expect('(');
        reader.SequenceSet();
        reader.Space();
        reader.SequenceSet();
        reader.Expect(')');
    }
}
