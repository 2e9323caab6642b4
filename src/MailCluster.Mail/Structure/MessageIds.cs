using System.Collections.Immutable;

namespace MailCluster.Mail.Structure;

/// <summary>
/// The message ids of a field, without angle brackets and quoting, so that both spellings of one id are equal
/// (RFC 5256 §3). What is between the ids is skipped, as are ids without "@".
/// </summary>
internal static class MessageIds
{
    public static ImmutableArray<string> All(string? field, int max = int.MaxValue)
    {
        var ids = ImmutableArray.CreateBuilder<string>();
        var rest = field.AsSpan();
        while (ids.Count < max && rest.IndexOf('<') is var open && open >= 0)
        {
            rest = rest[(open + 1)..];
            var close = rest.IndexOf('>');
            if (close < 0)
            {
                break;
            }

            // A bracket that was never closed: the id begins at the last one.
            var id = rest[(rest[..close].LastIndexOf('<') + 1)..close];
            rest = rest[(close + 1)..];
            if (id.LastIndexOf('@') is var at && at > 0 && at < id.Length - 1)
            {
                ids.Add(Unquoted(id));
            }
        }

        return ids.ToImmutable();
    }

    private static string Unquoted(ReadOnlySpan<char> id)
    {
        Span<char> plain = id.Length <= 256 ? stackalloc char[id.Length] : new char[id.Length];
        var length = 0;
        for (var i = 0; i < id.Length; i++)
        {
            if (id[i] == '\\' && i + 1 < id.Length)
            {
                i++;
            }
            else if (id[i] is '"' or ' ' or '\t')
            {
                continue;
            }

            plain[length++] = id[i];
        }

        return plain[..length].ToString();
    }
}
