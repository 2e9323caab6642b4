using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Dialogs;

/// <summary>Plays a dialogue with running nodes: one client after the other, each at the node that is given for it.</summary>
internal static class ImapDialogPlayer
{
    public static async Task PlayAsync(string name, ImapDialogAccount account, Func<int, LiveNode> nodeOf)
    {
        var numbers = new ImapDialogNumbers(account.Numbers);
        var clients = new SortedDictionary<int, ImapDialogClient>();
        try
        {
            foreach (var step in ImapDialog.Read(name).Steps)
            {
                switch (step)
                {
                    case ImapDialogStep.Expect expect:
                        (await ClientAsync(expect.Client)).Expect(expect.Pattern);
                        break;
                    case ImapDialogStep.Say say:
                        await ReadAllAsync();
                        await (await ClientAsync(say.Client)).SayAsync(say);
                        break;
                    case ImapDialogStep.Deliver deliver:
                        await ReadAllAsync();
                        await account.DeliverAsync(nodeOf(1), deliver.Message);
                        break;
                }
            }

            await ReadAllAsync();
            foreach (var client in clients.Values)
            {
                await client.EndAsync();
            }
        }
        finally
        {
            foreach (var client in clients.Values)
            {
                client.Dispose();
            }

            await ImapDialogAccount.RemoveAsync(name, nodeOf(1));
        }

        async Task ReadAllAsync()
        {
            foreach (var client in clients.Values)
            {
                await client.ReadAsync();
            }
        }

        async Task<ImapDialogClient> ClientAsync(int number)
        {
            if (!clients.TryGetValue(number, out var client))
            {
                var connection = await LineClient.ConnectAsync(nodeOf(number)["imap"]);
                clients[number] = client = new ImapDialogClient($"{name}, client {number}", connection, numbers);
            }

            return client;
        }
    }
}
