using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MailCluster.Mail.Addresses;

namespace MailCluster.Mail.Headers;

/// <summary>
/// Writes the trace header (RFC 5321 §4.4), one folded field with its CRLF at a time. Nothing a client said can end a
/// line or a comment here.
/// </summary>
public static class TraceHeader
{
    /// <summary>RFC 6531 §4.3: only these protocol types may stand in a field beyond ASCII.</summary>
    private const string Utf8ProtocolPrefix = "UTF8";

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]");

    private static readonly SearchValues<char> CommentCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:/ =,+");

    /// <summary>Time-stamp-line</summary>
    public static string Received(ReceivedField f)
    {
        var line = new StringBuilder("Received: from ", 256)
            .Append(Clean(f.HeloName, HostCharacters)).Append(" (").Append(Literal(f.PeerAddress))
            .Append(")\r\n\tby ").Append(Clean(f.ByDomain, HostCharacters))
            .Append(" with ").Append(Clean(f.Protocol, HostCharacters));
        if (f.TlsDescription is { } tls)
        {
            line.Append(" (").Append(Clean(tls, CommentCharacters)).Append(')');
        }

        line.Append("\r\n\tid ").Append(f.QueueId);
        if (f.For is { } recipient
            && (recipient.IsAscii || f.Protocol.StartsWith(Utf8ProtocolPrefix, StringComparison.Ordinal)))
        {
            line.Append(" for ").Append(CleanPath(recipient.ToString()));
        }

        return line.Append(";\r\n\t").Append(MailDate.Format(f.At)).Append("\r\n").ToString();
    }

    /// <summary>Return-path-line, added by the final delivery.</summary>
    public static string ReturnPath(ReversePath p) => $"Return-Path: {CleanPath(p.ToString())}\r\n";

    /// <summary>
    /// No RFC has it, and every mail store writes it: which address a copy came by, and a guard against loops.
    /// </summary>
    public static string DeliveredTo(MailAddress a) => $"Delivered-To: {CleanPath(a.ToString())}\r\n";

    /// <summary>TCP-info; a client on a dual-stack socket is told by its IPv4 address.</summary>
    private static string Literal(IPAddress peer)
    {
        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"[IPv6:{WithoutScope(address)}]"
            : $"[{address}]";
    }

    /// <summary>RFC 5321 §4.1.3 has no scope ids in an IPv6 literal.</summary>
    private static IPAddress WithoutScope(IPAddress address) =>
        address.ScopeId == 0 ? address : new IPAddress(address.GetAddressBytes());

    private static string Clean(string text, SearchValues<char> allowed)
    {
        var bounded = text.Length > DomainName.MaxLength ? text[..DomainName.MaxLength] : text;
        if (bounded.Length == 0)
        {
            return "unknown";
        }

        return !bounded.AsSpan().ContainsAnyExcept(allowed)
            ? bounded
            : string.Create(bounded.Length, (bounded, allowed), static (written, from) =>
            {
                for (var i = 0; i < written.Length; i++)
                {
                    written[i] = from.allowed.Contains(from.bounded[i]) ? from.bounded[i] : '?';
                }
            });
    }

    /// <summary>
    /// The grammar lets no control character into a path; one made otherwise must not end the line either.
    /// </summary>
    private static string CleanPath(string path) =>
        path.AsSpan().ContainsAnyInRange('\0', '\u001F')
            ? string.Concat(path.Select(c => char.IsControl(c) ? '?' : c))
            : path;
}
