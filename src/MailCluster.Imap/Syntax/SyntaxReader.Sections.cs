using System.Collections.Immutable;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Syntax;

/// <summary>Sections of messages (RFC 9051 §9, section-spec).</summary>
internal ref partial struct SyntaxReader
{
    /// <summary>Deeper than any message is understood.</summary>
    private const int MaxPath = StructureLimits.DeepestNesting;

    private const int MaxFields = 1_000;

    /// <summary>With its brackets.</summary>
    public SectionSpec Section()
    {
        Expect('[');
        var path = SectionPath();
        var spec = IsNext(']') ? new SectionSpec(path, MessageSection.Content) : SectionText(path);
        Expect(']');
        return spec;
    }

    /// <summary>With its brackets: BINARY knows numbers alone (RFC 3516 §4.2).</summary>
    public SectionSpec BinarySection()
    {
        Expect('[');
        var path = SectionPath();
        Expect(']');
        return new SectionSpec(path, MessageSection.Content);
    }

    private ImmutableArray<int> SectionPath()
    {
        var path = ImmutableArray.CreateBuilder<int>();
        while (!IsAtEnd && char.IsAsciiDigit((char)_text[_at]))
        {
            path.Add((int)Math.Min(NzNumber(), int.MaxValue));
            if (path.Count > MaxPath)
            {
                Fail("a shorter section before here");
            }

            if (!IsNext(']'))
            {
                Expect('.');
                if (IsNext(']'))
                {
                    Fail("a section");
                }
            }
        }

        return path.DrainToImmutable();
    }

    private SectionSpec SectionText(ImmutableArray<int> path)
    {
        if (TryWord("HEADER.FIELDS.NOT"))
        {
            return HeaderFields(path, allBut: true);
        }

        if (TryWord("HEADER.FIELDS"))
        {
            return HeaderFields(path, allBut: false);
        }

        if (TryWord("HEADER"))
        {
            return new SectionSpec(path, MessageSection.Header);
        }

        if (TryWord("TEXT"))
        {
            return new SectionSpec(path, MessageSection.Text);
        }

        if (!TryWord("MIME") || path.IsEmpty)
        {
            Fail("a section");
        }

        return new SectionSpec(path, MessageSection.Mime);
    }

    private SectionSpec HeaderFields(ImmutableArray<int> path, bool allBut)
    {
        Space();
        var fields = List((ref SyntaxReader reader) => reader.AString(), MaxFields);
        return new SectionSpec(path, MessageSection.Header, fields, allBut);
    }
}
