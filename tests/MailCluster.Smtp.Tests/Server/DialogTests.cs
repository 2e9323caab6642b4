namespace MailCluster.Smtp.Tests.Server;

/// <summary>Every dialogue, whole and cut: how the octets come must never change what is answered.</summary>
public sealed class DialogTests
{
    private const int RandomRuns = 20;

    public static TheoryData<string> Names => Dialog.Names;

    public static TheoryData<string> NamesToJoin =>
        [.. Dialog.All.Where(d => !d.IsWhole && d.Arrangements.Count == 0).Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Answers_are_as_written(string name) => Run(Dialog.Read(name), (host, octets) => host.Feed(octets));

    [Theory]
    [MemberData(nameof(Names))]
    public void Answers_are_the_same_octet_by_octet(string name) => Run(Dialog.Read(name), (host, octets) =>
    {
        for (var i = 0; i < octets.Length; i++)
        {
            host.Feed(octets.AsSpan(i, 1));
        }
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void Answers_are_the_same_in_random_pieces(string name)
    {
        var random = new Random(name.Length);
        for (var i = 0; i < RandomRuns; i++)
        {
            Run(Dialog.Read(name), (host, octets) =>
            {
                for (var start = 0; start < octets.Length;)
                {
                    var length = Math.Min(octets.Length - start, random.Next(1, 40 + (octets.Length / 8)));
                    host.Feed(octets.AsSpan(start, length));
                    start += length;
                }
            });
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Answers_are_the_same_over_several_blocks_of_memory(string name)
    {
        var random = new Random(name.Length);
        for (var i = 0; i < RandomRuns; i++)
        {
            Run(
                Dialog.Read(name),
                (host, octets) => host.Feed(octets, all => Segments.Lay(all, () => random.Next(0, 30 + (all.Length / 8)))),
                mayCut: true);
        }
    }

    [Theory]
    [MemberData(nameof(NamesToJoin))]
    public void Answers_are_the_same_to_a_client_that_waits_for_none(string name)
    {
        var dialog = Dialog.Read(name);
        var host = dialog.NewHost();
        host.Feed(dialog.AllClient);
        AssertReplies([.. dialog.Turns.SelectMany(turn => turn.Server)], host, name);
        Assert.Equal(dialog.Closes, host.IsClosed);
    }

    private static void Run(Dialog dialog, Action<ScriptedHost, byte[]> feed, bool mayCut = false)
    {
        var host = dialog.NewHost();
        foreach (var turn in dialog.Turns)
        {
            if (dialog.IsWhole && !mayCut)
            {
                host.Feed(turn.Client);
            }
            else
            {
                feed(host, turn.Client);
            }

            AssertReplies(turn.Server, host, dialog.Name);
            host.ForgetReplies();
            foreach (var text in turn.Bodies)
            {
                Assert.True(
                    host.Committed[^1].Body.Contains(text, StringComparison.Ordinal),
                    $"{dialog.Name}: no {text} in {host.Committed[^1].Body}");
            }
        }

        Assert.Equal(dialog.Closes, host.IsClosed);
    }

    private static void AssertReplies(List<string> patterns, ScriptedHost host, string where)
    {
        var lines = host.Replies.Split("\r\n")[..^1];
        Assert.True(
            DialogText.Fits(patterns, lines),
            $"{where}: expected\n{string.Join('\n', patterns)}\nbut was\n{string.Join('\n', lines)}");
    }
}
