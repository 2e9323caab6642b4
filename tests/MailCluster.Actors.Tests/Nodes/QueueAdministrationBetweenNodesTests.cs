using MailCluster.Mail.Identity;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Nodes;

/// <summary>An operator asks one node about the partitions of the other.</summary>
[Collection(TwoNodesCollection.Name)]
public sealed class QueueAdministrationBetweenNodesTests(TwoNodes nodes)
{
    private static readonly ListMessages Dead = new(
        MailCluster.Mail.Addresses.DomainName.Parse(TwoNodes.DeadDomain), "a@b.example", null, EntryStatus.Deferred, 1000, null);

    [Fact]
    public async Task A_listing_of_many_long_lines_is_complete()
    {
        var ids = new HashSet<QueueId>();
        for (var i = 0; i < 60; i++)
        {
            // One or two recipients: in this partition or that.
            ids.Add(await nodes.EnqueueAsync(
                [.. Enumerable.Range(0, 1 + (i % 2)).Select(j => TwoNodes.Remote($"x{j}@{TwoNodes.DeadDomain}"))]));
        }

        var listed = 0;
        await TwoNodes.WaitForAsync(
            async () => (listed = (await ListAsync()).Count(e => ids.Contains(e.Id))) == 60,
            $"60 deferred entries, there were {listed}");
        Assert.All(await ListAsync(), e => Assert.True(e.LastReply!.Length > 8000));
        await RemoveAllAsync(ids);
    }

    [Fact]
    public async Task An_entry_is_held_released_retried_and_removed()
    {
        var id = await nodes.EnqueueAsync(TwoNodes.Remote($"y@{TwoNodes.DeadDomain}"));
        Assert.True(await ExecuteAsync(new HoldMessage(id)));
        Assert.Equal(EntryStatus.Held, (await ShowAsync(id))!.Summary.Status);
        Assert.True(await ExecuteAsync(new ReleaseMessage(id)));
        Assert.True(await ExecuteAsync(new RetryMessage(id)));
        Assert.Equal("QQ314159", (await ShowAsync(id))!.EnvelopeId);
        await RemoveAllAsync([id]);

        Assert.Null(await ShowAsync(id));
        Assert.False(await ExecuteAsync(new HoldMessage(id)));
    }

    /// <summary>As many as an entry may have, after aliases; one by one, so that each is told apart.</summary>
    [Fact]
    public async Task An_envelope_of_ten_thousand_recipients_is_taken_and_shown()
    {
        var id = await nodes.EnqueueAsync(
            [.. Enumerable.Range(0, 10_000).Select(i => TwoNodes.Remote($"reader-number-{i}-of-this-list@{TwoNodes.DeadDomain}"))]);

        Assert.Equal(10_000, (await ShowAsync(id))!.Recipients.Select(r => r.Path).Distinct().Count());
        await RemoveAllAsync([id]);
    }

    private async Task RemoveAllAsync(IEnumerable<QueueId> ids)
    {
        foreach (var id in ids)
        {
            Assert.True(await ExecuteAsync(new RemoveMessage(id, WithDsn: false)));
            await nodes.WaitUntilReleasedAsync(id);
        }
    }

    private async Task<IReadOnlyList<QueueEntrySummary>> ListAsync() =>
        await nodes.Delivery.Administration.ListAsync(Dead, CancellationToken.None);

    private Task<QueueEntryDetails?> ShowAsync(QueueId id) =>
        nodes.Delivery.Administration.ShowAsync(id, CancellationToken.None);

    private Task<bool> ExecuteAsync(IQueueCommand command) =>
        nodes.Delivery.Administration.ExecuteAsync(command, CancellationToken.None);
}
