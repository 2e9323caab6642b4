using System.Text;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Mailboxes;

/// <summary>A set of UIDs as the database takes it: <c>[[1,3],[7,7]]</c>.</summary>
internal static class UidSetJson
{
    public static string ToJson(this UidSet set)
    {
        var json = new StringBuilder("[");
        foreach (var range in set.Ranges)
        {
            json.Append(json.Length > 1 ? ",[" : "[").Append(range.First.Value).Append(',').Append(range.Last.Value).Append(']');
        }

        return json.Append(']').ToString();
    }
}
