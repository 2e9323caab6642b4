using MailCluster.Actors.Delivery;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>Makes delivery attempts, and puts their bodies into a spool.</summary>
internal sealed class Attempts(MemorySpool spool, TimeProvider time)
{
    public const string Content = "Subject: test\r\n\r\n.a line that begins with a dot\r\n";

    public static readonly NextHop Hop = new NextHop.Mx(DomainName.Parse("example.org"));

    private long _number;

    public AttemptDelivery To(params string[] recipients) => Make(Content, BodyType.SevenBit, recipients);

    public AttemptDelivery Make(string content, BodyType bodyType, params string[] recipients)
    {
        var id = QueueId.New(0, time.GetUtcNow());
        spool.Put(id.Body, content);
        return new AttemptDelivery(
            Hop, id, ++_number, new ReversePath(MailAddress.Parse("a@b.example")), bodyType, Utf8: false,
            DsnReturn.Unspecified, null, content.Length,
            // Indexes with holes: other recipients of the entry go elsewhere.
            [.. recipients.Select((recipient, i) => new RecipientToTry(
                3 + (2 * i), new ForwardPath(MailAddress.Parse(recipient)), DsnNotify.Unspecified, null))]);
    }
}
