using Akka.Actor;
using MailCluster.Actors.Connections;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Connections.Smtp;

/// <summary>RFC 5321 §3.8: a service that goes away says 421, but lets a transaction come to its end.</summary>
public sealed class SmtpStoppingTests : SmtpConnectionKit
{
    [Fact]
    public async Task A_client_between_transactions_hears_421_at_once()
    {
        var connection = await BeginGreetedAsync();
        await SettleAsync(connection);
        connection.Tell(ServiceStopping.Instance);

        await Client.ExpectAsync("421 4.3.2 ");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_client_in_a_transaction_hears_421_behind_its_250()
    {
        var connection = await BeginGreetedAsync();
        await SayAsync("MAIL FROM:<a@b.example>", "250 ");
        await SettleAsync(connection);
        connection.Tell(ServiceStopping.Instance);
        await SayAsync("RCPT TO:<chris@hamburger.edu>", "250 ");
        await SayAsync("DATA", "354 ");
        await Client.SendAsync(Content);
        var question = await Partition.ExpectMsgAsync<EnqueueMessage>();
        await SettleAsync(connection);
        Client.ExpectSilence();
        connection.Tell(new MessageAccepted(question.QueueId));

        await Client.ExpectAsync("250 2.0.0 ");
        await Client.ExpectAsync("421 4.3.2 ");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_message_that_the_queue_is_asked_about_is_answered_first()
    {
        var connection = await BeginGreetedAsync();
        var question = await SendMessageAsync();
        connection.Tell(ServiceStopping.Instance);
        await SettleAsync(connection);
        Client.ExpectSilence();
        connection.Tell(new MessageAccepted(question.QueueId));

        await Client.ExpectAsync("250 2.0.0 ");
        await Client.ExpectAsync("421 4.3.2 ");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_transaction_that_is_given_up_ends_the_session_as_well()
    {
        var connection = await BeginGreetedAsync();
        await SayAsync("MAIL FROM:<a@b.example>", "250 ");
        await SettleAsync(connection);
        connection.Tell(ServiceStopping.Instance);
        await SayAsync("RSET", "250 ");

        await Client.ExpectAsync("421 4.3.2 ");
        await ExpectClosedAsync(connection);
    }
}
