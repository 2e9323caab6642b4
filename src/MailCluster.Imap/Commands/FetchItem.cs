using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Commands;

/// <summary>One thing that FETCH asks of each message (RFC 9051 §6.4.5).</summary>
/// <param name="Section">Of BODY[...] and its old names.</param>
/// <param name="Label">How the response names the section.</param>
/// <param name="Peeks">The message is not marked as seen.</param>
internal sealed record FetchItem(
    FetchKind Kind, SectionSpec? Section = null, PartialRange? Partial = null, string Label = "", bool Peeks = true)
{
    public bool NeedsStructure => Kind is FetchKind.Envelope or FetchKind.Body or FetchKind.BodyStructure or FetchKind.Preview
        || Section is { IsWhole: false };

    /// <summary>Octets of the message are needed.</summary>
    public bool IsSection => Kind is FetchKind.Section or FetchKind.Binary or FetchKind.BinarySize;

    public bool IsBinary => Kind is FetchKind.Binary or FetchKind.BinarySize;

    public bool MarksSeen => !Peeks;

    /// <summary>What has to be read of a message's row.</summary>
    public FetchColumns Columns => IsSection && NeedsStructure ? FetchColumns.Prefix | FetchColumns.Structure
        : IsSection ? FetchColumns.Prefix
        : NeedsStructure ? FetchColumns.Structure
        : Kind is FetchKind.Flags or FetchKind.Uid or FetchKind.ModSeq or FetchKind.ThreadId ? FetchColumns.Flags
        : FetchColumns.Short;

    public static FetchItem Parse(ref SyntaxReader reader)
    {
        if (reader.TryWord("BODY.PEEK"))
        {
            return BodyItem(ref reader, peeks: true);
        }

        if (reader.TryWord("BODY"))
        {
            return BodyItem(ref reader, peeks: false);
        }

        if (reader.TryWord("BINARY.SIZE"))
        {
            var sized = reader.BinarySection();
            return new FetchItem(FetchKind.BinarySize, sized, null, $"BINARY.SIZE[{string.Join('.', sized.Path)}]");
        }

        if (reader.TryWord("BINARY.PEEK"))
        {
            return BinaryItem(ref reader, peeks: true);
        }

        if (reader.TryWord("BINARY"))
        {
            return BinaryItem(ref reader, peeks: false);
        }

        var kind = reader.Keyword() switch
        {
            "FLAGS" => FetchKind.Flags,
            "UID" => FetchKind.Uid,
            "INTERNALDATE" => FetchKind.InternalDate,
            "RFC822.SIZE" => FetchKind.Size,
            "ENVELOPE" => FetchKind.Envelope,
            "BODYSTRUCTURE" => FetchKind.BodyStructure,
            "MODSEQ" => FetchKind.ModSeq,
            "SAVEDATE" => FetchKind.SaveDate,
            "EMAILID" => FetchKind.EmailId,
            "THREADID" => FetchKind.ThreadId,
            "PREVIEW" => FetchKind.Preview,
            "RFC822" => FetchKind.Rfc822,
            "RFC822.HEADER" => FetchKind.Rfc822Header,
            "RFC822.TEXT" => FetchKind.Rfc822Text,
            _ => FetchKind.None,
        };
        switch (kind)
        {
            case FetchKind.Rfc822:
                return new FetchItem(FetchKind.Section, SectionSpec.Whole, null, "RFC822", Peeks: false);
            case FetchKind.Rfc822Header:
                return new FetchItem(FetchKind.Section, SectionSpec.Header, null, "RFC822.HEADER");
            case FetchKind.Rfc822Text:
                return new FetchItem(FetchKind.Section, SectionSpec.Text, null, "RFC822.TEXT", Peeks: false);
            case FetchKind.Preview:
                reader.TryWord(" (LAZY)"); // RFC 8970 §4: ours is there, or quickly made
                break;
            case FetchKind.None:
                reader.Fail("something to fetch before here");
                break;
        }

        return new FetchItem(kind);
    }

    private static FetchItem BodyItem(ref SyntaxReader reader, bool peeks)
    {
        if (!reader.IsNext('[') && !peeks)
        {
            return new FetchItem(FetchKind.Body);
        }

        var section = reader.Section();
        var partial = reader.Partial();
        return new FetchItem(FetchKind.Section, section, partial, LabelOf(section, partial), peeks);
    }

    /// <summary>RFC 3516 §4.2: the partial range is one of the decoded octets.</summary>
    private static FetchItem BinaryItem(ref SyntaxReader reader, bool peeks)
    {
        var section = reader.BinarySection();
        var partial = reader.Partial();
        var origin = partial is { } cut ? $"<{cut.First}>" : "";
        return new FetchItem(FetchKind.Binary, section, partial, $"BINARY[{string.Join('.', section.Path)}]{origin}", peeks);
    }

    private static string LabelOf(SectionSpec section, PartialRange? partial)
    {
        var words = section.Section switch
        {
            MessageSection.Header when section.IsFields =>
                $"HEADER.FIELDS{(section.AllButFields ? ".NOT" : "")} ({string.Join(' ', section.Fields.Select(Quoted))})",
            MessageSection.Header => "HEADER",
            MessageSection.Text => "TEXT",
            MessageSection.Mime => "MIME",
            _ => "",
        };
        var path = string.Join('.', section.Path);
        return $"BODY[{path}{(path.Length > 0 && words.Length > 0 ? "." : "")}{words}]{(partial is { } cut ? $"<{cut.First}>" : "")}";
    }

    /// <summary>As an atom where it is one: a field's name is a string from the client.</summary>
    private static string Quoted(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? name
        : $"\"{new string([.. name.Where(c => c is >= ' ' and <= '~' and not '"' and not '\\')])}\"";
}

internal enum FetchKind
{
    None,
    Flags,
    Uid,
    InternalDate,
    Size,
    Envelope,
    Body,
    BodyStructure,
    ModSeq,
    SaveDate,
    EmailId,
    ThreadId,
    Preview,
    Section,
    Rfc822,
    Rfc822Header,
    Rfc822Text,
    Binary,
    BinarySize,
}
