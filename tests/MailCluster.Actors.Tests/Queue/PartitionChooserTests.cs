using Akka.Actor;
using MailCluster.Actors.Queue;
using MailCluster.Actors.Tests.Fakes;

namespace MailCluster.Actors.Tests.Queue;

public sealed class PartitionChooserTests
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(2);

    private readonly ManualTime _time = new(new DateTimeOffset(2026, 11, 23, 3, 0, 0, TimeSpan.Zero));
    private readonly LocalPartitions _local = new();

    [Fact]
    public void All_messages_of_a_slice_of_time_go_to_one_partition_and_then_to_the_next()
    {
        var chooser = Chooser(partitions: 3, offset: 1);
        Assert.Equal([1, 1], [chooser.Next(), chooser.Next()]);
        Assert.Equal([2, 0, 1], Slices(chooser, 3));
    }

    [Fact]
    public void Partitions_of_this_node_come_before_all_others()
    {
        var chooser = Chooser(partitions: 8, offset: 0);
        _local.SignIn(5, ActorRefs.Nobody);
        _local.SignIn(2, ActorRefs.Nobody);
        Assert.Equal([5, 2, 5], Slices(chooser, 3));
    }

    [Fact]
    public void A_partition_that_left_this_node_is_not_chosen_while_others_are_here()
    {
        var chooser = Chooser(partitions: 8, offset: 0);
        _local.SignIn(2, ActorRefs.Nobody);
        _local.SignIn(5, ActorRefs.Nobody);
        _local.SignOut(2);
        Assert.Equal([5, 5], Slices(chooser, 2));
        _local.SignOut(5);
        Assert.Equal([3, 4], Slices(chooser, 2));
    }

    [Fact]
    public void A_partition_that_did_not_answer_is_left_alone_for_ten_seconds()
    {
        var chooser = Chooser(partitions: 2, offset: 0);
        chooser.Avoid(0);
        Assert.Equal(1, chooser.Next());
        Assert.Equal([1, 1, 1, 1], Slices(chooser, 4));
        Assert.Equal([1, 0], Slices(chooser, 2));
    }

    [Fact]
    public void Where_none_answers_they_take_turns_as_ever()
    {
        var chooser = Chooser(partitions: 2, offset: 0);
        chooser.Avoid(0);
        chooser.Avoid(1);
        Assert.Equal([1, 0], Slices(chooser, 2));
    }

    private PartitionChooser Chooser(int partitions, int offset) => new(partitions, offset, _time, _local);

    private int[] Slices(PartitionChooser chooser, int count) =>
        [.. Enumerable.Range(0, count).Select(_ =>
        {
            _time.Advance(Slice);
            return chooser.Next();
        })];
}
