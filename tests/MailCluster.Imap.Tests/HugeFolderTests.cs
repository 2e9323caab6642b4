using System.Buffers;
using System.Net;
using System.Text;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Tests;

/// <summary>A folder of a million messages, of which every other one is unseen: what a session asks for and writes at a time.</summary>
public sealed class HugeFolderTests
{
    private const uint Messages = 1_000_000;

    /// <summary>Octets in one answer of the session beyond its own bound: one more piece of a response.</summary>
    private const int Slack = 1_024;

    private static readonly UidSet Odd = UidSet.Of(Enumerable.Range(0, (int)Messages / 2).Select(i => new Uid((2 * (uint)i) + 1)));

    [Theory]
    [InlineData("SEARCH UNSEEN", "* SEARCH 1 3 5 ", 500_000)]
    [InlineData("UID SEARCH RETURN (ALL) UNSEEN KEYWORD x", "* ESEARCH (TAG \"c\") UID ALL 1,3,5,", 500_000)]
    [InlineData("SEARCH RETURN (COUNT) 1:* UNSEEN", "* ESEARCH (TAG \"c\") COUNT 500000\r\n", 0)]
    [InlineData("UID SEARCH RETURN (PARTIAL -1:-3) UNSEEN", "* ESEARCH (TAG \"c\") UID PARTIAL (-1:-3 999995,999997,999999)\r\n", 3)]
    [InlineData("UID SEARCH RETURN (COUNT) UNSEEN MODSEQ 2", "* ESEARCH (TAG \"c\") UID COUNT 500000 MODSEQ 7\r\n", 0)]
    [InlineData("SORT (REVERSE SIZE) UTF-8 UNSEEN", "* SORT 999999 999997 ", 500_000)]
    public void Much_is_found_and_little_is_held(string command, string beginning, int numbers)
    {
        var session = new ImapSession(
            ScriptedHost.DefaultOptions, new ImapPeer(IPAddress.Loopback, 4711, false, new SessionId(1)), new StoppedClock());
        var output = new Responses();
        session.Greet(output);
        output.Send();
        Run(session, output, "a LOGIN bob@hamburger.edu secret\r\nb SELECT INBOX\r\n");
        output.Forget();
        Run(session, output, $"c {command}\r\n");
        Assert.StartsWith(beginning, output.Beginning, StringComparison.Ordinal);
        Assert.EndsWith("c OK Done\r\n", output.Last, StringComparison.Ordinal);
        Assert.InRange(output.Largest, 1, ImapSession.MaxPending + Slack);
        Assert.True(output.Total >= 2L * numbers);
    }

    private static void Run(ImapSession session, Responses output, string commands)
    {
        var input = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(commands));
        while (session.Advance(ref input, output) is var effect && effect is not SessionEffect.ReadMore)
        {
            if (effect is SessionEffect.Flush)
            {
                output.Send();
            }

            session.Answer(Answer(effect));
        }

        output.Send();
    }

    private static EffectAnswer Answer(SessionEffect effect) => effect switch
    {
        SessionEffect.CheckPassword => new EffectAnswer.PasswordChecked(new LoginAccount(new AccountId(1), "bob@hamburger.edu")),
        SessionEffect.OpenFolder => new EffectAnswer.Opened(new OpenedFolder(
            new Folder(
                new FolderId(1), FolderName.Inbox, null, new UidValidity(1), new Uid(Messages + 1), 7, Messages, Messages / 2, 0, 0, 0, []),
            UidSet.Of(new UidRange(new Uid(1), new Uid(Messages))))),
        SessionEffect.FindUids find => Found(find.Criteria),
        SessionEffect.FindModSeq => new EffectAnswer.HighestModSeq(7),
        SessionEffect.Fetch fetch => Page(fetch),
        SessionEffect.Flush => EffectAnswer.Done.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect.ToString()),
    };

    private static EffectAnswer.Uids Found(MessageCriteria criteria)
    {
        Assert.InRange(criteria.Uids.Ranges.Length, 1, 1_000);
        return new EffectAnswer.Uids(Odd.Intersect(criteria.Uids));
    }

    private static EffectAnswer.Messages Page(SessionEffect.Fetch fetch)
    {
        Assert.InRange(fetch.Limit, 1, ImapSession.PageSize);
        var next = (fetch.After.Value + 1) | 1;
        return new EffectAnswer.Messages([.. Enumerable.Range(0, fetch.Limit).Select(i => next + (2 * (uint)i))
            .TakeWhile(uid => uid < Messages).Select(uid => new FetchedMessage(
                new Uid(uid), 7, MessageFlags.None, [])
            {
                Size = uid,
                InternalDate = FakeMailbox.Now,
                SaveDate = FakeMailbox.Now,
            })]);
    }

    /// <summary>What the session writes, of which only both ends are kept.</summary>
    private sealed class Responses : IBufferWriter<byte>
    {
        private ArrayBufferWriter<byte> _pending = new();

        public string Beginning { get; private set; } = "";

        public string Last { get; private set; } = "";

        public int Largest { get; private set; }

        public long Total { get; private set; }

        public void Advance(int count) => _pending.Advance(count);

        public Memory<byte> GetMemory(int sizeHint = 0) => _pending.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => _pending.GetSpan(sizeHint);

        public void Send()
        {
            if (_pending.WrittenCount == 0)
            {
                return;
            }

            Last = Encoding.ASCII.GetString(_pending.WrittenSpan);
            Beginning = Total == 0 ? Last : Beginning;
            Largest = Math.Max(Largest, _pending.WrittenCount);
            Total += _pending.WrittenCount;
            _pending.ResetWrittenCount();
        }

        public void Forget() => (_pending, Beginning, Last, Largest, Total) = (new ArrayBufferWriter<byte>(), "", "", 0, 0);
    }
}
