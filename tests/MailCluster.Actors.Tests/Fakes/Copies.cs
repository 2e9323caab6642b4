using MailCluster.Actors.Mailboxes;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>Makes copies for a mailbox.</summary>
internal sealed class Copies(AccountId account, TimeProvider time)
{
    private long _attempt;

    public StoreCopy Next(long size = 100)
    {
        var now = time.GetUtcNow();
        return new StoreCopy(
            account, QueueId.New(0, now), ++_attempt, 0, new ReversePath(MailAddress.Parse("a@b.example")),
            new ForwardPath(MailAddress.Parse("chris@hamburger.edu")), size, now);
    }
}
