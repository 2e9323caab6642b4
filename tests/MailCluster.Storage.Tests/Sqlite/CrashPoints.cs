using System.Buffers.Binary;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Sasl;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Tests.Contract;

namespace MailCluster.Storage.Tests.Sqlite;

/// <summary>
/// Walks one message through its life and then dies at every point of it: the write-ahead logs are cut behind each page
/// that was written, and within pages. What is opened from there must be a legal state, and what the queue and the
/// sweep repeat after a start must lead to the right end.
/// </summary>
/// <remarks>
/// The legal states, for a body: not there (its 250 was not given); held; held and referenced; released and referenced;
/// not there (released, and no longer referenced). For a copy: not stored (not answered); stored; expunged.
/// </remarks>
public sealed class CrashPoints : IAsyncLifetime
{
    private const string SpoolLog = "spool.db-wal";
    private const string MailLog = "mail.db-wal";
    private const int LogHeader = 32;
    private const int FrameHeader = 24;

    private static readonly byte[] Small = [.. Enumerable.Range(0, 3000).Select(n => (byte)n)];
    private static readonly byte[] Large = [.. Enumerable.Range(0, 70_000).Select(n => (byte)(n * 7))];

    private readonly string _folder = SqliteTestStorage.NewFolder();
    private readonly ManualTime _time = new();
    private readonly BodyId _small;
    private readonly BodyId _large;
    private readonly BodyId _unfinished;
    private AccountId _bob;
    private AccountId _alice;

    public CrashPoints()
    {
        _small = QueueId.New(1, _time.GetUtcNow()).Body;
        _large = QueueId.New(1, _time.GetUtcNow()).Body;
        _unfinished = QueueId.New(1, _time.GetUtcNow()).Body;
    }

    /// <summary>What was asked for before the crash; each step was answered before the next was begun.</summary>
    private enum Step
    {
        BeginUnfinished,
        SpoolSmall,
        SpoolLarge,
        StoreForBob,
        StoreForAlice,
        ExpungeBob,
        Release,
        ExpungeAlice,
    }

    public async Task InitializeAsync()
    {
        await using var storage = await SqliteTestStorage.OpenAsync(_folder, _time);
        var domain = DomainName.Parse("hamburger.edu");
        var verifier = ScramVerifier.Create("secret");
        await storage.Administration.AddDomainAsync(domain, default);
        _bob = await storage.Administration.AddAccountAsync(new MailAddress("bob", domain), verifier, null, default);
        _alice = await storage.Administration.AddAccountAsync(new MailAddress("alice", domain), verifier, null, default);
    }

    public Task DisposeAsync()
    {
        System.IO.Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Wherever_the_power_fails_nothing_that_was_answered_is_lost()
    {
        var checkedImages = 0;
        await using var storage = await SqliteTestStorage.OpenAsync(_folder, _time);
        await using var unfinished = storage.Spool.Create(_unfinished);
        foreach (var step in Enum.GetValues<Step>())
        {
            var (spoolBefore, mailBefore) = (Log(SpoolLog), Log(MailLog));
            await (step == Step.BeginUnfinished ? unfinished.WriteAsync(Large, default).AsTask() : DoAsync(storage, step));

            // Within a step the mail database is written first, and the spool is touched when that is on disk.
            foreach (var mail in Cuts(mailBefore, Log(MailLog)))
            {
                await CheckAsync(step, spoolBefore, mail);
                checkedImages++;
            }

            foreach (var spool in Cuts(spoolBefore, Log(SpoolLog)))
            {
                await CheckAsync(step, spool, Log(MailLog));
                checkedImages++;
            }
        }

        Assert.True(checkedImages > 80, $"There were only {checkedImages} points to crash at.");
    }

    private async Task DoAsync(MailStorage storage, Step step) => await (step switch
    {
        Step.SpoolSmall => SpoolAsync(storage, _small, Small),
        Step.SpoolLarge => SpoolAsync(storage, _large, Large),
        Step.StoreForBob => storage.Mailboxes.StoreAsync(_bob, [Copy(_small), Copy(_large)], default),
        Step.StoreForAlice => storage.Mailboxes.StoreAsync(_alice, [Copy(_small)], default),
        Step.ExpungeBob => storage.Mailboxes.ExpungeInboxAsync(_bob, [new Uid(1), new Uid(2)], default),
        Step.Release => storage.Spool.ReleaseAsync([_small, _large], default),
        Step.ExpungeAlice => storage.Mailboxes.ExpungeInboxAsync(_alice, [new Uid(1)], default),
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    });

    private async Task CheckAsync(Step crashedIn, byte[] spoolLog, byte[] mailLog)
    {
        var image = SqliteTestStorage.NewFolder();
        System.IO.Directory.CreateDirectory(image);
        try
        {
            File.Copy(Path.Combine(_folder, "spool.db"), Path.Combine(image, "spool.db"));
            File.Copy(Path.Combine(_folder, "mail.db"), Path.Combine(image, "mail.db"));
            await File.WriteAllBytesAsync(Path.Combine(image, SpoolLog), spoolLog);
            await File.WriteAllBytesAsync(Path.Combine(image, MailLog), mailLog);
            await using var storage = await SqliteTestStorage.OpenAsync(image, _time);
            await CheckStateAsync(storage, crashedIn);
            await RepeatAsync(storage, crashedIn);
            await CheckEndAsync(storage, crashedIn);
        }
        finally
        {
            System.IO.Directory.Delete(image, recursive: true);
        }
    }

    /// <summary>What is there is whole, and what was answered is there.</summary>
    private async Task CheckStateAsync(MailStorage storage, Step crashedIn)
    {
        var small = await ReadAsync(storage, _small, Small);
        var large = await ReadAsync(storage, _large, Large);
        Assert.Null(await (storage.Spool.OpenAsync(_unfinished, default)));
        var held = await storage.Spool.ListHeldAsync(1, default);
        var bob = (await storage.Mailboxes.ListInboxAsync(_bob, default))!.Messages;
        var alice = (await storage.Mailboxes.ListInboxAsync(_alice, default))!.Messages;

        Assert.True(small || !held.Contains(_small), "A held body can be read.");
        Assert.True(large || !held.Contains(_large), "A held body can be read.");
        Assert.True((small && large) || bob.IsEmpty, "A stored message has its body.");
        Assert.True(small || alice.IsEmpty, "A stored message has its body.");
        if (crashedIn < Step.Release)
        {
            Assert.Equal(crashedIn > Step.SpoolSmall, held.Contains(_small) && crashedIn != Step.SpoolSmall);
            Assert.True(crashedIn <= Step.SpoolLarge || held.Contains(_large), "The queue still needs the body.");
        }

        Assert.True(crashedIn is <= Step.StoreForBob or >= Step.ExpungeBob || bob.Length == 2, "Stored is stored.");
        Assert.True(crashedIn <= Step.ExpungeBob || bob.IsEmpty, "Expunged is expunged.");
        Assert.True(crashedIn is <= Step.StoreForAlice or >= Step.ExpungeAlice || alice.Length == 1, "Stored is stored.");
    }

    /// <summary>After a start the queue repeats what was not answered, and the sweep finds what nobody will ask for.</summary>
    private async Task RepeatAsync(MailStorage storage, Step crashedIn)
    {
        if (crashedIn > Step.SpoolLarge)
        {
            await DoAsync(storage, crashedIn);
        }

        await storage.Spool.SweepAsync(_time.GetUtcNow().AddDays(1), default);
    }

    private async Task CheckEndAsync(MailStorage storage, Step repeated)
    {
        var small = await ReadAsync(storage, _small, Small);
        var large = await ReadAsync(storage, _large, Large);
        if (repeated > Step.SpoolLarge)
        {
            Assert.Equal(repeated < Step.ExpungeAlice, small);
            Assert.Equal(repeated < Step.Release, large);
        }

        var bob = (await storage.Mailboxes.ListInboxAsync(_bob, default))!.Messages;
        var alice = (await storage.Mailboxes.ListInboxAsync(_alice, default))!.Messages;
        Assert.Equal(repeated is Step.StoreForBob or Step.StoreForAlice ? 2 : 0, bob.Length);
        Assert.Equal(repeated is >= Step.StoreForAlice and < Step.ExpungeAlice ? 1 : 0, alice.Length);
        Assert.Equal(0, await storage.Spool.SweepAsync(_time.GetUtcNow().AddDays(1), default));
    }

    private static async Task SpoolAsync(MailStorage storage, BodyId id, byte[] octets)
    {
        await using var writer = storage.Spool.Create(id);
        await writer.WriteAsync(octets, default);
        await writer.CommitAsync(default);
    }

    private static async Task<bool> ReadAsync(MailStorage storage, BodyId id, byte[] expected)
    {
        await using var reader = await storage.Spool.OpenAsync(id, default);
        if (reader is null)
        {
            return false;
        }

        var octets = new List<byte>();
        for (var chunk = await reader.ReadAsync(default); !chunk.IsEmpty; chunk = await reader.ReadAsync(default))
        {
            octets.AddRange(chunk.Span);
        }

        Assert.Equal(expected, octets);
        return true;
    }

    private IncomingCopy Copy(BodyId body) =>
        new(body.QueueId, new ForwardPath(MailAddress.Parse("bob@hamburger.edu")), "", body, 100, _time.GetUtcNow());

    private byte[] Log(string name)
    {
        var path = Path.Combine(_folder, name);
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var octets = new byte[file.Length];
        file.ReadExactly(octets);
        return octets;
    }

    /// <summary>The log as it grew from one length to the other: behind each page, and torn within some.</summary>
    private static IEnumerable<byte[]> Cuts(byte[] before, byte[] after)
    {
        yield return before;
        if (after.Length == before.Length)
        {
            yield break;
        }

        var frame = FrameHeader + BinaryPrimitives.ReadInt32BigEndian(after.AsSpan(8));
        for (var length = Math.Max(before.Length, LogHeader); length < after.Length; length += frame)
        {
            yield return after[..length];
            yield return after[..(length + (frame / 3))];
        }

        yield return after;
    }
}
