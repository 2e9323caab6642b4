using System.Collections.Immutable;
using Akka.Hosting;
using MailCluster.Mail.Identity;

namespace MailCluster.Actors.Tests.Queue.LastFence;

/// <summary>
/// The journal's key (persistence id, sequence number) is the last fence: where two copies of one partition live in spite
/// of everything, the second write of a number fails, its actor stops, and reads what the other wrote. Each incarnation
/// takes a number as it begins, so that the one that began last is the one that can write.
/// </summary>
public abstract class LastFenceContract : IAsyncLifetime
{
    /// <summary>More than any test has events.</summary>
    private protected const int NoSnapshot = 100_000;

    private readonly List<PartitionCopy> _copies = [];

    public abstract Task InitializeAsync();

    public virtual async Task DisposeAsync()
    {
        foreach (var copy in _copies)
        {
            await copy.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Of_two_copies_that_write_at_once_one_wins_and_the_other_accepts_nothing()
    {
        var (first, second, before) = await StartTwoAsync();
        var ofFirst = NewIds(40);
        var ofSecond = NewIds(40);
        for (var i = 0; i < ofFirst.Length; i++)
        {
            first.Send(ofFirst[i]);
            second.Send(ofSecond[i]);
        }

        await PartitionCopy.WaitForAsync(
            async () => await first.HasStoppedAsync() || await second.HasStoppedAsync(), "the end of one copy");
        var firstWon = await second.HasStoppedAsync();
        var (winner, won) = firstWon ? (first, ofFirst) : (second, ofSecond);
        var (loser, lost) = firstWon ? (second, ofSecond) : (first, ofFirst);
        await PartitionCopy.WaitForAsync(
            async () => won.All((await winner.AcceptedAsync()).Contains), "all messages of the winner accepted");
        Assert.False(await winner.HasStoppedAsync());
        Assert.DoesNotContain(await loser.AcceptedAsync(), lost.Contains);

        await loser.BeginAsync();
        await ExpectQueueAsync(loser, [before, .. won], absent: lost);
        await ExpectNothingLostOrInventedAsync();
    }

    [SkippableFact]
    public async Task A_copy_that_has_not_seen_what_the_other_wrote_stops_at_its_next_write()
    {
        var (stale, current, before) = await StartTwoAsync();
        var written = NewIds(3);
        foreach (var id in written)
        {
            await current.EnqueueAsync(id);
        }

        var refused = NewIds(1)[0];
        stale.Send(refused);
        await stale.WaitUntilStoppedAsync();
        Assert.DoesNotContain(refused, await stale.AcceptedAsync());
        await stale.BeginAsync();
        await ExpectQueueAsync(stale, [before, .. written], absent: [refused]);

        // Its client asks again, as it does until it is answered: now the other copy is the one that is behind.
        await stale.EnqueueAsync(refused);
        var late = NewIds(1)[0];
        current.Send(late);
        await current.WaitUntilStoppedAsync();
        await current.BeginAsync();
        await ExpectQueueAsync(current, [before, .. written, refused], absent: [late]);
        await ExpectNothingLostOrInventedAsync();
    }

    [SkippableFact]
    public async Task A_partition_that_comes_back_to_a_node_still_has_what_each_node_wrote()
    {
        var (first, second, before) = await StartTwoAsync();
        await first.EndAsync();
        var elsewhere = NewIds(1)[0];
        await second.EnqueueAsync(elsewhere);
        await second.EndAsync();
        await first.BeginAsync();
        var back = NewIds(1)[0];
        await first.EnqueueAsync(back);
        await first.EndAsync();

        await second.BeginAsync();
        await ExpectQueueAsync(second, [before, elsewhere, back], absent: []);
    }

    /// <summary>The journal as the program configures it; the same one for each copy of a test.</summary>
    private protected abstract void AddJournal(AkkaConfigurationBuilder akka);

    /// <summary>Two copies that both recovered the same, with one message in the queue.</summary>
    private protected async Task<(PartitionCopy First, PartitionCopy Second, QueueId Before)> StartTwoAsync(
        int eventsPerSnapshot = NoSnapshot)
    {
        var before = NewIds(1)[0];
        var first = await StartAsync(eventsPerSnapshot);
        await first.EnqueueAsync(before);
        var second = await StartAsync(eventsPerSnapshot);
        Assert.True(await second.HasAsync(before));
        return (first, second, before);
    }

    private async Task<PartitionCopy> StartAsync(int eventsPerSnapshot = NoSnapshot)
    {
        var copy = await PartitionCopy.StartAsync(AddJournal, eventsPerSnapshot);
        _copies.Add(copy);
        return copy;
    }

    /// <summary>What a node says that starts now is what is in the journal.</summary>
    private protected async Task ExpectNothingLostOrInventedAsync()
    {
        var copies = _copies.ToArray();
        var reader = await StartAsync();
        foreach (var copy in copies)
        {
            Assert.NotEmpty(await copy.HandedOutAsync());
            await ExpectQueueAsync(reader, [.. await copy.AcceptedAsync(), .. await copy.HandedOutAsync()], absent: []);
        }
    }

    private protected static async Task ExpectQueueAsync(
        PartitionCopy copy, ImmutableArray<QueueId> present, ImmutableArray<QueueId> absent)
    {
        foreach (var id in present)
        {
            Assert.True(await copy.HasAsync(id), $"{id} is missing");
        }

        foreach (var id in absent)
        {
            Assert.False(await copy.HasAsync(id), $"{id} was not accepted, and is there");
        }
    }

    private protected static ImmutableArray<QueueId> NewIds(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => QueueId.New(0, DateTimeOffset.UtcNow))];
}
