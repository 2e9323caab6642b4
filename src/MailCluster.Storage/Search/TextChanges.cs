using MailCluster.Mail.Identity;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Search;

/// <summary>The rows of texts, as the group writer of the mail database changes them.</summary>
internal sealed class TextChanges(SqlSession session)
{
    private readonly Statement _add = session.Prepare(
        "INSERT INTO body_text (body_id, header, body) SELECT @body, @headerText, @bodyText"
        + " WHERE EXISTS (SELECT 1 FROM message WHERE body_id = @body) ON CONFLICT DO NOTHING");

    private readonly Statement _remove = session.Prepare(
        "DELETE FROM body_text WHERE body_id = @body AND NOT EXISTS (SELECT 1 FROM message WHERE body_id = @body)");

    public static bool Add(Mailboxes.MailChanges changes, IReadOnlyList<IndexedText> texts)
    {
        // In one order everywhere: two nodes that index the same bodies wait for each other, and never in a circle.
        foreach (var (body, text) in texts.OrderBy(text => text.Body.Value))
        {
            changes.Texts._add.Defer(body.ToByteArray(), text.Header, text.Body);
        }

        return true;
    }

    /// <summary>Forgets the text of a body that no message has any more.</summary>
    public void Remove(BodyId body) => _remove.Defer(body.ToByteArray());
}
