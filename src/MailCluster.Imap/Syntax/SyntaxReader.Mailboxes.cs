using System.Collections.Immutable;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Syntax;

/// <summary>Names of mailboxes, and flags.</summary>
internal ref partial struct SyntaxReader
{
    /// <summary>Flags in one command: more than a message can have.</summary>
    public const int MaxFlags = 100;

    /// <summary>RFC 9051 §9 sets no bound; every message with it tells it in each FETCH.</summary>
    public const int MaxFlagLength = 100;

    /// <summary>
    /// The name as people read it. What is no UTF-7 of the kind of RFC 3501 §5.1.3 is taken as it stands, since clients
    /// without it send such names; whether a folder can have it is for the command to say.
    /// </summary>
    public string Mailbox() => Decoded(AString());

    /// <summary>RFC 9051 §6.3.9: a name with wildcards.</summary>
    public string ListMailbox() =>
        Decoded(IsNext('"') || IsLiteralNext ? String() : IsNext(')') ? "" : Take(ListChars, "a mailbox name with wildcards"));

    public ImmutableArray<string> FlagList()
    {
        if (!IsNext('('))
        {
            Fail("a list of flags");
        }

        Expect('(');
        if (Try(')'))
        {
            return [];
        }

        _at--;
        return List((ref SyntaxReader reader) => reader.Flag(), MaxFlags);
    }

    /// <summary>A list, or, as STORE may have it, flags without parentheses.</summary>
    public ImmutableArray<string> FlagsOfStore()
    {
        if (IsNext('('))
        {
            return FlagList();
        }

        var flags = ImmutableArray.CreateBuilder<string>();
        do
        {
            flags.Add(Flag());
        }
        while (flags.Count < MaxFlags && Try(' '));
        return flags.DrainToImmutable();
    }

    /// <summary>A keyword, or a system flag with its backslash.</summary>
    public string Flag()
    {
        var flag = Try('\\') ? "\\" + Take(AtomChars, "the name of a flag") : Take(AtomChars, "a flag");
        if (flag.Length > MaxFlagLength)
        {
            Fail($"a flag of at most {MaxFlagLength} octets before here");
        }

        return flag;
    }

    private readonly string Decoded(string name) => utf8 || !ModifiedUtf7.TryDecode(name, out var decoded) ? name : decoded;
}
