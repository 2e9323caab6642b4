using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Smtp.Tests.Server;

namespace MailCluster.EndToEnd.Tests.Dialogs;

/// <summary>The dialogues of the session's tests, unchanged, with a running node: directory, spool, queue answer.</summary>
public sealed class SmtpDialogsOverTcp(SmtpDialogNodes nodes) : IClassFixture<SmtpDialogNodes>
{
    /// <summary>What a session by itself has no channel for, and so does not offer.</summary>
    private const string MoreUnderTls = "SCRAM-SHA-256-PLUS ";

    private const string NeedsTrouble = "the node's own host would have to refuse what the dialogue's host was told to";

    private static readonly Dictionary<string, string> NotOverTcp = new()
    {
        ["auth-store-failure"] = NeedsTrouble,
        ["host-cannot-commit"] = NeedsTrouble,
        ["host-cannot-write"] = NeedsTrouble,
        ["host-refuses-chunk"] = NeedsTrouble,
        ["host-refuses-content"] = NeedsTrouble,
        ["host-refuses-recipient"] = NeedsTrouble,
        ["host-refuses-sender"] = NeedsTrouble,
        ["utf8-message"] = "bob and alice are all the users that there are, and neither is called bücher",
    };

    public static TheoryData<string> Names =>
        [.. Dialog.All.Select(dialog => dialog.Name).Where(name => !NotOverTcp.ContainsKey(name))];

    [Fact]
    public void Only_dialogues_with_a_host_of_their_own_are_left_out() => Assert.Equal(
        Dialog.All.Where(dialog => dialog.Arrangements.Count > 0).Select(dialog => dialog.Name).Order(),
        NotOverTcp.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Answers_are_the_same_over_tcp(string name)
    {
        var dialog = Dialog.Read(name);
        using var client = await nodes.ConnectAsync(dialog);
        foreach (var turn in dialog.Turns)
        {
            await client.WriteAsync(turn.Client);
            var last = await ReadAsync(client, turn.Server, name);
            if (Encoding.Latin1.GetString(turn.Client).StartsWith("STARTTLS\r\n", StringComparison.Ordinal)
                && last.StartsWith("220 ", StringComparison.Ordinal))
            {
                await client.StartTlsAsync();
            }
        }

        if (!dialog.Closes)
        {
            // Whatever was said too much would come before this reply.
            Assert.StartsWith("221 ", await client.SayAsync("QUIT"), StringComparison.Ordinal);
        }

        Assert.Null(await client.ReadLineAsync().OrSay(() => $"{name}: the end of the connection"));
    }

    /// <summary>Reads until the lines are those expected; what never becomes so is told as it came.</summary>
    private static async Task<string> ReadAsync(LineClient client, List<string> expected, string name)
    {
        var lines = new List<string>();
        while (!DialogText.Fits(expected, lines))
        {
            var line = await client.ReadLineAsync().OrSay(() => Describe("the rest"));
            Assert.True(line is not null, Describe("no end of the connection"));
            lines.Add(line.Replace(MoreUnderTls, "", StringComparison.Ordinal));
        }

        return lines[^1];

        string Describe(string what) =>
            $"{what} in {name}: expected\n{string.Join('\n', expected)}\nbut was\n{string.Join('\n', lines)}";
    }
}
