namespace MailCluster.Actors.Tests.Connections.Smtp;

/// <summary>Else the listener would keep the connection, and wait for it when the node stops.</summary>
public sealed class SmtpBrokenConnectionTests : SmtpConnectionKit
{
    private static readonly IOException Reset = new("connection reset by peer");

    [Fact]
    public async Task A_client_that_is_gone_before_its_actor_begins_leaves_nothing_behind()
    {
        Transport.HangUp(Reset);
        Begin();

        await WithinPatienceAsync(Transport.Closed, "the end of the connection");
    }

    [Fact]
    public async Task So_does_one_to_whom_nothing_can_be_sent()
    {
        await Transport.PeerInput.CompleteAsync(Reset);
        Begin();

        await WithinPatienceAsync(Transport.Closed, "the end of the connection");
    }

    [Fact]
    public async Task A_client_that_resets_the_connection_later_is_no_failure_of_the_server()
    {
        var connection = await BeginGreetedAsync();
        await SettleAsync(connection);
        await EventFilter.Error().ExpectAsync(0, async () =>
        {
            Transport.HangUp(Reset);
            await WithinPatienceAsync(Transport.Closed, "the end of the connection");
        });
    }
}
