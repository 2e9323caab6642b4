using System.Collections.Immutable;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>
/// What stands behind the name of the mailbox in APPEND and REPLACE (RFC 4466 §2.6, append-message): one message after the
/// other, each as one literal, as one in UTF-8 (RFC 6855 §4), or put together (RFC 4469 §5). The octets of messages are not
/// here: each stretch of text between them is read by itself.
/// </summary>
internal static class AppendSyntax
{
    /// <summary>Parts of one catenated message; RFC 4469 sets no bound.</summary>
    private const int MaxSteps = 1_000;

    /// <summary>Reads up to the next announced octets, or to the end of the command.</summary>
    /// <param name="place">Where the stretch before this one ended, and where this one ends.</param>
    public static ImmutableArray<AppendStep> Read(ref SyntaxReader reader, ref AppendPlace place)
    {
        var steps = ImmutableArray.CreateBuilder<AppendStep>();
        do
        {
            if (steps.Count > MaxSteps)
            {
                reader.Fail($"at most {MaxSteps} parts");
            }

            place = Next(ref reader, place, steps);
        }
        while (reader.Error is null && !(steps.Count > 0 && steps[^1] is AppendStep.Octets)
            && !(place == AppendPlace.BehindMessage && reader.IsAtEnd));
        return reader.Error is null ? steps.DrainToImmutable() : [];
    }

    /// <summary>The literal that is announced at the end is an URL, and none of a message.</summary>
    public static bool AnnouncesUrl(ReadOnlySpan<byte> text)
    {
        var open = text.LastIndexOf((byte)'{');
        return open >= 5 && text[open - 5] is (byte)' ' or (byte)'('
            && System.Text.Ascii.EqualsIgnoreCase(text[(open - 4)..open], "URL ");
    }

    private static AppendPlace Next(
        ref SyntaxReader reader, AppendPlace place, ImmutableArray<AppendStep>.Builder steps)
    {
        switch (place)
        {
            case AppendPlace.Message:
                return Message(ref reader, steps);
            case AppendPlace.Part:
                return Part(ref reader, steps);
            case AppendPlace.InUtf8Part:
                reader.Expect(')');
                return AppendPlace.BehindPart;
            case AppendPlace.BehindPart when reader.Try(' '):
                return AppendPlace.Part;
            case AppendPlace.BehindMessage:
                reader.Space();
                return AppendPlace.Message;
            case AppendPlace.BehindPart or AppendPlace.InUtf8:
                reader.Expect(')');
                break;
        }

        steps.Add(AppendStep.End.Instance);
        return AppendPlace.BehindMessage;
    }

    private static AppendPlace Message(ref SyntaxReader reader, ImmutableArray<AppendStep>.Builder steps)
    {
        steps.Add(Begin(ref reader));
        if (reader.TryWord("CATENATE"))
        {
            reader.Space();
            reader.Expect('(');
            return AppendPlace.Part;
        }

        return TryUtf8(ref reader, steps) ? AppendPlace.InUtf8 : Octets(ref reader, steps, AppendPlace.BehindOctets);
    }

    private static AppendPlace Part(ref SyntaxReader reader, ImmutableArray<AppendStep>.Builder steps)
    {
        if (reader.TryWord("URL"))
        {
            reader.Space();
            steps.Add(new AppendStep.Url(reader.AString()));
            return AppendPlace.BehindPart;
        }

        if (TryUtf8(ref reader, steps))
        {
            return AppendPlace.InUtf8Part;
        }

        if (!reader.TryWord("TEXT"))
        {
            reader.Fail("URL, TEXT or UTF8");
        }

        reader.Space();
        return Octets(ref reader, steps, AppendPlace.BehindPart);
    }

    private static bool TryUtf8(ref SyntaxReader reader, ImmutableArray<AppendStep>.Builder steps)
    {
        if (!reader.TryWord("UTF8"))
        {
            return false;
        }

        reader.Space();
        reader.Expect('(');
        if (!reader.IsNext('~'))
        {
            reader.Fail("a literal8");
        }

        Octets(ref reader, steps, default);
        return true;
    }

    private static AppendPlace Octets(
        ref SyntaxReader reader, ImmutableArray<AppendStep>.Builder steps, AppendPlace behind)
    {
        reader.Announcement();
        steps.Add(AppendStep.Octets.Instance);
        return behind;
    }

    private static AppendStep.Begin Begin(ref SyntaxReader reader)
    {
        ImmutableArray<string> flags = [];
        DateTimeOffset? date = null;
        if (reader.IsNext('('))
        {
            flags = reader.FlagList();
            if (!FlagNames.TrySplit(flags, out _, out _, out _))
            {
                reader.Fail("flags that there are before here");
            }

            reader.Space();
        }

        if (reader.IsNext('"'))
        {
            date = reader.DateTime();
            reader.Space();
        }

        return new AppendStep.Begin(flags, date);
    }
}

/// <summary>What is to be done for an APPEND, in the order in which it is written.</summary>
internal abstract record AppendStep
{
    private AppendStep()
    {
    }

    public sealed record Begin(ImmutableArray<string> Flags, DateTimeOffset? InternalDate) : AppendStep;

    /// <summary>Octets of a message that is there already.</summary>
    public sealed record Url(string Text) : AppendStep;

    /// <summary>Octets of a literal: always the last step of a stretch.</summary>
    public sealed record Octets : AppendStep
    {
        public static readonly Octets Instance = new();
    }

    /// <summary>The message is whole.</summary>
    public sealed record End : AppendStep
    {
        public static readonly End Instance = new();
    }
}

/// <summary>Where in an APPEND a stretch of text begins or ends.</summary>
internal enum AppendPlace
{
    /// <summary>Before flags, date or data of a message.</summary>
    Message,
    BehindOctets,

    /// <summary>Behind the octets, before the parenthesis.</summary>
    InUtf8,
    Part,
    InUtf8Part,
    BehindPart,
    BehindMessage,
}
