using MailCluster.Mail.Identity;

namespace MailCluster.Storage.Tests.Contract;

public abstract class SpoolContract : StorageContract
{
    private const int Chunk = 64 * 1024;

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(4 * 1024)]
    [InlineData((4 * 1024) + 1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(3 * Chunk)]
    [InlineData((5 * Chunk) + 17)]
    public async Task A_committed_body_reads_back_as_it_was_written(int length)
    {
        var octets = Octets(length);
        var id = await SpoolAsync(octets);
        Assert.Equal(octets, await ReadAsync(id));
        await Storage.ReopenAsync();
        Assert.Equal(octets, await ReadAsync(id));
    }

    [SkippableTheory]
    [InlineData(1, 3000)]
    [InlineData(7, 100_000)]
    [InlineData(4096, 200_000)]
    [InlineData(65_535, 200_000)]
    [InlineData(70_000, 300_000)]
    public async Task The_sizes_of_the_pieces_do_not_matter(int piece, int length)
    {
        var octets = Octets(length);
        var id = NewBody();
        await using (var writer = Spool.Create(id))
        {
            for (var at = 0; at < length; at += piece)
            {
                await writer.WriteAsync(octets.AsMemory(at, Math.Min(piece, length - at)), default);
            }

            Assert.Equal(length, writer.Length);
            await writer.CommitAsync(default);
        }

        Assert.Equal(octets, await ReadAsync(id));
    }

    [SkippableTheory]
    [InlineData(100)]
    [InlineData(3 * Chunk)]
    public async Task A_body_is_not_visible_before_its_commit(int length)
    {
        var id = NewBody();
        await using var writer = Spool.Create(id);
        await writer.WriteAsync(Octets(length), default);
        Assert.Null(await ReadAsync(id));
        Assert.Empty(await Spool.ListHeldAsync(0, default));
        await writer.CommitAsync(default);
        Assert.Equal([id], await Spool.ListHeldAsync(0, default));
    }

    [SkippableTheory]
    [InlineData(100)]
    [InlineData(3 * Chunk)]
    public async Task What_is_disposed_without_a_commit_is_dropped(int length)
    {
        var id = NewBody();
        await using (var writer = Spool.Create(id))
        {
            await writer.WriteAsync(Octets(length), default);
        }

        Assert.Null(await ReadAsync(id));
        Assert.Equal(0, await Spool.SweepAsync(Time.GetUtcNow().AddDays(1), default));
        await SpoolAsync(id, Octets(length)); // Nothing is left that would be in the way.
    }

    [SkippableFact]
    public async Task A_writer_that_has_ended_takes_no_more()
    {
        await using var writer = Spool.Create(NewBody());
        await writer.CommitAsync(default);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.WriteAsync(Octets(1), default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.CommitAsync(default));
    }

    [SkippableFact]
    public async Task A_body_that_never_was_cannot_be_opened() => Assert.Null(await ReadAsync(NewBody()));

    [SkippableFact]
    public async Task Several_are_opened_at_once_in_the_order_in_which_they_are_named()
    {
        var large = await SpoolAsync(Octets(2 * Chunk + 7));
        var small = await SpoolAsync(Octets(10, seed: 2));
        var unfinished = NewBody();
        await using var writer = Spool.Create(unfinished);
        await writer.WriteAsync(Octets(2 * Chunk), default);
        var gone = await SpoolAsync(Octets(2 * Chunk));
        await Spool.ReleaseAsync([gone], default);
        var readers = await Spool.OpenAllAsync([small, gone, large, unfinished, small], default);
        Assert.Equal([true, false, true, false, true], readers.Select(reader => reader is not null));
        Assert.Equal(Octets(10, seed: 2), await ReadAsync(readers[0]!));
        Assert.Equal(Octets(2 * Chunk + 7), await ReadAsync(readers[2]!));
        Assert.Equal(Octets(10, seed: 2), await ReadAsync(readers[4]!));
        Assert.Empty(await Spool.OpenAllAsync([], default));
    }

    [SkippableFact]
    public async Task An_id_is_taken_only_once_and_the_second_does_no_harm()
    {
        var octets = Octets(500);
        var id = await SpoolAsync(octets);
        await Assert.ThrowsAsync<StorageException>(() => SpoolAsync(id, Octets(400, seed: 2)));
        Assert.Equal(octets, await ReadAsync(id));
    }

    [SkippableFact]
    public async Task One_bad_body_in_a_group_does_not_fail_the_others()
    {
        var taken = await SpoolAsync(Octets(10));
        var ids = Enumerable.Range(0, 200).Select(_ => NewBody()).ToArray();
        var good = ids.Select(id => SpoolAsync(id, Octets(100))).ToArray();
        var bad = Enumerable.Range(0, 20).Select(_ => SpoolAsync(taken, Octets(100))).ToArray();
        await Task.WhenAll(good);
        foreach (var task in bad)
        {
            await Assert.ThrowsAsync<StorageException>(() => task);
        }

        Assert.Equal(201, (await Spool.ListHeldAsync(0, default)).Count);
    }

    [SkippableFact]
    public async Task Held_bodies_are_listed_by_partition_and_oldest_first()
    {
        var expected = new List<BodyId>();
        for (var i = 0; i < 10; i++)
        {
            await SpoolAsync(Octets(10), partition: 6);
            expected.Add(await SpoolAsync(Octets(10), partition: 7));
            await SpoolAsync(Octets(10), partition: 8);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(expected, await Spool.ListHeldAsync(7, default));
        Assert.Equal(10, (await Spool.ListHeldAsync(8, default)).Count);
        Assert.Empty(await Spool.ListHeldAsync(9, default));
    }

    [SkippableTheory]
    [InlineData(100)]
    [InlineData(3 * Chunk)]
    public async Task A_released_body_without_references_is_gone(int length)
    {
        var id = await SpoolAsync(Octets(length));
        var other = await SpoolAsync(Octets(length, seed: 2));
        await Spool.ReleaseAsync([id, NewBody()], default);
        Assert.Null(await ReadAsync(id));
        Assert.Equal([other], await Spool.ListHeldAsync(0, default));
        Assert.Equal(Octets(length, seed: 2), await ReadAsync(other));
    }

    [SkippableFact]
    public async Task A_released_body_lives_while_a_mailbox_refers_to_it()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var id = await SpoolAsync(Octets(100));
        await StoreAsync(account, Copy(id));
        await Spool.ReleaseAsync([id], default);
        Assert.NotNull(await ReadAsync(id));
        Assert.Empty(await Spool.ListHeldAsync(0, default));
        Assert.Equal(0, await Spool.SweepAsync(Time.GetUtcNow().AddDays(1), default));

        await Mailboxes.ExpungeInboxAsync(account, await UidsAsync(account), default);
        Assert.Null(await ReadAsync(id));
    }

    [SkippableFact]
    public async Task An_expunged_body_lives_while_the_queue_holds_it()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var id = await SpoolAsync(Octets(100));
        await StoreAsync(account, Copy(id));
        await Mailboxes.ExpungeInboxAsync(account, await UidsAsync(account), default);
        Assert.NotNull(await ReadAsync(id));
        await Spool.ReleaseAsync([id], default);
        Assert.Null(await ReadAsync(id));
    }

    [SkippableFact]
    public async Task Releasing_twice_is_harmless()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var kept = await SpoolAsync(Octets(100));
        var gone = await SpoolAsync(Octets(100));
        await StoreAsync(account, Copy(kept));
        await Spool.ReleaseAsync([kept, gone], default);
        await Spool.ReleaseAsync([gone, kept, kept], default);
        Assert.NotNull(await ReadAsync(kept));
        Assert.Null(await ReadAsync(gone));
    }

    [SkippableFact]
    public async Task Many_bodies_are_released_in_one_call()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 1200).Select(_ => SpoolAsync(Octets(10))));
        await Spool.ReleaseAsync(ids, default);
        Assert.Empty(await Spool.ListHeldAsync(0, default));
    }

    [SkippableFact]
    public async Task A_sweep_takes_old_unfinished_bodies_and_leaves_young_ones_and_held_ones()
    {
        var held = await SpoolAsync(Octets(3 * Chunk));
        await using var old = Spool.Create(NewBody());
        await old.WriteAsync(Octets(3 * Chunk), default);
        Time.Advance(TimeSpan.FromHours(2));
        var youngId = NewBody();
        await using var young = Spool.Create(youngId);
        await young.WriteAsync(Octets(3 * Chunk), default);

        Assert.Equal(1, await Spool.SweepAsync(Time.GetUtcNow().AddHours(-1), default));

        await Assert.ThrowsAsync<StorageException>(() => old.CommitAsync(default));
        await young.CommitAsync(default);
        Assert.Equal(Octets(3 * Chunk), await ReadAsync(youngId));
        Assert.Equal(Octets(3 * Chunk), await ReadAsync(held));
    }

    [SkippableFact]
    public async Task A_slow_reader_never_sees_another_body_in_the_place_of_its_own()
    {
        var id = await SpoolAsync(Octets(3 * Chunk));
        await using var reader = (await Spool.OpenAsync(id, default))!;
        Assert.Equal(Chunk, (await reader.ReadAsync(default)).Length);
        await Spool.ReleaseAsync([id], default);
        await SpoolAsync(Octets(3 * Chunk, seed: 2));
        await Assert.ThrowsAsync<StorageException>(async () => await reader.ReadAsync(default));
    }

    [SkippableFact]
    public async Task A_cancelled_call_changes_nothing()
    {
        var id = NewBody();
        await using (var writer = Spool.Create(id))
        {
            await writer.WriteAsync(Octets(10), default);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => writer.CommitAsync(new CancellationToken(canceled: true)));
        }

        Assert.Null(await ReadAsync(id));
    }

    /// <summary>
    /// Random subsets of "release" and "expunge", all at once and from two processes: at the end a body is there if and
    /// only if the queue holds it or a mailbox still refers to it, whatever the order of the steps within was.
    /// </summary>
    [SkippableFact]
    public async Task Racing_releases_and_expunges_delete_a_body_exactly_when_nobody_needs_it()
    {
        const int Bodies = 600;
        AccountId[] accounts =
            [await AddAccountAsync("a@x.y"), await AddAccountAsync("b@x.y"), await AddAccountAsync("c@x.y")];
        await using var other = await Storage.OpenAnotherAsync();
        var random = new Random(20261123);
        var races = new List<Func<Task>[]>();
        var needed = new Dictionary<BodyId, bool>();
        for (var i = 0; i < Bodies; i++)
        {
            var id = await SpoolAsync(Octets(20));
            var steps = new List<Func<Task>> { () => Spool.ReleaseAsync([id], default) };
            foreach (var account in accounts.Where(_ => random.Next(2) == 0))
            {
                await StoreAsync(account, Copy(id));
                var uid = (await UidsAsync(account))[^1];
                var mailboxes = random.Next(2) == 0 ? Mailboxes : other.Mailboxes;
                steps.Add(() => mailboxes.ExpungeInboxAsync(account, [uid], default));
            }

            var race = steps.ToArray();
            random.Shuffle(race);
            needed[id] = random.Next(4) == 0; // Then one of those who hold it keeps it.
            races.Add(needed[id] ? race[1..] : race);
        }

        await Parallel.ForEachAsync(
            races,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (race, _) => await Task.WhenAll(race.Select(step => Task.Run(step))));

        foreach (var (id, isNeeded) in needed)
        {
            Assert.Equal(isNeeded, await ReadAsync(id) is not null);
        }

        Assert.Equal(0, await Spool.SweepAsync(Time.GetUtcNow().AddDays(1), default));
    }
}
