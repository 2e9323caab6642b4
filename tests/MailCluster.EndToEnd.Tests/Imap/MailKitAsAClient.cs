using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Smtp.Tests.Server;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using MimeKit;

namespace MailCluster.EndToEnd.Tests.Imap;

/// <summary>What a mail program on MailKit does all day, with STARTTLS and with TLS from the first octet.</summary>
public sealed class MailKitAsAClient(MailKitNode node) : IClassFixture<MailKitNode>
{
    public static TheoryData<SecureSocketOptions> Connections =>
        [SecureSocketOptions.StartTls, SecureSocketOptions.SslOnConnect];

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task Folders_are_found_made_renamed_and_removed(SecureSocketOptions connection)
    {
        using var client = await node.ConnectAsync(connection);
        Assert.True(client.IsEncrypted && client.IsAuthenticated);
        Assert.Equal("Sent", client.GetFolder(SpecialFolder.Sent)!.FullName);
        Assert.Equal("Trash", client.GetFolder(SpecialFolder.Trash)!.FullName);
        var root = client.GetFolder(client.PersonalNamespaces[0]);
        var made = (await root.CreateAsync($"Größe & Co {connection}", isMessageFolder: true))!;
        var inner = (await made.CreateAsync("inner", isMessageFolder: true))!;
        await inner.RenameAsync(made, "renamed");
        await inner.SubscribeAsync();

        var names = (await client.GetFoldersAsync(
            client.PersonalNamespaces[0], StatusItems.Count | StatusItems.UidNext)).Select(folder => folder.FullName).ToList();

        Assert.Contains("INBOX", names);
        Assert.Contains($"Größe & Co {connection}/renamed", names);
        await inner.DeleteAsync();
        await made.DeleteAsync();
        names = [.. (await client.GetFoldersAsync(client.PersonalNamespaces[0])).Select(folder => folder.FullName)];
        Assert.DoesNotContain($"Größe & Co {connection}", names);
        await client.DisconnectAsync(quit: true);
    }

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task A_message_comes_back_as_it_was_appended(SecureSocketOptions connection)
    {
        using var client = await node.ConnectAsync(connection);
        var folder = await NewFolderAsync(client, $"appended {connection}");
        var message = LetterWithPicture("Grüße");
        var received = new DateTimeOffset(2026, 11, 20, 8, 30, 0, TimeSpan.FromHours(1));
        var uid = (await folder.AppendAsync(new AppendRequest(message, MessageFlags.Seen, ["Work"], received)))!.Value;
        await folder.OpenAsync(FolderAccess.ReadWrite);

        var summary = Assert.Single(await folder.FetchAsync(
            0, -1,
            MessageSummaryItems.UniqueId | MessageSummaryItems.Envelope | MessageSummaryItems.BodyStructure
            | MessageSummaryItems.Flags | MessageSummaryItems.InternalDate | MessageSummaryItems.Size
            | MessageSummaryItems.ModSeq | MessageSummaryItems.PreviewText | MessageSummaryItems.References));

        Assert.Equal(uid, summary.UniqueId);
        Assert.Equal("Grüße", summary.Envelope!.Subject);
        var from = Assert.Single(summary.Envelope.From.Mailboxes);
        Assert.Equal(("Bücher", "books@crepes.fr"), (from.Name, from.Address));
        Assert.Equal(received, summary.InternalDate);
        Assert.True(summary.Flags!.Value.HasFlag(MessageFlags.Seen) && summary.Keywords!.Contains("Work"));
        Assert.True(summary.ModSeq > 0);
        Assert.Equal("How do you do?", summary.PreviewText!.Trim());
        var attachment = Assert.Single(summary.Attachments);
        Assert.Equal("picture.png", attachment.FileName);
        var part = Assert.IsType<MimePart>(await folder.GetBodyPartAsync(uid, attachment), exactMatch: false);
        Assert.Equal(OctetsOf(Assert.IsType<MimePart>(message.Attachments.Single(), exactMatch: false)), OctetsOf(part));
        Assert.Equal(await TextAsync(message), await TextAsync(await folder.GetMessageAsync(uid)));
        await client.DisconnectAsync(quit: true);
    }

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task Messages_are_flagged_found_moved_and_expunged(SecureSocketOptions connection)
    {
        using var client = await node.ConnectAsync(connection);
        var folder = await NewFolderAsync(client, $"searched {connection}");
        var target = await NewFolderAsync(client, $"target {connection}");
        var uids = new List<UniqueId>();
        foreach (var subject in (string[])["apple", "pear", "apple pie"])
        {
            uids.Add((await folder.AppendAsync(LetterWithPicture(subject)))!.Value);
        }

        await folder.OpenAsync(FolderAccess.ReadWrite);
        await folder.StoreAsync(uids[1], new StoreFlagsRequest(StoreAction.Add, MessageFlags.Flagged, ["$Forwarded"]));

        Assert.Equal([uids[0], uids[2]], await folder.SearchAsync(SearchQuery.SubjectContains("apple")));
        Assert.Equal([uids[1]], await folder.SearchAsync(SearchQuery.Flagged.And(SearchQuery.HasKeyword("$Forwarded"))));
        Assert.Equal(uids, await folder.SearchAsync(SearchQuery.BodyContains("how do you do")));
        var found = await folder.SearchAsync(SearchOptions.Count | SearchOptions.Min, SearchQuery.NotFlagged);
        Assert.Equal((2, uids[0]), (found.Count, found.Min!.Value));
        await SortAndThreadAsync(client, folder, uids);
        var moved = await folder.MoveToAsync([uids[0], uids[2]], target);
        Assert.Equal(2, moved.Count);
        Assert.Equal(1, folder.Count);
        await folder.AddFlagsAsync(uids[1], MessageFlags.Deleted, silent: true);
        await folder.ExpungeAsync([uids[1]]);
        Assert.Equal(0, folder.Count);
        await target.OpenAsync(FolderAccess.ReadOnly);
        Assert.Equal(["apple", "apple pie"], (await target.FetchAsync(0, -1, MessageSummaryItems.Envelope))
            .Select(summary => summary.Envelope!.Subject));
        await client.DisconnectAsync(quit: true);
    }

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task A_client_that_idles_hears_of_others_changes(SecureSocketOptions connection)
    {
        using var idling = await node.ConnectAsync(connection);
        using var changing = await node.ConnectAsync(connection);
        var name = $"idle {connection}";
        var seen = await NewFolderAsync(idling, name);
        await seen.OpenAsync(FolderAccess.ReadOnly);
        var changed = await changing.GetFolderAsync(name);
        await changed.OpenAsync(FolderAccess.ReadWrite);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var flagged = new TaskCompletionSource<MessageFlags>(TaskCreationOptions.RunContinuationsAsynchronously);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        seen.CountChanged += (_, _) => arrived.TrySetResult();
        seen.MessageFlagsChanged += (_, change) => flagged.TrySetResult(change.Flags);
        seen.MessageExpunged += (_, _) => gone.TrySetResult();
        using var done = new CancellationTokenSource();
        var idle = idling.IdleAsync(done.Token);

        var uid = (await changed.AppendAsync(LetterWithPicture("news")))!.Value;
        await Waited(arrived.Task, "a new message");
        await changing.NoOpAsync();
        await changed.AddFlagsAsync(uid, MessageFlags.Deleted, silent: false);
        Assert.Equal(MessageFlags.Deleted, await flagged.Task.OrSay(() => "a flag"));
        await changed.ExpungeAsync();
        await Waited(gone.Task, "an expunge");

        await done.CancelAsync();
        await idle.WaitAsync(Patience.Limit);
        Assert.Equal(0, seen.Count);
        await idling.DisconnectAsync(quit: true);
        await changing.DisconnectAsync(quit: true);
    }

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task A_client_that_comes_back_hears_only_what_changed(SecureSocketOptions connection)
    {
        var name = $"resync {connection}";
        var uids = new List<UniqueId>();
        uint validity;
        ulong modseq;
        using (var before = await node.ConnectAsync(connection))
        {
            await before.EnableQuickResyncAsync();
            var folder = await NewFolderAsync(before, name);
            for (var i = 0; i < 4; i++)
            {
                uids.Add((await folder.AppendAsync(LetterWithPicture($"message {i}")))!.Value);
            }

            await folder.OpenAsync(FolderAccess.ReadOnly);
            (validity, modseq) = (folder.UidValidity, folder.HighestModSeq);
            await before.DisconnectAsync(quit: true);
        }

        using var other = await node.ConnectAsync(connection);
        var changed = await other.GetFolderAsync(name);
        await changed.OpenAsync(FolderAccess.ReadWrite);
        await changed.AddFlagsAsync(uids[1], MessageFlags.Answered, silent: true);
        await changed.AddFlagsAsync(uids[2], MessageFlags.Deleted, silent: true);
        await changed.ExpungeAsync();
        await other.DisconnectAsync(quit: true);

        using var client = await node.ConnectAsync(connection);
        await client.EnableQuickResyncAsync();
        var again = await client.GetFolderAsync(name);
        var vanished = new List<UniqueId>();
        var flags = new List<(UniqueId?, MessageFlags)>();
        again.MessagesVanished += (_, gone) => vanished.AddRange(gone.UniqueIds);
        again.MessageFlagsChanged += (_, change) => flags.Add((change.UniqueId, change.Flags));
        await again.OpenAsync(FolderAccess.ReadWrite, validity, modseq, uids);

        Assert.Equal([uids[2]], vanished);
        Assert.Equal([(uids[1], MessageFlags.Answered)], flags);
        Assert.Equal(3, again.Count);
        Assert.Equal(validity, again.UidValidity);
        await client.DisconnectAsync(quit: true);
    }

    private static async Task SortAndThreadAsync(ImapClient client, IMailFolder folder, List<UniqueId> uids)
    {
        if (client.Capabilities.HasFlag(ImapCapabilities.Sort))
        {
            Assert.Equal(
                [uids[1], uids[2], uids[0]],
                await folder.SortAsync(SearchQuery.All, [new OrderBy(OrderByType.Subject, SortOrder.Descending)]));
        }

        if (client.ThreadingAlgorithms.Contains(ThreadingAlgorithm.OrderedSubject))
        {
            Assert.Equal(3, (await folder.ThreadAsync(ThreadingAlgorithm.OrderedSubject, SearchQuery.All)).Count);
        }
    }

    private static async Task<IMailFolder> NewFolderAsync(ImapClient client, string name) =>
        (await client.GetFolder(client.PersonalNamespaces[0]).CreateAsync(name, isMessageFolder: true))!;

    private static MimeMessage LetterWithPicture(string subject)
    {
        var body = new BodyBuilder { TextBody = "How do you do?\r\n" };
        body.Attachments.Add("picture.png", [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)]);
        return new MimeMessage(
            [new MailboxAddress("Bücher", "books@crepes.fr")], [new MailboxAddress("Bob", "bob@hamburger.edu")],
            subject, body.ToMessageBody());
    }

    private static byte[] OctetsOf(MimePart part)
    {
        using var octets = new MemoryStream();
        part.Content!.DecodeTo(octets);
        return octets.ToArray();
    }

    private static async Task<string> TextAsync(MimeMessage message)
    {
        using var octets = new MemoryStream();
        await message.WriteToAsync(octets);
        return System.Text.Encoding.Latin1.GetString(octets.ToArray()).ReplaceLineEndings("\n");
    }

    private static Task Waited(Task task, string what) => Finished(task).OrSay(() => what);

    private static async Task<bool> Finished(Task task)
    {
        await task;
        return true;
    }
}

/// <summary>A node with bob, whose certificate is of its own making.</summary>
public sealed class MailKitNode : IAsyncLifetime
{
    private LiveNode? _node;

    public async Task InitializeAsync() => _node = await LiveNode.StartAsync();

    public Task DisposeAsync() => _node!.DisposeAsync().AsTask();

    /// <summary>With the strongest mechanism that is offered.</summary>
    internal async Task<ImapClient> ConnectAsync(SecureSocketOptions connection)
    {
        var client = new ImapClient
        {
            Timeout = (int)Patience.Limit.TotalMilliseconds,
            CheckCertificateRevocation = false,
#pragma warning disable CA5359 // The node under test made its certificate by itself.
            ServerCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
        };
        var listener = connection == SecureSocketOptions.StartTls ? "imap" : "imaps";
        await client.ConnectAsync("127.0.0.1", _node![listener].Port, connection);
        await client.AuthenticateAsync("bob@hamburger.edu", DialogText.Passwords["bob"]);
        return client;
    }
}
