using System.Text;

namespace MailCluster.Node.Commands;

/// <summary>A message as an editor saved it, made ready for the wire.</summary>
internal static class MessageFile
{
    private const string StandardInput = "-";

    /// <summary>The octets with CRLF at every line end (RFC 5321 §2.3.8), whatever the file has.</summary>
    /// <exception cref="CommandRefusedException">The file cannot be read.</exception>
    public static byte[] Read(string path, TextReader input)
    {
        try
        {
            return ToWire(path == StandardInput ? Encoding.UTF8.GetBytes(input.ReadToEnd()) : File.ReadAllBytes(path));
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CommandRefusedException($"--file {path}: {failed.Message}");
        }
    }

    public static byte[] ToWire(ReadOnlySpan<byte> content)
    {
        var wire = new List<byte>(content.Length + (content.Length / 32));
        for (var i = 0; i < content.Length; i++)
        {
            var isLineEnd = content[i] is (byte)'\r' or (byte)'\n';
            if (!isLineEnd)
            {
                wire.Add(content[i]);
                continue;
            }

            wire.AddRange("\r\n"u8);
            if (content[i] == (byte)'\r' && i + 1 < content.Length && content[i + 1] == (byte)'\n')
            {
                i++;
            }
        }

        return [.. wire];
    }
}
