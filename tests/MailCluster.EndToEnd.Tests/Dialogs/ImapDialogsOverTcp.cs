namespace MailCluster.EndToEnd.Tests.Dialogs;

/// <summary>The dialogues of the IMAP session's tests, unchanged, with a running node: directory, store, Mailbox.</summary>
public sealed class ImapDialogsOverTcp(ImapDialogNode node) : IClassFixture<ImapDialogNode>
{
    /// <summary>Those that only the pure session can run.</summary>
    internal static readonly Dictionary<string, string> NotOverTcp = new()
    {
        ["quota"] = "the account would have to be given its quota",
        ["unauthenticate"] = "its octets are not compressed where the session says so; CompressedImap does it with a node",
        ["search-within"] = "the messages are of a day at which the session's clock stands still, and a node's goes on",
    };

    public static TheoryData<string> Names => [.. ImapDialog.Names.Where(name => !NotOverTcp.ContainsKey(name))];

    [Fact]
    public void Only_dialogues_that_there_are_are_left_out() =>
        Assert.Empty(NotOverTcp.Keys.Except(ImapDialog.Names));

    [Theory]
    [MemberData(nameof(Names))]
    public Task Answers_are_the_same_over_tcp(string name) => node.PlayAsync(name);
}
