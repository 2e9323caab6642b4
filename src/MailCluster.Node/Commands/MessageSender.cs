using System.Buffers;
using System.Net;
using System.Security.Authentication;
using MailCluster.Actors.Connections;
using MailCluster.Actors.Delivery;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Smtp.Client;

namespace MailCluster.Node.Commands;

/// <summary>Carries one message over one connection, with the session that relaying uses.</summary>
internal sealed class MessageSender(IOutboundConnector connector, DomainName heloName)
{
    /// <summary>One result for each recipient.</summary>
    /// <exception cref="CommandRefusedException">The server cannot be reached, or took nothing.</exception>
    public async Task<IReadOnlyList<RecipientResult>> SendAsync(
        string host, IPEndPoint server, SmtpCredentials? credentials, MailAddress from, IReadOnlyList<MailAddress> to,
        byte[] content, CancellationToken cancellation)
    {
        // A password goes to another machine under TLS with a right certificate, or not at all. Our own may be
        // self-signed.
        var isFar = !IPAddress.IsLoopback(server.Address);
        var session = new SmtpClientSession(new SmtpClientOptions
        {
            HeloName = heloName,
            Tls = credentials is not null && isFar ? TlsPolicy.Required : TlsPolicy.Opportunistic,
            Credentials = credentials,
        });
        var tls = new OutboundTls(host, VerifyCertificate: credentials is not null && isFar);
        try
        {
            var transport = await connector.ConnectAsync(server, tls, cancellation);
            try
            {
                return await RunAsync(session, transport, ToMessage(from, to, content), content, cancellation);
            }
            finally
            {
                await transport.CloseAsync();
            }
        }
        catch (Exception failed) when (failed is IOException or AuthenticationException)
        {
            throw new CommandRefusedException($"{host}:{server.Port}: {failed.Message}");
        }
    }

    private static async Task<IReadOnlyList<RecipientResult>> RunAsync(
        SmtpClientSession session, IMailTransport transport, OutboundMessage message, byte[] content,
        CancellationToken cancellation)
    {
        TransactionResult? result = null;
        while (true)
        {
            switch (await AdvanceAsync(session, transport, cancellation))
            {
                case ClientEffect.Ready when result is null:
                    session.Begin(message);
                    break;
                case ClientEffect.Ready:
                    session.Quit();
                    break;
                case ClientEffect.StartTls:
                    await transport.StartTlsAsync(cancellation);
                    session.TlsStarted();
                    break;
                case ClientEffect.SendContent send:
                    WriteContent(send, content, transport.Output);
                    await transport.Output.FlushAsync(cancellation);
                    session.ContentSent();
                    break;
                case ClientEffect.TransactionFinished finished:
                    result = finished.Result;
                    break;
                case ClientEffect.Closed closed:
                    return Finish(result, closed);
            }
        }
    }

    private static IReadOnlyList<RecipientResult> Finish(TransactionResult? result, ClientEffect.Closed closed)
    {
        if (result is null)
        {
            throw new CommandRefusedException(closed.Reply?.ToString() ?? closed.Reason);
        }

        return result.NeedsSevenBit
            ? throw new CommandRefusedException("the message is not ASCII, and the server takes nothing else")
            : result.Recipients;
    }

    /// <summary>Reads until the session wants something else than octets.</summary>
    private static async Task<ClientEffect> AdvanceAsync(
        SmtpClientSession session, IMailTransport transport, CancellationToken cancellation)
    {
        var buffer = ReadOnlySequence<byte>.Empty;
        var effect = session.Advance(ref buffer, transport.Output);
        await transport.Output.FlushAsync(cancellation);
        while (effect is ClientEffect.ReadMore)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            timeout.CancelAfter(session.Timeout);
            var read = await ReadAsync(transport, timeout, cancellation);
            buffer = read.Buffer;
            if (read.IsCompleted && buffer.IsEmpty)
            {
                session.ConnectionLost("the server closed the connection");
            }

            effect = session.Advance(ref buffer, transport.Output);
            // What the session left must come again at once where it has more to do before it reads.
            transport.Input.AdvanceTo(buffer.Start, effect is ClientEffect.ReadMore ? buffer.End : buffer.Start);
            await transport.Output.FlushAsync(cancellation);
        }

        return effect;
    }

    private static async Task<System.IO.Pipelines.ReadResult> ReadAsync(
        IMailTransport transport, CancellationTokenSource timeout, CancellationToken cancellation)
    {
        try
        {
            return await transport.Input.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException("the server did not answer in time");
        }
    }

    private static void WriteContent(ClientEffect.SendContent send, byte[] content, IBufferWriter<byte> wire)
    {
        if (send.Raw)
        {
            wire.Write(content);
            return;
        }

        var stuffer = new DotStuffer();
        stuffer.Encode(content, wire);
        stuffer.Finish(wire);
    }

    private static OutboundMessage ToMessage(MailAddress from, IReadOnlyList<MailAddress> to, byte[] content) => new()
    {
        ReversePath = new ReversePath(from),
        Recipients =
            [.. to.Select(address => new OutboundRecipient(new ForwardPath(address), DsnNotify.Unspecified, null))],
        BodyType = System.Text.Ascii.IsValid(content) ? BodyType.SevenBit : BodyType.EightBitMime,
        Utf8 = !from.IsAscii || to.Any(address => !address.IsAscii),
        Size = content.Length,
    };
}
