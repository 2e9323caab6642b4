using System.Collections.Immutable;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Syntax;

/// <summary>Entries of METADATA (RFC 5464 §5).</summary>
internal ref partial struct SyntaxReader
{
    /// <summary>Entries in one command.</summary>
    public const int MaxEntries = 100;

    /// <summary>RFC 5464 §3.2: a name that is none makes a BAD.</summary>
    public EntryName Entry()
    {
        if (!EntryName.TryParse(AString(), out var name))
        {
            Fail("an entry below /private or /shared before here");
        }

        return name;
    }

    /// <summary>One, or a list. Several without parentheses, as in the examples of RFC 5464 §4.4.1, are taken too.</summary>
    public ImmutableArray<EntryName> Entries()
    {
        if (IsNext('('))
        {
            return List((ref SyntaxReader reader) => reader.Entry(), MaxEntries);
        }

        var entries = ImmutableArray.CreateBuilder<EntryName>(1);
        do
        {
            entries.Add(Entry());
        }
        while (entries.Count < MaxEntries && Try(' '));
        return entries.DrainToImmutable();
    }

    /// <summary>A list of words, and not of entries, comes next.</summary>
    public readonly bool IsOptionListNext => IsNext('(') && Rest.Length > 1 && char.IsAsciiLetter((char)Rest[1]);

    public readonly bool IsSpaceAndListNext => IsNext(' ') && Rest.Length > 1 && Rest[1] == '(';

    /// <summary>Null for NIL.</summary>
    public ReadOnlyMemory<byte>? Value()
    {
        if (TryWord("NIL"))
        {
            return null;
        }

        return StringOctets().ToArray();
    }
}
