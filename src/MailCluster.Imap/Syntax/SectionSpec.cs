using System.Collections.Immutable;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Syntax;

/// <summary>What stands between the brackets of BODY[...] and BINARY[...] (RFC 9051 §6.4.5.1).</summary>
/// <param name="Fields">Of HEADER.FIELDS, in the case they were sent in.</param>
/// <param name="AllButFields">HEADER.FIELDS.NOT.</param>
internal sealed record SectionSpec(
    ImmutableArray<int> Path, MessageSection Section, ImmutableArray<string> Fields = default, bool AllButFields = false)
{
    public static readonly SectionSpec Whole = new([], MessageSection.Content);

    public static readonly SectionSpec Header = new([], MessageSection.Header);

    public static readonly SectionSpec Text = new([], MessageSection.Text);

    public bool IsFields => !Fields.IsDefault;

    public bool IsWhole => Path.IsEmpty && Section == MessageSection.Content;
}
