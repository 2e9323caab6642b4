using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace MailCluster.EndToEnd.Tests.Fakes;

/// <summary>One connection to a <see cref="ScriptedNextHop"/>.</summary>
internal sealed class ScriptedConnection(ScriptedNextHop hop, Socket socket, int number) : IDisposable
{
    private readonly List<string> _recipients = [];
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private StreamReader _reader = new(Stream.Null);
    private string _mail = "";
    private bool _secured;

    public async Task RunAsync()
    {
        try
        {
            _reader = new StreamReader(_stream, Encoding.Latin1);
            var goesOn = await AnswerAsync("connect", "220 hop.example ESMTP");
            while (goesOn && await _reader.ReadLineAsync() is { } command)
            {
                goesOn = await TakeAsync(command);
            }
        }
        catch (Exception over) when (over is IOException or ObjectDisposedException or SocketException
            or System.Security.Authentication.AuthenticationException)
        {
            // The other side went, or the test is over.
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    private async Task<bool> TakeAsync(string command)
    {
        switch (command.Split(' ', ':')[0].ToUpperInvariant())
        {
            case "EHLO":
                string[] lines = ["250-hop.example", .. hop.Keywords.Select(keyword => $"250-{keyword}"), "250 HELP"];
                return await AnswerAsync(command, string.Join("\r\n", lines));
            case "MAIL":
                _mail = command;
                _recipients.Clear();
                return await AnswerAsync(command, "250 2.1.0 Sender ok");
            case "RCPT":
                return await AnswerAsync(command, "250 2.1.5 Recipient ok", () => _recipients.Add(command));
            case "DATA":
                return await (_recipients.Count == 0
                    ? AnswerAsync(command, "503 5.5.1 No valid recipients")
                    : AnswerAsync(command, "354 Go ahead")) && (_recipients.Count == 0 || await ReadContentAsync());
            case "STARTTLS":
                return await AnswerAsync(command, "220 2.0.0 Go ahead") && await StartTlsAsync();
            case "QUIT":
                await AnswerAsync(command, "221 2.0.0 Bye");
                return false;
            default:
                return await AnswerAsync(command, "250 2.0.0 Ok");
        }
    }

    /// <summary>False where the connection is to be closed now.</summary>
    private async Task<bool> AnswerAsync(string command, string usual, Action? whenAccepted = null)
    {
        var answer = hop.Hear(number, command);
        if (answer is { After.Ticks: > 0 })
        {
            await Task.Delay(answer.After); // a slow server is the scenario
        }

        var reply = answer?.Reply ?? usual;
        if (reply == ScriptedNextHop.HangUp)
        {
            return false;
        }

        if (reply.StartsWith('2'))
        {
            whenAccepted?.Invoke();
        }

        await _stream.WriteAsync(Encoding.Latin1.GetBytes(reply + "\r\n"));
        return true;
    }

    private async Task<bool> ReadContentAsync()
    {
        var content = new StringBuilder();
        for (var lines = 0; await _reader.ReadLineAsync() is { } line; lines++)
        {
            if (line == ".")
            {
                var message = new HopMessage(
                    number, _mail, [.. _recipients], Encoding.Latin1.GetBytes(content.ToString()), _secured);
                return await AnswerAsync(".", "250 2.0.0 Taken", () => hop.Take(message));
            }

            if (lines == hop.HangsUpWithinContent)
            {
                hop.HangsUpWithinContent = null;
                return false;
            }

            content.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        return false;
    }

    /// <summary>Without a certificate: whatever it says, it is no handshake.</summary>
    private async Task<bool> StartTlsAsync()
    {
        if (hop.Certificate is null)
        {
            await _stream.ReadExactlyAsync(new byte[1]);
            await _stream.WriteAsync("450 What is this?\r\n"u8.ToArray());
            return false;
        }

        var secured = new SslStream(_stream);
        await secured.AuthenticateAsServerAsync(hop.Certificate);
        _stream = secured;
        _reader = new StreamReader(secured, Encoding.Latin1);
        _secured = true;
        return true;
    }
}
