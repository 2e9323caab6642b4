using MailCluster.Mail.Mailboxes;

namespace MailCluster.Mail.Tests.Mailboxes;

public sealed class MailboxChangeTests
{
    /// <summary>The second answer would be that all were changed since: by the first.</summary>
    [Theory]
    [InlineData(long.MaxValue, true)]
    [InlineData(0, false)]
    [InlineData(7, false)]
    public void Flags_may_be_stored_twice_unless_that_depends_on_what_they_were(long unchangedSince, bool mayBeRepeated) =>
        Assert.Equal(
            mayBeRepeated,
            new MailboxChange.StoreFlags(
                new FolderId(1), UidSet.All, new FlagsChange(FlagsAction.Add, MessageFlags.Seen, [], unchangedSince)).MayBeRepeated);
}
