using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>CANCELUPDATE (RFC 5267 §4.3.5).</summary>
internal sealed record CancelUpdateCommand(ImmutableArray<string> Tags) : ImapCommand
{
    /// <summary>Tags of one command; more contexts than these no session has.</summary>
    private const int MaxTags = 100;

    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        var tags = ImmutableArray.CreateBuilder<string>();
        do
        {
            if (tags.Count == MaxTags)
            {
                reader.Fail($"at most {MaxTags} tags");
            }

            reader.Space();
            tags.Add(reader.String());
        }
        while (reader.IsNext(' '));
        return new CancelUpdateCommand(tags.DrainToImmutable());
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        var contexts = session.Selected!.Contexts;
        if (Tags.All(tag => contexts.Exists(context => context.Tag == tag)))
        {
            contexts.RemoveAll(context => Tags.Contains(context.Tag));
            session.Ok("No further updates");
        }
        else
        {
            session.Bad("No updates have this tag");
        }

        return [];
    }
}
