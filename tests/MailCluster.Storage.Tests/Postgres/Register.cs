using System.Globalization;
using MailCluster.Storage.Membership;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>Nodes that start at once must not found a cluster each.</summary>
public sealed class Register : PostgresTest
{
    private IMembershipRegister Nodes => Postgres.Membership;

    [SkippableFact]
    public async Task Of_ten_that_enter_at_once_exactly_one_founds_and_the_others_hear_of_it()
    {
        var names = Enumerable.Range(0, 10).Select(i => string.Create(CultureInfo.InvariantCulture, $"node{i}")).ToArray();
        for (var round = 0; round < 5; round++)
        {
            var entered = await Task.WhenAll(
                names.Select(async name => (Name: name, Others: (await Nodes.EnterAsync(name, default)).Members))).WaitAsync(Patience);
            var founder = Assert.Single(entered, node => node.Others.IsEmpty).Name;
            Assert.All(
                entered.Where(node => node.Name != founder), node => Assert.Equal(founder, Assert.Single(node.Others)));
            await Nodes.LeaveAsync(founder, default);
        }
    }

    [SkippableFact]
    public async Task One_that_entered_before_counts_and_oneself_does_not()
    {
        Assert.Empty(await MembersForAsync("a"));
        Assert.Empty(await MembersForAsync("a"));
        Assert.Equal("a", Assert.Single(await MembersForAsync("b")));
        Assert.Equal(1, await SqlAsync<long>("SELECT count(*) FROM cluster_member"));
        Assert.Equal("a", Assert.Single(await Nodes.ConfirmAsync("b", default)));
        Assert.Equal((string[])["a", "b"], await MembersForAsync("c"));
    }

    [SkippableFact]
    public async Task A_member_that_was_not_seen_for_long_is_gone_and_one_that_confirms_itself_is_back()
    {
        await Nodes.EnterAsync("a", default);
        await AgeAsync(IMembershipRegister.FreshFor - TimeSpan.FromSeconds(5));
        Assert.Equal("a", Assert.Single(await MembersForAsync("b")));
        await AgeAsync(TimeSpan.FromSeconds(6));
        Assert.Empty(await MembersForAsync("b"));
        await Nodes.ConfirmAsync("a", default);
        Assert.Equal((string[])["a", "b"], await MembersForAsync("c"));
    }

    [SkippableFact]
    public async Task One_that_fell_silent_is_named_for_an_hour_and_one_that_signed_out_is_not()
    {
        await Nodes.EnterAsync("silent", default);
        await AgeAsync(TimeSpan.FromMinutes(30));
        await Nodes.EnterAsync("later", default);
        await Nodes.EnterAsync("gone", default);
        await Nodes.ConfirmAsync("gone", default);
        await Nodes.LeaveAsync("gone", default);
        await AgeAsync(TimeSpan.FromMinutes(1));

        var known = await Nodes.EnterAsync("new", default);
        Assert.Empty(known.Members);
        Assert.Equal((string[])["later", "silent"], known.Former);
        await AgeAsync(TimeSpan.FromMinutes(30));
        Assert.Equal((string[])["new", "later"], (await Nodes.EnterAsync("other", default)).Former);
    }

    [SkippableFact]
    public async Task Rows_of_nodes_that_never_come_back_go_after_a_day()
    {
        await Nodes.EnterAsync("a", default);
        await AgeAsync(TimeSpan.FromHours(25));
        await Nodes.ConfirmAsync("b", default);
        Assert.Equal("b", await SqlAsync<string>("SELECT string_agg(address, ' ') FROM cluster_member"));
    }

    [SkippableFact]
    public async Task One_that_ends_while_it_enters_holds_up_nobody()
    {
        await using var other = await ConnectAsync();
        Task<StorageException?> entering;
        await using (var transaction = await other.BeginTransactionAsync())
        {
            await SqlAsync<object>(other, "LOCK TABLE cluster_member IN EXCLUSIVE MODE");
            entering = FailureAsync(Nodes.EnterAsync("a", default));
            await BlockedAsync();
            await TerminateAsync("wait_event_type = 'Lock'");
            Assert.NotNull(await entering);
        }

        Assert.Empty(await MembersForAsync("b").WaitAsync(Patience));
    }

    private async Task<string[]> MembersForAsync(string node) => [.. (await Nodes.EnterAsync(node, default)).Members];

    /// <summary>Members were last seen that much longer ago.</summary>
    private Task AgeAsync(TimeSpan by) => SqlAsync<object>(string.Create(
        CultureInfo.InvariantCulture,
        $"UPDATE cluster_member SET seen_at = seen_at - interval '{by.TotalSeconds} seconds'"));
}
