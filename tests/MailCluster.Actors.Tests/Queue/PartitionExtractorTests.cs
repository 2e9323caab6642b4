using MailCluster.Actors.Queue;
using MailCluster.Mail.Identity;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Queue;

public sealed class PartitionExtractorTests
{
    private static readonly PartitionExtractor Extractor = new(4);

    [Fact]
    public void The_partition_of_a_message_stands_in_its_id() =>
        Assert.Equal("3", Extractor.EntityId(new HoldMessage(QueueId.New(3, DateTimeOffset.UnixEpoch))));

    /// <summary>An extractor that throws takes the whole region down, for one bad message off the wire.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void A_question_to_a_partition_that_does_not_exist_has_no_owner(int partition) => Assert.Null(
        Extractor.EntityId(new PartitionQuery(partition, new ListMessages(null, null, null, null, 1, null))));
}
