using System.Text;
using Akka.Actor;
using MailCluster.Mail.Replies;
using MailCluster.Queue;
using MailCluster.Storage;

namespace MailCluster.Actors.Tests.Connections.Smtp;

/// <summary>250 is said when body and event are durable, and never before (RFC 5321 §6.1).</summary>
public sealed class SmtpAcceptanceTests : SmtpConnectionKit
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task The_partition_is_asked_when_the_body_is_durable_and_the_client_answered_when_the_event_is()
    {
        Spool.HoldCommits = new TaskCompletionSource();
        var connection = await BeginGreetedAsync();
        await BeginMessageAsync();
        await Client.SendAsync(Content);
        var body = await Spool.Commits.Reader.ReadAsync();
        await SettleAsync(connection);
        await Partition.ExpectNoMsgAsync(TimeSpan.Zero);
        Client.ExpectSilence();

        Spool.HoldCommits.SetResult();
        var question = await Partition.ExpectMsgAsync<EnqueueMessage>();
        Assert.Equal(body, question.QueueId.Body);
        Assert.Equal(Spool.Bodies[body].Length, question.Size);
        await SettleAsync(connection);
        Client.ExpectSilence();

        connection.Tell(new MessageAccepted(question.QueueId));
        await Client.ExpectAsync($"250 2.0.0 Ok: queued as {question.QueueId}");
        Assert.EndsWith("\r\nSubject: test\r\n\r\nbody\r\n", Encoding.UTF8.GetString(Spool.Bodies[body]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partition_that_does_not_answer_is_asked_again_for_the_same_message()
    {
        var connection = await BeginGreetedAsync();
        var question = await SendMessageAsync();
        for (var i = 0; i < 3; i++)
        {
            await SettleAsync(connection);
            Advance(Retry);
            Assert.Equal(question, await Partition.ExpectMsgAsync<EnqueueMessage>());
        }

        connection.Tell(new MessageAlreadyQueued(question.QueueId));
        await Client.ExpectAsync("250 2.0.0 ");
        connection.Tell(new MessageAccepted(question.QueueId)); // the answer to a repeat
        await SayAsync("NOOP", "250 2.0.0 Ok");
        Assert.Single(Spool.Bodies);
    }

    [Fact]
    public async Task A_partition_of_this_node_is_asked_without_the_region_until_it_leaves()
    {
        var here = CreateTestProbe("here");
        Local.SignIn(0, here);
        var connection = await BeginGreetedAsync();
        await BeginMessageAsync();
        await Client.SendAsync(Content);
        var question = await here.ExpectMsgAsync<EnqueueMessage>();

        Local.SignOut(0);
        await SettleAsync(connection);
        Advance(Retry);
        Assert.Equal(question, await Partition.ExpectMsgAsync<EnqueueMessage>());
    }

    [Fact]
    public async Task A_partition_that_never_answers_is_451_and_nothing_is_said_or_stored_twice()
    {
        var connection = await BeginGreetedAsync();
        var question = await SendMessageAsync();
        for (var waited = TimeSpan.Zero; waited < TimeSpan.FromSeconds(60); waited += Retry)
        {
            await SettleAsync(connection);
            Client.ExpectSilence();
            Advance(Retry);
        }

        await Client.ExpectAsync("451 4.3.2 ");
        connection.Tell(new MessageAccepted(question.QueueId)); // too late
        await SayAsync("NOOP", "250 2.0.0 Ok");
        Assert.Single(Spool.Bodies);
        var next = await SendMessageAsync(question);
        Assert.NotEqual(question.QueueId, next.QueueId);
        connection.Tell(new MessageAccepted(next.QueueId));
        await Client.ExpectAsync($"250 2.0.0 Ok: queued as {next.QueueId}");
    }

    [Fact]
    public async Task What_the_partition_refuses_the_client_hears()
    {
        var connection = await BeginGreetedAsync();
        var question = await SendMessageAsync();
        connection.Tell(new MessageRejected(
            question.QueueId, new Reply(ReplyCode.InsufficientStorage, EnhancedStatusCode.SystemFull, "queue is full")));

        await Client.ExpectAsync("452 4.3.1 queue is full");
        await SayAsync("NOOP", "250 ");
    }

    public static TheoryData<Exception, string> StoreFailures => new()
    {
        { new StorageException("disk I/O error"), "451 4.3.2 " },
        { new StorageException("no space left") { IsFull = true }, "452 4.3.1 " },
        { new ObjectDisposedException("connection"), "451 4.3.2 " },
    };

    [Theory]
    [MemberData(nameof(StoreFailures))]
    public async Task A_body_that_cannot_be_stored_is_refused_and_the_partition_never_asked(Exception failure, string reply)
    {
        Spool.FailNextCommit = failure;
        var connection = await BeginGreetedAsync();
        await BeginMessageAsync();
        await Client.SendAsync(Content);
        await Client.ExpectAsync(reply);

        var question = await SendMessageAsync(); // the first that the partition hears of
        connection.Tell(new MessageAccepted(question.QueueId));
        await Client.ExpectAsync("250 ");
    }

    /// <summary>A retry that was due just before the answer came says nothing about the next message.</summary>
    [Fact]
    public async Task The_late_retry_of_one_message_does_not_ask_for_the_next_before_its_body_is_durable()
    {
        var connection = await BeginGreetedAsync(enqueueRetry: TimeSpan.FromSeconds(20));
        var first = await SendMessageAsync();
        await Spool.Commits.Reader.ReadAsync();
        await SettleAsync(connection);
        Spool.HoldCommits = new TaskCompletionSource();
        await Client.SendAsync(Envelope + Content);

        var gate = Clock.Close();
        Advance(TimeSpan.FromSeconds(15)); // it looks at the clock, and stops there
        await WithinPatienceAsync(gate.Reached, "the connection looks at the clock");
        connection.Tell(new MessageAccepted(first.QueueId));
        Advance(TimeSpan.FromSeconds(5));
        gate.Open();
        await Spool.Commits.Reader.ReadAsync();
        await SettleAsync(connection);
        await Partition.ExpectNoMsgAsync(TimeSpan.Zero);

        Spool.HoldCommits.SetResult();
        Assert.NotEqual(first.QueueId, (await Partition.ExpectMsgAsync<EnqueueMessage>()).QueueId);
    }

    [Fact]
    public async Task A_client_that_hangs_up_in_its_content_leaves_nothing_behind()
    {
        var connection = await BeginGreetedAsync();
        await BeginMessageAsync();
        await Client.SendAsync("Subject: half a mess");
        Watch(connection);
        Transport.HangUp();

        await ExpectTerminatedAsync(connection);
        await Partition.ExpectNoMsgAsync(TimeSpan.Zero);
        Assert.Empty(Spool.Bodies);
    }

    [Fact]
    public async Task A_directory_that_fails_is_451_for_its_recipient()
    {
        await BeginGreetedAsync();
        await SayAsync("MAIL FROM:<a@b.example>", "250 ");
        Directory.Failure = new StorageException("disk I/O error");
        await SayAsync("RCPT TO:<chris@hamburger.edu>", "451 4.3.2 ");
        Directory.Failure = null;
        await SayAsync("RCPT TO:<chris@hamburger.edu>", "250 ");
        await SayAsync("RCPT TO:<nobody@hamburger.edu>", "550 5.1.1 ");
        await SayAsync("RCPT TO:<x@elsewhere.example>", "554 5.7.1 ");
    }

    /// <summary>Another message, behind what the partition was asked about this one.</summary>
    private async Task<EnqueueMessage> SendMessageAsync(EnqueueMessage before)
    {
        await BeginMessageAsync();
        await Client.SendAsync(Content);
        return (EnqueueMessage)await Partition.FishForMessageAsync(
            m => m is EnqueueMessage question && question.QueueId != before.QueueId);
    }
}
