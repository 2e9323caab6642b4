using System.Buffers;
using System.Collections.Immutable;
using MailCluster.Imap.Responses;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>Messages of one APPEND or REPLACE on their way to the spool. Nothing is in a mailbox before the last is whole.</summary>
internal sealed class AppendRun(ImapSession session, string name, int maxMessages = int.MaxValue, bool ownOnly = false)
{
    public const string OwnOnly = "Only messages of one's own mailboxes are replaced";

    private readonly ImmutableArray<AppendEntry>.Builder _entries = ImmutableArray.CreateBuilder<AppendEntry>();
    private AppendStep.Begin? _message;
    private long _length;

    /// <summary>Octets of this stretch's literal are still to come.</summary>
    private bool _literalIsWaiting;

    /// <summary>After <see cref="Take"/>, unless the command has failed.</summary>
    public FolderPlace Target { get; private set; }

    /// <summary>After <see cref="Take"/>, unless the command has failed: durable.</summary>
    public ImmutableArray<AppendEntry> Entries => _entries.ToImmutable();

    /// <summary>After a failure what is still to come of the command is dropped, and so are the messages.</summary>
    public IEnumerable<SessionEffect> Take(ImmutableArray<AppendStep> steps, AppendPlace place)
    {
        _literalIsWaiting = steps[^1] is AppendStep.Octets;
        foreach (var effect in session.HasFailed ? [] : FindTarget())
        {
            yield return effect;
        }

        while (!session.HasFailed)
        {
            foreach (var effect in steps.TakeWhile(_ => !session.HasFailed).SelectMany(CarryOut))
            {
                yield return effect;
            }

            if (session.HasFailed || steps[^1] is not AppendStep.Octets)
            {
                break;
            }

            while (!session.TryReadRest())
            {
                yield return SessionEffect.ReadMore.Instance;
            }

            steps = session.TakeRest(ref place);
            _literalIsWaiting = !steps.IsEmpty && steps[^1] is AppendStep.Octets;
        }

        if (session.HasFailed)
        {
            if (_literalIsWaiting)
            {
                session.DropLiteral();
            }

            yield return SessionEffect.DropBody.Instance;
            session.ForgetAnswer();
        }
    }

    private IEnumerable<SessionEffect> FindTarget()
    {
        foreach (var effect in session.FindFolder(name, FolderRights.Insert))
        {
            yield return effect;
        }

        Target = session.Place.GetValueOrDefault();
        session.OfferCreation();
        if (ownOnly && !session.HasFailed && Target.Owner != default)
        {
            session.No(OwnOnly, "CANNOT");
        }
    }

    private IEnumerable<SessionEffect> CarryOut(AppendStep step) => step switch
    {
        AppendStep.Begin begin => Begin(begin),
        AppendStep.Octets => TakeLiteral(),
        AppendStep.Url url => Copy(url.Text),
        _ => End(),
    };

    private IEnumerable<SessionEffect> Begin(AppendStep.Begin message)
    {
        if (_entries.Count >= Math.Min(maxMessages, session.Options.MaxAppended))
        {
            session.Bad("Too many messages");
            yield break;
        }

        _message = message;
        _length = 0;
        yield return SessionEffect.BeginBody.Instance;
        session.Got(out EffectAnswer.Done _);
    }

    private IEnumerable<SessionEffect> TakeLiteral()
    {
        if (!MayGrow(session.LiteralLength))
        {
            return [];
        }

        _literalIsWaiting = false;
        return session.SpoolLiteral();
    }

    /// <summary>RFC 4469 §3: what cannot be had is named, and nothing is appended.</summary>
    private IEnumerable<SessionEffect> Copy(string url)
    {
        var source = new UrlSource(session, url);
        foreach (var effect in source.Find())
        {
            yield return effect;
        }

        if (session.HasFailed || source.Slice is not { } slice)
        {
            yield break;
        }

        if (source.Fields is { } section)
        {
            yield return new SessionEffect.ReadSlices([slice]);
            if (!session.Got(out EffectAnswer.Slices read) || read.Octets[0] is not { } header)
            {
                yield break;
            }

            var octets = source.Cut(HeaderFilter.Apply(header.Span, section));
            if (MayGrow(octets.Length) && octets.Length > 0)
            {
                yield return new SessionEffect.WriteBody(new ReadOnlySequence<byte>(octets));
                session.Got(out EffectAnswer.Done _);
            }
        }
        else if (MayGrow(slice.Length) && slice.Length > 0)
        {
            yield return new SessionEffect.CopyBody(slice);
            session.Got(out EffectAnswer.Done _);
        }
    }

    private IEnumerable<SessionEffect> End()
    {
        if (_length == 0)
        {
            session.No("A message cannot be empty", "CANNOT");
            yield break;
        }

        yield return SessionEffect.EndBody.Instance;
        if (!session.Got(out EffectAnswer.BodyStored body))
        {
            yield break;
        }

        if (body.HasEightBitHeader && !session.TakesUtf8Headers)
        {
            session.No("A header in UTF-8 needs ENABLE UTF8=ACCEPT", "CANNOT"); // RFC 6855 §4
            yield break;
        }

        FlagNames.TrySplit(_message!.Flags, out var flags, out var keywords, out _);
        _entries.Add(new AppendEntry(
            body.Body, body.Size, "", flags, keywords, _message.InternalDate ?? session.Time.GetUtcNow()));
    }

    private bool MayGrow(long octets)
    {
        if (octets > session.Options.MaxMessage - _length)
        {
            session.No("Message is too large", "TOOBIG");
            return false;
        }

        _length += octets;
        return true;
    }
}
