namespace MailCluster.Benchmarks.Imap;

/// <summary>A folder of the first account with so many messages, the same in every server.</summary>
internal sealed class ImapFolder(string name, int messages, int octets)
{
    private const int Writers = 10;

    /// <summary>What the larger folder is filled from.</summary>
    private const int CopiedAtOnce = 1000;

    public int Messages => messages;

    /// <summary>A connection that has it selected, and found it whole.</summary>
    public async Task<ImapConnection> SelectAsync(IImapServer server)
    {
        var connection = await ImapConnection.LogInAsync(server.Port, ImapAccounts.Of(0));
        var exists = (await connection.RunAsync($"SELECT {name}")).Exists;
        return exists == messages
            ? connection
            : throw new InvalidOperationException($"{server.Name} has {exists} messages in {name}, not {messages}");
    }

    /// <summary>Each message by APPEND, unless the server has them from an earlier row.</summary>
    public async Task FillAsync(IImapServer server)
    {
        if (!await TryCreateAsync(server))
        {
            return;
        }

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            using var connection = await ImapConnection.LogInAsync(server.Port, ImapAccounts.Of(0));
            for (var number = writer; number < messages; number += Writers)
            {
                await connection.AppendAsync(name, ImapMessage.Create(number, octets));
            }
        }));
    }

    /// <summary>By copies of the first messages of another folder: of these only the flags are asked for.</summary>
    public async Task FillFromAsync(IImapServer server, ImapFolder source)
    {
        await source.FillAsync(server);
        if (!await TryCreateAsync(server))
        {
            return;
        }

        using var connection = await source.SelectAsync(server);
        for (var copied = 0; copied < messages; copied += CopiedAtOnce)
        {
            await connection.RunAsync($"COPY 1:{Math.Min(CopiedAtOnce, messages - copied)} {name}");
        }
    }

    private async Task<bool> TryCreateAsync(IImapServer server)
    {
        using var connection = await ImapConnection.LogInAsync(server.Port, ImapAccounts.Of(0));
        var listed = await connection.RunAsync($"LIST \"\" {name}");
        if (listed.Untagged > 0)
        {
            return false;
        }

        await connection.RunAsync($"CREATE {name}");
        return true;
    }
}
