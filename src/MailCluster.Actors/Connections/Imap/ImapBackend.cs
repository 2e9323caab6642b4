using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using MailCluster.Imap;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Identity;
using MailCluster.Storage;
using MailCluster.Storage.Directory;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Connections.Imap;

/// <summary>Answers a session's questions from directory, store and spool. Keeps no state; safe for any number of threads.</summary>
internal sealed partial class ImapBackend(ImapConnectionServices services)
{
    /// <summary>Octets of slices that are read at the same time are bounded by the session.</summary>
    private const int ReadsAtATime = 4;

    /// <summary>Bodies that are looked up together: each may keep a chunk of the spool in memory, 64 KiB.</summary>
    private const int SlicesAtATime = 16;

    /// <summary>What ends here or before stands in the first chunk of a body, whatever its prefix.</summary>
    private const int NearEnd = 64 * 1024;

    /// <summary>Null for what is not to be read: it concerns the connection, or the account's writer.</summary>
    public Task<EffectAnswer>? Answer(SessionEffect effect, AccountId account, CancellationToken cancellation) => effect switch
    {
        SessionEffect.FindCredentials e => Guarded(FindCredentialsAsync(e.UserName, cancellation)),
        SessionEffect.CheckPassword e => Guarded(CheckPasswordAsync(e.UserName, e.Password, cancellation)),
        SessionEffect.ListFolders => Guarded(ListFoldersAsync(account, cancellation)),
        SessionEffect.FindFolder { Owner.Value: not 0 } or SessionEffect.OpenFolder { Owner.Value: not 0 }
            or SessionEffect.ReadNews { Owner.Value: not 0 } => AnswerShared(effect, account, cancellation),
        SessionEffect.FindUser e => Guarded(FindUserAsync(e.Address, cancellation)),
        SessionEffect.ReadRights e => Read(
            services.Folders.GetSharedRightsAsync(e.Folder, account, cancellation), rights => new EffectAnswer.Rights(rights)),
        SessionEffect.ReadAccess e => Read(
            services.Folders.ListAccessAsync(e.Folder, cancellation), entries => new EffectAnswer.Access(entries)),
        SessionEffect.FindFolder e => Read(
            services.Folders.FindFolderAsync(account, e.Name, cancellation), folder => new EffectAnswer.Found(folder)),
        SessionEffect.OpenFolder e => Read(
            services.Folders.OpenFolderAsync(account, e.Name, cancellation), folder => new EffectAnswer.Opened(folder)),
        SessionEffect.ReadNews e => Read(
            services.Folders.ReadNewsAsync(e.Folder, e.Since, cancellation), news => new EffectAnswer.News(news)),
        SessionEffect.Fetch e => Read(
            services.Folders.FetchAsync(e.Folder, e.Uids, e.Columns, e.After, e.Limit, cancellation),
            page => new EffectAnswer.Messages(page)),
        SessionEffect.FindUids e => Read(
            services.Folders.FindUidsAsync(e.Folder, e.Criteria, cancellation), uids => new EffectAnswer.Uids(uids)),
        SessionEffect.FindModSeq e => Read(
            services.Folders.HighestModSeqAsync(e.Folder, e.Uids, cancellation), modseq => new EffectAnswer.HighestModSeq(modseq)),
        SessionEffect.FindText e => Read(
            services.Texts.FindAsync(e.Folder, e.Uids, e.Criterion, cancellation), uids => new EffectAnswer.Uids(uids)),
        SessionEffect.ReadExpunged e => Read(
            services.Folders.ExpungedSinceAsync(e.Folder, e.Since, cancellation), gone => new EffectAnswer.Expunged(gone)),
        SessionEffect.ReadStructure e => Read(
            services.Structures.GetAsync(e.Body, cancellation), structure => new EffectAnswer.Structure(structure)),
        SessionEffect.ReadSlices e => Guarded(ReadSlicesAsync(e.Slices, cancellation)),
        SessionEffect.MeasureDecoded e => Guarded(MeasureAsync(e.Section, cancellation)),
        SessionEffect.ReadQuota => Read(
            services.Folders.GetQuotaAsync(account, cancellation), usage => new EffectAnswer.Quota(usage)),
        SessionEffect.ReadAnnotations e => Read(
            services.Folders.ReadAnnotationsAsync(account, e.Folder, cancellation), list => new EffectAnswer.Annotations(list)),
        SessionEffect.FindAnnotations e => Read(
            services.Folders.FindAnnotationsAsync(account, e.Names, cancellation), list => new EffectAnswer.Annotations(list)),
        SessionEffect.ReadAnnotationNews e => Read(
            services.Folders.ReadAnnotationNewsAsync(account, e.Since, cancellation),
            news => new EffectAnswer.AnnotationsChanged(news)),
        _ => null,
    };

    /// <summary>False where the store failed, or the body is gone: then fewer octets went out than were announced.</summary>
    public Task<bool> SendAsync(
        MessageSlice slice, PipeWriter output, Action noteProgress, CancellationToken cancellation) =>
        SendAsync(slice, WithoutNul, output, noteProgress, cancellation);

    /// <summary>The same octet for octet, to who knows no rule of IMAP.</summary>
    public Task<bool> SendAsItIsAsync(MessageSlice slice, PipeWriter output, CancellationToken cancellation) =>
        SendAsync(slice, static piece => piece, output, static () => { }, cancellation);

    private async Task<bool> SendAsync(
        MessageSlice slice, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> shown, PipeWriter output, Action noteProgress,
        CancellationToken cancellation)
    {
        try
        {
            var left = slice.Length;
            await foreach (var piece in ReadAsync(slice, cancellation))
            {
                await output.WriteAsync(shown(piece), cancellation);
                left -= piece.Length;
                noteProgress();
            }

            return left == 0;
        }
        catch (StorageException)
        {
            return false;
        }
    }

    private async Task<EffectAnswer> ReadSlicesAsync(ImmutableArray<MessageSlice> slices, CancellationToken cancellation)
    {
        var octets = new ReadOnlyMemory<byte>?[slices.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, slices.Length).GroupBy(i => IsNear(slices[i])).SelectMany(
                group => group.Chunk(group.Key ? SlicesAtATime : 1)),
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtATime, CancellationToken = cancellation },
            async (places, token) => await ReadSlicesAsync(slices, places, octets, token));
        return new EffectAnswer.Slices([.. octets]);
    }

    /// <summary>The first chunk of its body has it, so that it takes one question.</summary>
    private static bool IsNear(MessageSlice slice) => slice.Offset + slice.Length <= NearEnd;

    /// <summary>Those at the given places, whose bodies are looked up together.</summary>
    private async Task ReadSlicesAsync(
        ImmutableArray<MessageSlice> slices, int[] places, ReadOnlyMemory<byte>?[] octets, CancellationToken cancellation)
    {
        var readers = await services.Spool.OpenAllAsync([.. places.Select(i => slices[i].Body)], cancellation);
        foreach (var (place, reader) in places.Zip(readers))
        {
            await using (reader)
            {
                octets[place] = await ReadWholeAsync(slices[place], reader, cancellation);
            }
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadWholeAsync(
        MessageSlice slice, ISpoolReader? reader, CancellationToken cancellation)
    {
        var whole = new byte[slice.Length];
        var at = 0;
        await foreach (var piece in ReadAsync(slice, reader, cancellation))
        {
            piece.CopyTo(whole.AsMemory(at));
            at += piece.Length;
        }

        return at == whole.Length ? whole : null;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        MessageSlice slice, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var reader = await services.Spool.OpenAsync(slice.Body, cancellation);
        await foreach (var piece in ReadAsync(slice, reader, cancellation))
        {
            yield return piece;
        }
    }

    /// <summary>The slice in pieces, each valid until the next; ends early where the body is gone.</summary>
    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        MessageSlice slice, ISpoolReader? reader, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (at, left) = (slice.Offset, slice.Length);
        ReadOnlyMemory<byte> prefix = Encoding.UTF8.GetBytes(slice.Prefix);
        if (at < prefix.Length)
        {
            var piece = prefix.Slice((int)at, (int)Math.Min(left, prefix.Length - at));
            left -= piece.Length;
            at += piece.Length;
            yield return piece;
        }

        var skip = at - prefix.Length;
        while (reader is not null && left > 0)
        {
            var chunk = await reader.ReadAsync(cancellation);
            if (chunk.IsEmpty)
            {
                yield break;
            }

            var skipped = (int)Math.Min(skip, chunk.Length);
            skip -= skipped;
            var piece = chunk.Slice(skipped, (int)Math.Min(left, chunk.Length - skipped));
            left -= piece.Length;
            if (!piece.IsEmpty)
            {
                yield return piece;
            }
        }
    }

    private async Task<EffectAnswer> FindCredentialsAsync(string userName, CancellationToken cancellation)
    {
        var found = await services.Directory.FindCredentialsAsync(userName, cancellation);
        return new EffectAnswer.Credentials(ToLogin(found), found?.Verifier);
    }

    private async Task<EffectAnswer> CheckPasswordAsync(string userName, string password, CancellationToken cancellation) =>
        new EffectAnswer.PasswordChecked(
            ToLogin(await PasswordCheck.RunAsync(services.Directory, userName, password, cancellation)));

    private static LoginAccount? ToLogin(AccountCredentials? found) =>
        found is null ? null : new LoginAccount(found.Account, found.Address.ToString());

    private static Task<EffectAnswer> Read<T>(Task<T> reading, Func<T, EffectAnswer> answer)
    {
        return Guarded(AnswerAsync());

        async Task<EffectAnswer> AnswerAsync() => answer(await reading);
    }

    private static async Task<EffectAnswer> Guarded(Task<EffectAnswer> answering)
    {
        try
        {
            return await answering;
        }
        catch (StorageException)
        {
            return EffectAnswer.StoreFailed.Instance;
        }
    }
}
