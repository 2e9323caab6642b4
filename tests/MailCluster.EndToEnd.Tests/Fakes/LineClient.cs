using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Text;

namespace MailCluster.EndToEnd.Tests.Fakes;

/// <summary>A client that says octets and reads lines, of SMTP or POP3, as somebody with telnet would.</summary>
internal sealed class LineClient : IDisposable
{
    private readonly TcpClient _tcp;
    private Stream _stream;
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    private LineClient(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = tcp.GetStream();
    }

    public static async Task<LineClient> ConnectAsync(IPEndPoint server, bool implicitTls = false)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(server);
        var client = new LineClient(tcp);
        if (implicitTls)
        {
            await client.StartTlsAsync();
        }

        return client;
    }

    /// <summary>Connected to an SMTP server that has said hello, and answered ours.</summary>
    public static async Task<LineClient> ConnectToSmtpAsync(IPEndPoint server)
    {
        var client = await ConnectAsync(server);
        Assert.StartsWith("220 ", await client.ReadReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("EHLO client.example"), StringComparison.Ordinal);
        return client;
    }

    /// <summary>The handshake, with whatever certificate the server shows.</summary>
    public async Task StartTlsAsync(SslProtocols protocols = SslProtocols.None)
    {
#pragma warning disable CA5359 // The node under test made its certificate by itself.
        var secured = new SslStream(_stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        var options = new SslClientAuthenticationOptions { TargetHost = "mail.hamburger.edu", EnabledSslProtocols = protocols };
        await secured.AuthenticateAsClientAsync(options).WaitAsync(Patience.Limit);
        _stream = secured;
        _start = _end = 0;
    }

    /// <summary>RFC 5929 §4: what the certificate says, which the node signed with SHA-256.</summary>
    public byte[] ServerEndPoint => SHA256.HashData(((SslStream)_stream).RemoteCertificate!.GetRawCertData());

    /// <summary>RFC 5929 §3: what the handshake says.</summary>
    public byte[] Unique
    {
        get
        {
            using var token = ((SslStream)_stream).TransportContext.GetChannelBinding(ChannelBindingKind.Unique)!;
            var octets = new byte[token.Size];
            Marshal.Copy(token.DangerousGetHandle(), octets, 0, octets.Length);
            var name = "tls-unique:"u8;
            return octets[(octets.AsSpan().IndexOf(name) + name.Length)..];
        }
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> octets)
    {
        await _stream.WriteAsync(octets);
        await _stream.FlushAsync();
    }

    /// <summary>The next line without its end, or null where the server closed.</summary>
    public async Task<string?> ReadLineAsync()
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _start, length).TrimEnd('\r');
                _start += length + 1;
                return line;
            }

            if (!await TryFillAsync())
            {
                return null;
            }
        }
    }

    /// <summary>One reply of SMTP, its lines joined by LF.</summary>
    public async Task<string> ReadReplyAsync()
    {
        var reply = new StringBuilder();
        while (await ReadLineAsync().OrSay(() => $"a reply, behind '{reply}'") is { } line)
        {
            reply.Append(line);
            if (line.Length < 4 || line[3] != '-')
            {
                return reply.ToString();
            }

            reply.Append('\n');
        }

        throw new IOException($"The server closed instead of a reply, after '{reply}'.");
    }

    public async Task<string> SayAsync(string command)
    {
        await WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"));
        return await ReadReplyAsync();
    }

    /// <summary>One message; every command of it must be accepted.</summary>
    public async Task SendAsync(string from, IEnumerable<string> recipients, string content, string parameters = "")
    {
        Assert.StartsWith("250 ", await SayAsync($"MAIL FROM:<{from}>{parameters}"), StringComparison.Ordinal);
        foreach (var recipient in recipients)
        {
            Assert.StartsWith("250 ", await SayAsync($"RCPT TO:<{recipient}>"), StringComparison.Ordinal);
        }

        Assert.StartsWith("354 ", await SayAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0 Ok: queued", await SayAsync(content + "\r\n."), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _tcp.Dispose();
    }

    private async Task<bool> TryFillAsync()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        try
        {
            var count = await _stream.ReadAsync(_buffer.AsMemory(_end));
            _end += count;
            return count > 0;
        }
        catch (IOException)
        {
            return false; // reset by a server that had not read all: closed as well
        }
    }
}
