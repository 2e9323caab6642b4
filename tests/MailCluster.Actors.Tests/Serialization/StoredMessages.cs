using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MailCluster.Actors.Queue;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Replies;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Serialization;

/// <summary>One of each kind that partitions store, full and bare, and the words by which two of them are compared.</summary>
internal static class StoredMessages
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 6, 30, 0, 125, TimeSpan.Zero);
    private static readonly QueueId Id = new(new UInt128(0x0003_0199_8877_6655, 0x1122_3344_5566_7788));
    private static readonly QueueId NoticeId = new(new UInt128(0x0003_0199_8877_6656, 0x8877_6655_4433_2211));

    private static readonly Reply Greylisted = new(
        new ReplyCode(451), new EnhancedStatusCode(4, 7, 1), ["Greylisted,", "try again later"]);

    private static readonly QueueEntry Bare = new()
    {
        Id = Id,
        ReversePath = ReversePath.Null,
        Recipients = [Remote("carol@sink.example", "sink.example")],
        AcceptedAt = At,
        ExpiresAt = At.AddDays(5),
    };

    private static readonly QueueEntry Full = new()
    {
        Id = Id,
        ReversePath = new ReversePath(Address("\"a b\"@source.example")),
        Recipients =
        [
            Remote("carol@sink.example", "sink.example") with
            {
                Notify = DsnNotify.Success | DsnNotify.Delay,
                OriginalRecipient = "rfc822;info+40sink.example",
                Attempts = 7,
                NextAttemptAt = At.AddMinutes(30),
                LastAttemptAt = At.AddMinutes(-1),
                LastReply = Greylisted,
                LastRemote = "mx.sink.example [192.0.2.1]:25",
            },
            Remote("dora@[192.0.2.7]", "[192.0.2.7]"),
            Remote("emil@[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]"),
            Remote("用户@例え.example", "例え.example"),
            new QueuedRecipient
            {
                Path = new ForwardPath(Address("bob+lists@hamburger.edu")),
                Target = new DeliveryTarget.Mailbox(new AccountId(42), "lists"),
                Status = RecipientStatus.Failed,
                LastReply = new Reply(new ReplyCode(552), null, "full"),
                Owed = NoticeOwed.Failed,
                NextAttemptAt = At,
            },
        ],
        BodyType = BodyType.EightBitMime,
        Utf8 = true,
        Return = DsnReturn.Headers,
        EnvelopeId = "QQ314159",
        Size = 5_000_000_000,
        AcceptedAt = At,
        ExpiresAt = At.AddDays(5),
        Held = true,
        DelayNoticeSent = true,
    };

    private static readonly JsonSerializerOptions Words = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutWhatFollows } },
        Converters =
        {
            new JsonStringEnumConverter(),
            new WordsOf<QueueId>(id => id.ToString()),
            new WordsOf<ReversePath>(path => path.ToString()),
            new WordsOf<ForwardPath>(path => path.ToString()),
            new WordsOf<DeliveryTarget>(target => target.ToString()),
            new WordsOf<UidSet>(set => set.ToString()),
            new WordsOf<FolderName>(name => name.Text),
            new WordsOf<EntryName>(name => name.Text),
            new ByKind<MailboxChange>(),
            new ByKind<ChangeResult>(),
            new WordsOf<Reply>(reply => $"{reply.Code} {reply.Status} {string.Join(" / ", reply.Lines)}"),
        },
    };

    /// <summary>Manifest, name of the case, and the message.</summary>
    public static ImmutableArray<(string Manifest, string Case, object Message)> All { get; } =
    [
        ("queued.1", "full", new MessageQueued(Full)),
        ("orphan.1", "only", new OrphanFound(Id, At)),
        ("queued.1", "bare", new MessageQueued(Bare)),
        ("attempt.1", "all-outcomes", new AttemptRecorded(Id, At,
        [
            new RecordedOutcome(0, OutcomeKind.Deferred, Greylisted, "mx.sink.example [192.0.2.1]:25", At.AddMinutes(30)),
            new RecordedOutcome(1, OutcomeKind.Failed, new Reply(new ReplyCode(550), null, ""), null, null),
            new RecordedOutcome(2, OutcomeKind.Delivered, new Reply(new ReplyCode(250), null, "ok"), null, null),
            new RecordedOutcome(3, OutcomeKind.Relayed, new Reply(new ReplyCode(250), null, "ok"), "mx", null),
        ])),
        ("attempt.1", "no-outcomes", new AttemptRecorded(Id, At, [])),
        ("notice.1", "with-entry", new NoticeQueued(
            Id, new NoticePlan(NoticeKind.Final, [0, 4]), Bare with { Id = NoticeId })),
        ("notice.1", "nobody-to-tell", new NoticeQueued(Id, new NoticePlan(NoticeKind.Delayed, [1]), null)),
        ("held.1", "held", new MessageHeld(Id, At)),
        ("released.1", "released", new MessageReleased(Id, At)),
        ("retried.1", "retried", new MessageRetried(Id, At)),
        ("removed.1", "with-notice", new MessageRemoved(Id, At, WithDsn: true)),
        ("removed.1", "without-notice", new MessageRemoved(Id, At, WithDsn: false)),
        ("snapshot.1", "two-entries", new QueueSnapshot([Full, Bare with { Id = NoticeId }], [Id, NoticeId])),
        ("taken.1", "only", new PartitionTaken(At, "akka.tcp://mailcluster@192.0.2.1:4053")),
        ("snapshot.1", "empty", new QueueSnapshot([], [])),
    ];

    /// <summary>All that a message says, as text that people can compare.</summary>
    public static string Describe(object message) =>
        JsonSerializer.Serialize(message, message.GetType(), Words).ReplaceLineEndings("\n") + "\n";

    private static QueuedRecipient Remote(string path, string domain) => new()
    {
        Path = new ForwardPath(Address(path)),
        Target = new DeliveryTarget.Remote(Domain(domain)),
        NextAttemptAt = At,
    };

    private static MailAddress Address(string text) =>
        MailAddress.TryParse(text, allowUtf8: true, out var address) ? address : throw new FormatException(text);

    private static DomainName Domain(string text) =>
        DomainName.TryParse(text, allowUtf8: true, out var domain) ? domain : throw new FormatException(text);

    /// <summary>Properties that follow from others are not stored, and may change.</summary>
    private static void LeaveOutWhatFollows(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.Set is null).ToArray())
        {
            type.Properties.Remove(property);
        }
    }

    /// <summary>All that the value's own type has, under the name of that type.</summary>
    private sealed class ByKind<T> : JsonConverter<T>
        where T : notnull
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WritePropertyName(value.GetType().Name);
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
            writer.WriteEndObject();
        }
    }

    private sealed class WordsOf<T>(Func<T, string> describe) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(describe(value));
    }
}
