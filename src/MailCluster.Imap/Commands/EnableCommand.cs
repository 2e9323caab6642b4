using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>ENABLE (RFC 5161, RFC 9051 §6.3.1).</summary>
internal sealed record EnableCommand(ImmutableArray<string> Names) : ImapCommand
{
    private const int MaxNames = 50;

    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        do
        {
            reader.Space();
            names.Add(reader.Keyword());
        }
        while (!reader.IsAtEnd && names.Count < MaxNames);
        return new EnableCommand(names.DrainToImmutable());
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (Names.Contains("METADATA"))
        {
            foreach (var effect in session.BeginWatch())
            {
                yield return effect;
            }

            if (session.HasFailed)
            {
                yield break;
            }
        }

        session.Out.Text("* ENABLED");
        foreach (var name in Names)
        {
            var extension = name switch
            {
                "CONDSTORE" => Extensions.Condstore,
                "IMAP4REV2" => Extensions.Imap4Rev2, // RFC 9051 §6.3.1
                "UTF8=ACCEPT" => Extensions.Utf8Accept, // RFC 6855 §3
                "QRESYNC" => Extensions.Condstore | Extensions.Qresync, // RFC 7162 §3.2.3
                "METADATA" => Extensions.Metadata,
                "UIDONLY" => Extensions.UidOnly, // RFC 9586 §3.1
                _ => Extensions.None,
            };
            if (extension != Extensions.None)
            {
                session.Enable(extension);
                session.Out.Text(" ").Text(name == "IMAP4REV2" ? "IMAP4rev2" : name);
            }
        }

        session.Out.Line();
    }
}
