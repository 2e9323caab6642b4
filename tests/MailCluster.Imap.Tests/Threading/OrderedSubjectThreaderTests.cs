using MailCluster.Imap.Threading;

namespace MailCluster.Imap.Tests.Threading;

public sealed class OrderedSubjectThreaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("-:x", "(1)")]
    [InlineData("-:x -:x", "(1 2)")]
    [InlineData("-:x -:y -:Rex -:x", "(1 (3)(4))(2)")]
    [InlineData("-: -:x -:", "(1 3)(2)")]
    public void Threads_hold_what_has_one_subject(string messages, string expected) => Assert.Equal(
        expected,
        ReferencesThreaderTests.Threads(ReferencesThreaderTests.Parse(messages), new OrderedSubjectThreader(100)));

    [Fact]
    public void The_first_that_was_sent_comes_first_wherever_it_stands()
    {
        var messages = ReferencesThreaderTests.Parse("-:x -:y -:x -:y")
            .Select((message, i) => message with { SentAt = FakeMailbox.Now.AddSeconds(-i) });
        Assert.Equal("(4 2)(3 1)", ReferencesThreaderTests.Threads(messages, new OrderedSubjectThreader(100)));
    }

    [Fact]
    public void No_more_messages_than_the_limit_are_taken()
    {
        var threader = new OrderedSubjectThreader(1);
        var messages = ReferencesThreaderTests.Parse("-:x -:y").ToList();
        Assert.True(threader.TryAdd(messages[0]));
        Assert.False(threader.TryAdd(messages[1]));
    }
}
