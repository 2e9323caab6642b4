using CsCheck;
using MailCluster.Imap.Threading;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Tests.Threading;

public sealed class ReferencesThreaderTests
{
    /// <summary>Messages as "id:subject[:references]", one second apart; a subject that begins with Re is of a reply.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("a:x", "(1)")]
    [InlineData("a:x b:y:a c:z:a,b", "(1 2 3)")]
    [InlineData("a:x b:y:a c:z:a", "(1 (2)(3))")]
    [InlineData("c:z:a,b b:y:a a:x", "(3 2 1)")]
    [InlineData("b:y:a c:z:a", "((1)(2))")]
    [InlineData("b:y:a", "(1)")]
    [InlineData("c:z:a,b", "(1)")]
    [InlineData("c:z:a,b d:w:a,b e:v:a", "((1)(2)(3))")]
    [InlineData("a:x:b b:y:a", "(2 1)")]
    [InlineData("a:x:a", "(1)")]
    [InlineData("a:x a:y b:z:a", "(1 3)(2)")]
    [InlineData("a:x b:x", "((1)(2))")]
    [InlineData("a:x b:Rex", "(1 2)")]
    [InlineData("a:Rex b:x", "(2 1)")]
    [InlineData("a:Rex b:Rex", "((1)(2))")]
    [InlineData("b:x:a c:y:a d:x", "((1)(2)(3))")]
    [InlineData("b:x:a c:y:a d:x:e f:z:e", "((1)(2)(3)(4))")]
    [InlineData("a:x b:x c:x", "((1)(2)(3))")]
    [InlineData("a: b:", "(1)(2)")]
    [InlineData("-:x -:y", "(1)(2)")]
    [InlineData("a:x b:y:a c:z:b d:w:c e:v:b f:u:a", "(1 (2 (3 4)(5))(6))")]
    [InlineData("c:z:a,b b:y a:x", "(2 1)(3)")]
    public void Threads_are_as_the_rules_make_them(string messages, string expected) =>
        Assert.Equal(expected, Threads(Parse(messages)));

    [Fact]
    public void Any_messages_come_out_as_from_the_rules_word_by_word() => Gen.Select(
        Gen.Int[0, 9], Gen.Int[0, 9].Array[0, 4], Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 5]).Array[0, 14].Sample(
        drawn =>
        {
            var messages = drawn.Select((m, i) => new ThreadedMessage(
                new Uid((uint)i + 1), FakeMailbox.Now.AddSeconds(m.Item5), m.Item1 == 0 ? null : $"{m.Item1}@x",
                [.. m.Item2.Select(id => $"{id}@x")], m.Item3 == 0 ? "" : $"s{m.Item3}", m.Item4)).ToList();
            return Threads(messages) == LiteralThreader.Thread(messages);
        }, iter: 20_000);

    [Fact]
    public void Long_threads_of_any_kind_are_soon_done()
    {
        const int Many = 200_000;
        // One below the other, each naming the one before; then the other way round; then all on the tip of one thread.
        Assert.Equal(Many, Count(i => new(Uid(i), Sent(i), $"{i}@x", [$"{i - 1}@x"], "", false)));
        Assert.Equal(Many, Count(i => new(Uid(i), Sent(i), $"{Many - i}@x", [$"{Many - i - 1}@x"], "", false)));
        Assert.Equal(Many, Count(i => new(Uid(i), Sent(i), $"{i}@x", i % 2 == 0 ? [$"{i - 2}@x"] : [$"{i + 1}@x"], "", false)));
        Assert.Equal(Many, Count(i => new(Uid(i), Sent(i), $"{i % 1000}@x", [$"{i - 1}@x", $"{i - 2}@x"], "s", i % 3 == 0)));

        static int Count(Func<int, ThreadedMessage> message)
        {
            var threader = new ReferencesThreader(4 * Many);
            for (var i = 1; i <= Many; i++)
            {
                Assert.True(threader.TryAdd(message(i)));
            }

            return threader.Finish().Last()!.Tokens().Count(token => token > 0);
        }

        static Uid Uid(int i) => new((uint)i);

        static DateTimeOffset Sent(int i) => FakeMailbox.Now.AddSeconds(i);
    }

    [Fact]
    public void No_more_messages_and_dummies_than_the_limit_are_taken()
    {
        var threader = new ReferencesThreader(5);
        Assert.True(threader.TryAdd(new(new Uid(1), FakeMailbox.Now, "a", ["b", "c"], "", false)));
        Assert.False(threader.TryAdd(new(new Uid(2), FakeMailbox.Now, "d", ["e", "f"], "", false)));
    }

    internal static string Threads(IEnumerable<ThreadedMessage> messages, IThreader? threader = null)
    {
        threader ??= new ReferencesThreader(1_000);
        foreach (var message in messages)
        {
            Assert.True(threader.TryAdd(message));
        }

        return string.Concat(threader.Finish().Last()!.Tokens().Select(token => token switch
        {
            ThreadToken.Open => "(",
            ThreadToken.Close => ")",
            ThreadToken.Space => " ",
            _ => $"{token}",
        }));
    }

    internal static IEnumerable<ThreadedMessage> Parse(string messages) => messages
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((text, i) =>
        {
            var fields = text.Split(':');
            var isReply = fields[1].StartsWith("Re", StringComparison.Ordinal);
            return new ThreadedMessage(
                new Uid((uint)i + 1), FakeMailbox.Now.AddSeconds(i), fields[0] == "-" ? null : fields[0],
                fields.Length > 2 ? fields[2].Split(',') : [], isReply ? fields[1][2..] : fields[1], isReply);
        });
}
