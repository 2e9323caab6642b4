namespace MailCluster.Actors.Tests.Fakes;

/// <summary>A next hop: the server's side of SMTP, as the test wants it.</summary>
internal sealed class NextHopDialog(PipeTransport transport)
{
    public PipeTransport Transport { get; } = transport;

    public PeerDialog Peer { get; } = new(transport);

    /// <summary>Greeting and EHLO, with these extensions.</summary>
    public async Task GreetAsync(params string[] keywords)
    {
        await Peer.SendAsync("220 mx.example.org ESMTP\r\n");
        await AnswerEhloAsync(keywords);
    }

    public async Task AnswerEhloAsync(params string[] keywords)
    {
        await Peer.ExpectAsync("EHLO mail.hamburger.edu");
        await Peer.SendAsync(string.Concat(keywords.Prepend("mx.example.org").Select(k => $"250-{k}\r\n")) + "250 HELP\r\n");
    }

    /// <summary>Waits for a command and answers it.</summary>
    public async Task AnswerAsync(string command, string reply)
    {
        await Peer.ExpectAsync(command);
        await Peer.SendAsync($"{reply}\r\n");
    }

    /// <summary>The lines behind DATA, without the dot that ends them.</summary>
    public async Task<string> ReadContentAsync()
    {
        var lines = new List<string>();
        for (var line = await Peer.ReadLineAsync("content"); line != "."; line = await Peer.ReadLineAsync("content or its dot"))
        {
            lines.Add(line);
        }

        return string.Join("\r\n", lines);
    }

    /// <summary>One message for one recipient, without PIPELINING, to the 250; returns its content.</summary>
    public async Task<string> TakeMessageAsync()
    {
        await AnswerAsync("MAIL FROM:", "250 ok");
        return await TakeRestAsync();
    }

    /// <summary>As <see cref="TakeMessageAsync"/>, behind MAIL.</summary>
    public async Task<string> TakeRestAsync()
    {
        await AnswerAsync("RCPT TO:", "250 ok");
        await AnswerAsync("DATA", "354 go on");
        var content = await ReadContentAsync();
        await Peer.SendAsync("250 taken\r\n");
        return content;
    }
}
