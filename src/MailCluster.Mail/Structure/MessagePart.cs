using System.Collections.Immutable;

namespace MailCluster.Mail.Structure;

/// <summary>
/// One body part (RFC 2045 §2.5), with the places of its octets in the stored message. Immutable. A multipart has at
/// least one child; message/rfc822 and message/global always have <see cref="Embedded"/>.
/// </summary>
public sealed record MessagePart
{
    /// <summary>In lower case, like the subtype and the transfer encoding: they are compared without case.</summary>
    public required string MediaType { get; init; }

    public required string MediaSubtype { get; init; }

    public ImmutableArray<MimeParameter> Parameters { get; init; } = [];

    public string? ContentId { get; init; }

    public string? Description { get; init; }

    public string TransferEncoding { get; init; } = "7bit";

    public string? Disposition { get; init; }

    public ImmutableArray<MimeParameter> DispositionParameters { get; init; } = [];

    public ImmutableArray<string> Languages { get; init; } = [];

    public string? Location { get; init; }

    public string? Md5 { get; init; }

    /// <summary>The header with its blank line.</summary>
    public required OctetRange Header { get; init; }

    /// <summary>The encoded body. The line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1).</summary>
    public required OctetRange Body { get; init; }

    /// <summary>Lines of the encoded body; a last one without its end counts.</summary>
    public long Lines { get; init; }

    public ImmutableArray<MessagePart> Children { get; init; } = [];

    public EmbeddedMessage? Embedded { get; init; }

    public bool IsMultipart => !Children.IsEmpty;

    /// <summary>The first value of this name in Content-Type, null if there is none.</summary>
    public string? Parameter(string name) => ValueOf(Parameters, name);

    internal bool Is(string type, string subtype) => MediaType == type && MediaSubtype == subtype;

    internal static string? ValueOf(ImmutableArray<MimeParameter> parameters, string name)
    {
        foreach (var parameter in parameters)
        {
            if (parameter.Name == name)
            {
                return parameter.Value;
            }
        }

        return null;
    }
}
