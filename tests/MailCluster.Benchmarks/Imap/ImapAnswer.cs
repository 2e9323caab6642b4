namespace MailCluster.Benchmarks.Imap;

/// <summary>What a command was answered with: how much of it there was, for nobody looks at the content here.</summary>
internal sealed class ImapAnswer
{
    /// <summary>How many untagged responses came, of any kind.</summary>
    public int Untagged { get; private set; }

    /// <summary>The last number that came with EXISTS.</summary>
    public int Exists { get; private set; }

    /// <summary>How many FETCH responses came.</summary>
    public int Fetched { get; private set; }

    /// <summary>How many messages a SEARCH found.</summary>
    public int Found { get; private set; }

    /// <summary>Octets in literals, such as bodies.</summary>
    public long LiteralOctets { get; set; }

    /// <summary>Takes the first line of an untagged response.</summary>
    public void Take(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("* "u8))
        {
            return;
        }

        Untagged++;
        var rest = line[2..];
        if (rest.StartsWith("SEARCH"u8))
        {
            Found += rest.Count((byte)' ');
        }
        else if (System.Buffers.Text.Utf8Parser.TryParse(rest, out int number, out var digits))
        {
            Fetched += rest[digits..].StartsWith(" FETCH "u8) ? 1 : 0;
            Exists = rest[digits..].StartsWith(" EXISTS"u8) ? number : Exists;
        }
    }
}
