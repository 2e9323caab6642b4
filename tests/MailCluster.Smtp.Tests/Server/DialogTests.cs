namespace MailCluster.Smtp.Tests.Server;

/// <summary>Every dialogue, whole and cut: how the octets come must never change what is answered.</summary>
public sealed class DialogTests
{
    public static TheoryData<string> Names => Dialog.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Answers_are_as_written(string name)
    {
        var dialog = Dialog.Read(name);
        var host = new ScriptedHost(dialog.Options, dialog.Secure);
        foreach (var turn in dialog.Turns)
        {
            host.Feed(turn.Client);
            AssertTurn(turn, host, name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Answers_are_the_same_octet_by_octet(string name) =>
        AssertSame(name, length => Enumerable.Range(0, length).Select(i => (i, 1)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Answers_are_the_same_in_random_pieces(string name)
    {
        var random = new Random(name.Length);
        for (var i = 0; i < 20; i++)
        {
            AssertSame(name, length => Pieces(length, random));
        }
    }

    private static void AssertSame(string name, Func<int, IEnumerable<(int Start, int Length)>> cut)
    {
        var dialog = Dialog.Read(name);
        var host = new ScriptedHost(dialog.Options, dialog.Secure);
        foreach (var turn in dialog.Turns)
        {
            foreach (var (start, length) in dialog.IsWhole ? [(0, turn.Client.Length)] : cut(turn.Client.Length))
            {
                host.Feed(turn.Client.AsSpan(start, length));
            }

            AssertTurn(turn, host, name);
        }
    }

    private static void AssertTurn(Dialog.Turn turn, ScriptedHost host, string where)
    {
        var expected = turn.Server;
        var lines = host.Replies.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.True(
            lines.Length == expected.Count && lines.Zip(expected).All(pair => Dialog.Matches(pair.Second, pair.First)),
            $"{where}: expected\n{string.Join('\n', expected)}\nbut was\n{string.Join('\n', lines)}");
        host.ForgetReplies();
        foreach (var text in turn.Bodies)
        {
            Assert.True(host.Committed[^1].Body.Contains(text, StringComparison.Ordinal), $"{where}: no {text} in {host.Committed[^1].Body}");
        }
    }

    private static IEnumerable<(int Start, int Length)> Pieces(int total, Random random)
    {
        for (var start = 0; start < total;)
        {
            var length = Math.Min(total - start, random.Next(1, 40));
            yield return (start, length);
            start += length;
        }
    }
}
