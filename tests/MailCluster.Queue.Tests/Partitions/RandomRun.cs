using CsCheck;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;

namespace MailCluster.Queue.Tests.Partitions;

/// <summary>A partition whose attempts are answered at random, and the rules that must hold all the while.</summary>
internal sealed class RandomRun
{
    public static readonly Gen<(int Kind, int Which, int Outcome)[]> Steps =
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 50], Gen.Int[0, 3]).Array[1, 80];

    private static readonly DsnNotify[] Notifies =
    [
        DsnNotify.Unspecified, DsnNotify.Never, DsnNotify.Success, DsnNotify.Failure, DsnNotify.Delay,
        DsnNotify.Success | DsnNotify.Failure,
    ];

    private readonly List<DueWork> _out = [];
    private readonly List<QueueId> _ids = [];
    private readonly HashSet<(QueueId, int)> _done = [];

    public PartitionFixture Queue { get; } = new();

    /// <summary>The first rule that was broken, or null.</summary>
    public string? Trouble { get; private set; }

    public static RandomRun Of((int Kind, int Which, int Outcome)[] steps)
    {
        var run = new RandomRun();
        foreach (var (kind, which, outcome) in steps)
        {
            run.Take(kind, which, (OutcomeKind)outcome);
        }

        return run;
    }

    /// <summary>Nothing is held any more and nothing gets through: all must come to an end by itself.</summary>
    public void PlayToTheEnd()
    {
        foreach (var id in _ids)
        {
            Queue.Do(new ReleaseMessage(id));
        }

        for (var i = 0; i < 20_000 && Queue.State.Count > 0; i++)
        {
            TakeDue();
            while (_out.Count > 0)
            {
                Finish(0, OutcomeKind.Deferred);
            }

            Queue.Now = Queue.State.NextDueAt > Queue.Now ? Queue.State.NextDueAt!.Value : Queue.Now;
        }
    }

    private void Take(int kind, int which, OutcomeKind outcome)
    {
        switch (kind)
        {
            case 0 or 1:
                Enqueue(which);
                break;
            case 2 or 3:
                TakeDue();
                break;
            case 4 or 5 when _out.Count > 0:
                Finish(which % _out.Count, outcome);
                break;
            case 6:
                Queue.Now += TimeSpan.FromMinutes(which * 20);
                break;
            case 7 when _ids.Count > 0:
                Queue.Do(Operator(_ids[which % _ids.Count], which));
                break;
        }
    }

    private void Enqueue(int which)
    {
        var recipients = Enumerable.Range(0, 1 + (which % 4)).Select(i => i == 2 ? "bob@hamburger.edu" : $"u{i}@d{i % 2}.example");
        _ids.Add(Queue.Enqueue(which % 3 == 0 ? "" : "a@b.example", Notifies[which % Notifies.Length], [.. recipients]));
    }

    private static IQueueCommand Operator(QueueId id, int which) => (which % 5) switch
    {
        0 => new HoldMessage(id),
        1 => new ReleaseMessage(id),
        2 => new RetryMessage(id),
        3 => new RemoveMessage(id, WithDsn: true),
        _ => new RemoveMessage(id, WithDsn: false),
    };

    private void TakeDue()
    {
        foreach (var work in Queue.State.TakeDue(Queue.Now, 100))
        {
            foreach (var recipient in RecipientsOf(work))
            {
                Expect(!_done.Contains((work.Entry.Id, recipient)), "tried again after it was done");
                Expect(!Queue.Entry(work.Entry.Id).Held, "tried though held");
                Expect(
                    !_out.Any(other => other.Entry.Id == work.Entry.Id && RecipientsOf(other).Contains(recipient)),
                    "given out twice");
            }

            _out.Add(work);
        }
    }

    private void Finish(int index, OutcomeKind outcome)
    {
        var work = _out[index];
        _out.RemoveAt(index);
        if (work is DueWork.Notice notice)
        {
            // Every other sender is gone, and there is nobody to tell.
            Queue.Do(new RecordNotice(work.Entry.Id, notice.Plan, outcome is OutcomeKind.Failed ? null : NoticeOf(work)));
            return;
        }

        var recipients = RecipientsOf(work);
        var reply = outcome switch
        {
            OutcomeKind.Failed => PartitionFixture.Never,
            OutcomeKind.Deferred => PartitionFixture.Later,
            _ => PartitionFixture.Ok,
        };
        Queue.Record(work.Entry.Id, outcome, reply, recipients);
        if (outcome != OutcomeKind.Deferred)
        {
            _done.UnionWith(recipients.Select(r => (work.Entry.Id, r)));
        }
    }

    private QueueEntry NoticeOf(DueWork about) => new()
    {
        Id = Queue.NewId(),
        ReversePath = ReversePath.Null,
        Recipients =
        [
            new QueuedRecipient
            {
                Path = new ForwardPath(about.Entry.ReversePath.Address!.Value),
                Target = new DeliveryTarget.Remote(DomainName.Parse("b.example")),
                Notify = DsnNotify.Never,
                NextAttemptAt = Queue.Now,
            },
        ],
        AcceptedAt = Queue.Now,
        ExpiresAt = Queue.Now + Queue.Settings.Schedule.MaxAge,
    };

    private static int[] RecipientsOf(DueWork work) => work switch
    {
        DueWork.Relay relay => [.. relay.Recipients],
        DueWork.Store store => [store.Recipient],
        _ => [],
    };

    private void Expect(bool holds, string otherwise) => Trouble ??= holds ? null : otherwise;
}
