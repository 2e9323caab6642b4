using System.Data.Common;
using System.Text;
using Akka.Actor;
using MailCluster.Actors.Mailboxes;
using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Sasl;
using MailCluster.Node.FirstStart;
using MailCluster.Storage;

namespace MailCluster.EndToEnd.Tests.Dialogs;

/// <summary>Bob, new for one dialogue, with the folders that bob has in MailCluster.Imap.Tests/FakeMailbox.cs.</summary>
/// <param name="Numbers">What the dialogues call a folder's UIDVALIDITY and MAILBOXID, and what it is really.</param>
internal sealed record ImapDialogAccount(AccountId Id, IReadOnlyDictionary<string, string> Numbers)
{
    /// <summary>As FakeMailbox has it.</summary>
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly ScramVerifier Verifier = ScramVerifier.Create("secret");

    /// <summary>In the order in which FakeMailbox numbers them.</summary>
    private static readonly string[] Folders = ["INBOX", "Sent", "Trash"];

    /// <summary>One for each dialogue, by its name, in a store that no node uses yet.</summary>
    public static async Task<Dictionary<string, ImapDialogAccount>> CreateAllAsync(MailStorage storage, DbConnection database)
    {
        var ids = new Dictionary<string, AccountId>();
        foreach (var name in ImapDialog.Names)
        {
            var domain = DomainName.Parse(ImapDialog.DomainOf(name));
            await storage.Administration.AddDomainAsync(domain, CancellationToken.None);
            foreach (var user in (string[])["alice", "bob"])
            {
                ids[name] = await storage.Administration.AddAccountAsync(
                    new MailAddress(user, domain), Verifier, null, CancellationToken.None);
            }
        }

        // By hand: each deletion by the store would count in the MODSEQs that the dialogues name.
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText =
            "DELETE FROM folder WHERE name NOT IN ('INBOX', 'Sent', 'Trash');"
            + " DELETE FROM subscription WHERE name NOT IN ('INBOX', 'Sent', 'Trash')";
        await command.ExecuteNonQueryAsync();
        var accounts = new Dictionary<string, ImapDialogAccount>();
        foreach (var (name, id) in ids)
        {
            accounts[name] = new ImapDialogAccount(id, await ReadNumbersAsync(storage, id));
        }

        return accounts;
    }

    /// <summary>What was given to "anyone" is given to all users of the node: the next dialogue knows nothing of it.</summary>
    public static async Task RemoveAsync(string name, LiveNode node)
    {
        var domain = ImapDialog.DomainOf(name);
        if (domain == ExampleDomain.Name.Text)
        {
            return; // several dialogues have it, which log in and nothing more
        }

        foreach (var user in (string[])["alice", "bob"])
        {
            await node.Directory.RemoveAccountAsync(new MailAddress(user, DomainName.Parse(domain)), CancellationToken.None);
        }
    }

    /// <summary>The way of every APPEND: into the spool, then through the account's Mailbox, which tells who watches.</summary>
    public async Task DeliverAsync(LiveNode node, string message)
    {
        var octets = Encoding.UTF8.GetBytes(message);
        var body = QueueId.New(0, TimeProvider.System.GetUtcNow()).Body;
        await using (var writer = node.Storage.Spool.Create(body))
        {
            await writer.WriteAsync(octets, CancellationToken.None);
            await writer.CommitAsync(CancellationToken.None);
        }

        var entry = new AppendEntry(body, octets.Length, "Return-Path: <>\r\n", MessageFlags.None, [], Now);
        var append = new ChangeMailbox(Id, 1, new MailboxChange.Append(FolderName.Parse("INBOX"), [entry]));
        var answer = await node.Mailboxes.Ask<MailboxChanged>(append, Patience.Limit);
        Assert.Equal(FolderOutcome.Done, answer.Result.Outcome);
        await node.Storage.Spool.ReleaseAsync([body], CancellationToken.None);
    }

    private static async Task<Dictionary<string, string>> ReadNumbersAsync(MailStorage storage, AccountId account)
    {
        var numbers = new Dictionary<string, string>();
        var number = 0;
        foreach (var name in Folders)
        {
            var folder = await storage.FolderReader.FindFolderAsync(account, FolderName.Parse(name), CancellationToken.None);
            numbers[$"F{++number}"] = folder!.Id.MailboxId;
            numbers[$"{++number}"] = $"{folder.UidValidity.Value}";
        }

        return numbers;
    }
}
