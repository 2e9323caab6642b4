using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace MailCluster.Imap.Tests;

/// <summary>A client that keeps results as RFC 5267 §4.3 tells it to, while two sessions change the mailbox.</summary>
public sealed partial class ContextTests
{
    private const string Sort = "(REVERSE SUBJECT) UTF-8 UNFLAGGED";
    private const string Search = "OR FLAGGED SUBJECT b";

    [Fact]
    public void What_a_client_keeps_is_what_a_new_search_finds() => Gen.Select(
        Gen.Int[0, 5], Gen.Int[0, 12], Gen.Int[1, 250], Gen.Bool).Array[1, 12].Sample(
        changes =>
        {
            var mailbox = new FakeMailbox();
            Deliver(mailbox, 120);
            var (client, other) = (Open(mailbox), Open(mailbox));
            var sorted = Result(Run(client, $"s UID SORT RETURN (UPDATE ALL) {Sort}"));
            var found = Result(Run(client, $"f UID SEARCH RETURN (UPDATE ALL) {Search}"));
            foreach (var (kind, at, count, isOwn) in changes)
            {
                var told = Change(mailbox, isOwn ? client : other, kind, at, count);
                foreach (var line in (isOwn ? told : []).Concat(Run(client, "n NOOP")))
                {
                    Follow(line, "s", sorted);
                    Follow(line, "f", found);
                }
            }

            Assert.Equal(Result(Run(client, $"x UID SORT RETURN (ALL) {Sort}")), sorted);
            Assert.Equal(Result(Run(client, $"y UID SEARCH RETURN (ALL) {Search}")), found.Order());
        }, iter: 200);

    [Fact]
    public void A_result_that_is_too_large_is_told_and_not_kept()
    {
        var mailbox = new FakeMailbox();
        Deliver(mailbox, 11);
        var host = Open(mailbox, ScriptedHost.DefaultOptions with { MaxContextSize = 10 });
        Assert.Equal(
            ["* ESEARCH (TAG \"s\") COUNT 11", "* NO [NOUPDATE \"s\"] Too many messages", "s OK Done", ""],
            Run(host, "s SORT RETURN (UPDATE COUNT) (DATE) UTF-8 ALL"));
        Assert.Equal(["* ESEARCH (TAG \"f\") COUNT 11", "f OK Done", ""], Run(host, "f SEARCH RETURN (UPDATE COUNT) ALL"));
    }

    [Fact]
    public void Many_changes_come_in_several_responses()
    {
        var mailbox = new FakeMailbox();
        Deliver(mailbox, 2_500);
        var host = Open(mailbox);
        Run(host, "u STORE 1:2500 +FLAGS.SILENT (\\Seen)");
        Run(host, "s UID SORT RETURN (UPDATE) (SUBJECT) UTF-8 FLAGGED");
        var lines = Run(host, "c STORE 1:2500 +FLAGS.SILENT (\\Flagged)");
        var sorted = new List<uint>();
        Assert.Equal(5, lines.Length);
        Assert.All(lines[..3], line => Follow(line, "s", sorted));
        Assert.Equal(Result(Run(host, "x UID SORT RETURN (ALL) (SUBJECT) UTF-8 ALL")), sorted);
    }

    [Fact]
    public void What_the_store_could_not_say_is_told_later()
    {
        var mailbox = new FakeMailbox();
        Deliver(mailbox, 3);
        var (client, other) = (Open(mailbox), Open(mailbox));
        Run(client, "f UID SEARCH RETURN (UPDATE) FLAGGED");
        Run(other, "c STORE 2 +FLAGS (\\Flagged)");
        client.StoreFails = true;
        Assert.Equal(["n OK Done", ""], Run(client, "n NOOP"));
        client.StoreFails = false;
        Assert.Contains("* ESEARCH (TAG \"f\") UID ADDTO (0 2)", Run(client, "n NOOP"));
    }

    private static string[] Change(FakeMailbox mailbox, ScriptedHost host, int kind, int at, int count)
    {
        var uids = $"{(at * 10) + 1}:{(at * 10) + 1 + count}";
        switch (kind)
        {
            case 0:
                Deliver(mailbox, count);
                return [];
            case 1:
                return Run(host, $"c UID STORE {uids} +FLAGS.SILENT (\\Flagged)");
            case 2:
                return Run(host, $"c UID STORE {uids} -FLAGS (\\Flagged)");
            case 3:
                return [.. Run(host, $"c UID STORE {(at * 10) + 1}:{(at * 10) + 1 + (count / 20)} +FLAGS (\\Deleted)"), .. Run(host, "e EXPUNGE")];
            case 4:
                return Run(host, $"c UID MOVE {(at * 7) + 1} Trash");
            default:
                return Run(host, "c FETCH 1 BODY[]");
        }
    }

    private static void Deliver(FakeMailbox mailbox, int count)
    {
        for (var i = 0; i < count; i++)
        {
            mailbox.Deliver("INBOX", $"Subject: {(char)('a' + (i * 7 % 5))}\r\n\r\n");
        }
    }

    private static ScriptedHost Open(FakeMailbox mailbox, ImapOptions? options = null)
    {
        var host = new ScriptedHost(mailbox, options);
        Run(host, "a LOGIN bob@hamburger.edu secret");
        Run(host, "b SELECT INBOX");
        return host;
    }

    private static string[] Run(ScriptedHost host, string command)
    {
        host.ForgetReplies();
        host.Feed(Encoding.ASCII.GetBytes(command + "\r\n"));
        return host.Replies.Split("\r\n");
    }

    private static List<uint> Result(string[] lines)
    {
        var all = AllItem().Match(lines[0]);
        return all.Success ? [.. Numbers(all.Groups[1].Value)] : [];
    }

    /// <summary>RFC 5267 §4.3.3, §4.3.4: at position 0 wherever it belongs.</summary>
    private static void Follow(string line, string tag, List<uint> result)
    {
        if (!line.StartsWith($"* ESEARCH (TAG \"{tag}\") UID ", StringComparison.Ordinal))
        {
            return;
        }

        foreach (Match item in UpdateItem().Matches(line))
        {
            var words = item.Groups[2].Value.Split(' ');
            for (var i = 0; i < words.Length; i += 2)
            {
                var place = int.Parse(words[i], CultureInfo.InvariantCulture);
                List<uint> numbers = [.. Numbers(words[i + 1])];
                if (item.Groups[1].Value == "ADDTO")
                {
                    Assert.Empty(result.Intersect(numbers));
                    result.InsertRange(place == 0 ? result.Count : place - 1, numbers);
                }
                else if (place == 0)
                {
                    Assert.Equal(numbers.Count, result.RemoveAll(numbers.Contains));
                }
                else
                {
                    Assert.Equal(numbers, result.GetRange(place - 1, numbers.Count));
                    result.RemoveRange(place - 1, numbers.Count);
                }
            }
        }
    }

    private static IEnumerable<uint> Numbers(string set) => set.Split(',').SelectMany(range =>
    {
        var ends = range.Split(':').Select(end => uint.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        return Enumerable.Range((int)ends[0], (int)(ends[^1] - ends[0]) + 1).Select(number => (uint)number);
    });

    [GeneratedRegex(@" ALL ([0-9:,]+)")]
    private static partial Regex AllItem();

    [GeneratedRegex(@" (ADDTO|REMOVEFROM) \(([^)]*)\)")]
    private static partial Regex UpdateItem();
}
