using Akka.Actor;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Hosting;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Serialization;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Replies;
using MailCluster.Queue;
using MailCluster.Smtp.Server;
using Envelope = MailCluster.Mail.Envelopes.Envelope;

namespace MailCluster.Actors.Tests.Serialization;

/// <summary>What is too big for a frame between nodes is dropped, however often it is repeated: nothing may be.</summary>
public sealed class FrameSizeTests : IDisposable
{
    /// <summary>Of the frame: addresses, manifest and Akka's own fields.</summary>
    private const int Overhead = 4096;

    private static readonly QueueId Id = QueueId.New(0, DateTimeOffset.UnixEpoch);
    private static readonly string LongDomain = $"{Label('a')}.{Label('b')}.{Label('c')}.{new string('d', 53)}.org";

    private static readonly long Frame =
        MailClusterHocon.Base.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size")!.Value - Overhead;

    private readonly ActorSystem _system = ActorSystem.Create("frames");

    public void Dispose() => _system.Dispose();

    [Fact]
    public void The_largest_envelope_that_smtp_takes_fits()
    {
        var path = new ForwardPath(MailAddress.Parse($"{new string('x', 64)}@{LongDomain}"));
        var resolved = new ResolvedRecipient(path, new DeliveryTarget.Remote(path.Domain));
        var each = path.Address.ToString().Length + path.Domain.Text.Length;
        var many = Enumerable.Repeat(resolved, SmtpLimits.EnvelopeSize / each);
        AssertFits(Enqueue(new EnvelopeRecipient(path, DsnNotify.Never, null, [.. many])));
    }

    [Fact]
    public void The_envelope_of_most_recipients_that_a_configuration_allows_fits()
    {
        const int Most = 100_000;
        var path = new ForwardPath(MailAddress.Parse("x@y.z"));
        var recipient = new EnvelopeRecipient(
            path, DsnNotify.Never, null, [new ResolvedRecipient(path, new DeliveryTarget.Remote(path.Domain))]);
        AssertFits(Enqueue([.. Enumerable.Repeat(recipient, Most)]));
    }

    [Fact]
    public void The_longest_replies_to_the_most_recipients_fit()
    {
        // 8 KiB of a reply are kept, and each of its octets beyond ASCII becomes two.
        var reply = new Reply(new ReplyCode(450), null, [.. Enumerable.Repeat(new string('ÿ', 1024), 8)]);
        var recipients = new QueueSettings().MaxRecipientsPerAttempt;
        AssertFits(new DeliveryAttempted(Id, 1,
        [
            .. Enumerable.Range(0, recipients).Select(
                i => new RecipientOutcome(i, OutcomeKind.Deferred, reply, $"{LongDomain} [192.0.2.1]:25")),
        ]));
    }

    [Fact]
    public void The_longest_recipients_of_an_attempt_fit()
    {
        var path = new ForwardPath(MailAddress.Parse($"{new string('x', 64)}@{LongDomain}"));
        var original = new string('x', SmtpLimits.OriginalRecipient);
        AssertFits(new AttemptDelivery(
            new NextHop.Mx(path.Domain), Id, 1, new ReversePath(path.Address), BodyType.SevenBit, false, DsnReturn.Full,
            new string('x', SmtpLimits.EnvelopeId), 1,
            [
                .. Enumerable.Range(0, new QueueSettings().MaxRecipientsPerAttempt).Select(
                    i => new RecipientToTry(i, path, DsnNotify.Never, original)),
            ]));
    }

    [Fact]
    public void A_maildrop_of_a_million_messages_can_be_emptied() => AssertFits(new ExpungeMessages(
        new AccountId(1), [.. Enumerable.Range(0, 1_000_000).Select(i => new Uid((uint)(i * 4000L)))]));

    private static EnqueueMessage Enqueue(params EnvelopeRecipient[] recipients) =>
        new(Id, new Envelope { ReversePath = ReversePath.Null, Recipients = [.. recipients] }, 1);

    private static string Label(char letter) => new(letter, 63);

    private void AssertFits(object message) => Assert.InRange(
        new WireSerializer((ExtendedActorSystem)_system).ToBinary(message).LongLength, 1, Frame);
}
