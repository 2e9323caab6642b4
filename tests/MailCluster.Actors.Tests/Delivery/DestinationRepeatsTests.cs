using MailCluster.Actors.Delivery;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Delivery;

/// <summary>A partition repeats an attempt until it is answered, and it is made once all the same.</summary>
public sealed class DestinationRepeatsTests : DestinationKit
{
    private readonly GatedTime _time;

    public DestinationRepeatsTests()
    {
        _time = new GatedTime(Time);
        DestinationTime = _time;
    }

    [Fact]
    public async Task An_attempt_in_hand_is_answered_to_whom_asked_last()
    {
        var destination = Begin();
        var attempt = Try(destination);
        var hop = await Connector.NextAsync();
        await hop.GreetAsync();
        await hop.AnswerAsync("MAIL FROM:", "250 ok");
        var moved = CreateTestProbe("partition-after-its-move");
        destination.Tell(attempt, moved);
        await SettleAsync(destination);
        await hop.TakeRestAsync();

        Assert.Equal(attempt.Attempt, (await moved.ExpectMsgAsync<DeliveryAttempted>()).Attempt);
        await SettleWithRelaysAsync(destination);
        hop.Peer.ExpectSilence();
        await Partition.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task An_attempt_that_was_answered_is_answered_again_and_not_made_again()
    {
        var destination = Begin();
        var attempt = Try(destination);
        var hop = await Connector.NextAsync();
        await hop.GreetAsync();
        await hop.TakeMessageAsync();
        var answer = await Partition.ExpectMsgAsync<DeliveryAttempted>();
        destination.Tell(attempt, Partition);

        Assert.Equal(answer, await Partition.ExpectMsgAsync<DeliveryAttempted>());
        await SettleWithRelaysAsync(destination);
        hop.Peer.ExpectSilence();
    }

    [Fact]
    public async Task The_next_attempt_after_a_deferral_is_another_one()
    {
        var destination = Begin();
        var attempt = Try(destination);
        var hop = await Connector.NextAsync();
        await hop.GreetAsync();
        await hop.AnswerAsync("MAIL FROM:", "451 4.7.1 later");
        await hop.AnswerAsync("RSET", "250 ok");
        await ExpectKindAsync(OutcomeKind.Deferred, attempt);
        var next = attempt with { Attempt = attempt.Attempt + 1 };
        destination.Tell(next, Partition);

        await hop.TakeMessageAsync();
        await ExpectKindAsync(OutcomeKind.Relayed, next);
    }

    /// <summary>A partition that starts again on another node has lost what it was told, and counts anew.</summary>
    [Fact]
    public async Task What_was_delivered_is_not_delivered_again_under_another_number()
    {
        var destination = Begin();
        var attempt = Try(destination);
        var hop = await Connector.NextAsync();
        await hop.GreetAsync();
        await hop.TakeMessageAsync();
        await ExpectKindAsync(OutcomeKind.Relayed, attempt);
        var moved = attempt with { Attempt = attempt.Attempt + 1 };
        destination.Tell(moved, Partition);

        await ExpectKindAsync(OutcomeKind.Relayed, moved);
        await SettleWithRelaysAsync(destination);
        hop.Peer.ExpectSilence();
    }

    [Fact]
    public async Task What_is_under_way_is_answered_under_the_number_that_was_asked_last()
    {
        var destination = Begin();
        var attempt = Try(destination);
        var hop = await Connector.NextAsync();
        await hop.GreetAsync();
        await hop.AnswerAsync("MAIL FROM:", "250 ok");
        var moved = attempt with { Attempt = attempt.Attempt + 1 };
        destination.Tell(moved, Partition);
        await SettleAsync(destination);
        await hop.TakeRestAsync();

        await ExpectKindAsync(OutcomeKind.Relayed, moved);
        await SettleWithRelaysAsync(destination);
        hop.Peer.ExpectSilence();
    }

    /// <summary>
    /// The connection ends while the Destination is about to use it: nobody begins the attempt, and nobody may forget it.
    /// </summary>
    [Fact]
    public async Task An_attempt_given_to_a_connection_that_had_just_ended_goes_over_another()
    {
        var destination = Begin(new RelaySettings { MessagesPerMinute = 600 });
        var first = await DeliverOneAsync(destination);
        var gate = _time.Close(); // a Destination with a rate looks at the clock before it gives away an attempt
        var attempt = Try(destination);
        await WithinPatienceAsync(gate.Reached, "the Destination looks at the clock");
        first.Transport.HangUp();
        await WithinPatienceAsync(first.Transport.Closed, "the end of the idle connection");
        gate.Open();

        var second = await Connector.NextAsync();
        await second.GreetAsync();
        await second.TakeMessageAsync();
        await ExpectKindAsync(OutcomeKind.Relayed, attempt);
    }
}
