using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Dialogs;

/// <summary>
/// The dialogues of the IMAP session's tests, unchanged, with a cluster of three nodes: the first client at the first node,
/// the second at the second, and the mailbox on whatever node it is.
/// </summary>
public sealed class ImapDialogsOnACluster(ImapDialogCluster cluster) : IClassFixture<ImapDialogCluster>
{
    /// <summary>
    /// But for those that one node alone can run: a command that does not look tells what another node's notice tells only
    /// if it has come. That all others do without is tested with the pure session.
    /// </summary>
    public static TheoryData<string> Names =>
    [
        .. ImapDialog.Names.Where(
            name => !name.StartsWith("notices", StringComparison.Ordinal) && !ImapDialogsOverTcp.NotOverTcp.ContainsKey(name)),
    ];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public Task Answers_are_the_same_from_every_node(string name)
    {
        LiveCluster.SkipWithoutPostgres();
        return cluster.PlayAsync(name);
    }

    [SkippableFact]
    public async Task The_mailboxes_of_the_dialogues_live_on_all_nodes()
    {
        LiveCluster.SkipWithoutPostgres();
        Assert.All(await cluster.CountMailboxesAsync(), count => Assert.NotEqual(0, count));
    }
}
