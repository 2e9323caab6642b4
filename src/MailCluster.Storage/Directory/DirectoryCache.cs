using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Directory;

/// <summary>
/// Answers of the directory, kept until its version in the database changes, which is looked at once a second, and only
/// when somebody asks. Unknown names are kept as well: guessing them costs the database little. Safe for any number of
/// threads.
/// </summary>
internal sealed class DirectoryCache(Reads<DirectoryQueries> reads, TimeProvider time)
{
    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile DirectoryAnswers? _answers;
    private long _lookedAt;

    // Under the lock: the look that all wait for who come while it lasts.
    private Task<DirectoryAnswers>? _look;

    /// <summary>What is known of the directory as it is now.</summary>
    public ValueTask<DirectoryAnswers> CurrentAsync() =>
        Fresh() is { } answers ? ValueTask.FromResult(answers) : new ValueTask<DirectoryAnswers>(Look());

    /// <summary>This node changed the directory itself, and need not wait for the next look.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _answers = null;
            _look = null;
        }
    }

    private DirectoryAnswers? Fresh() =>
        time.GetElapsedTime(Volatile.Read(ref _lookedAt)) < LooksEvery ? _answers : null;

    private Task<DirectoryAnswers> Look()
    {
        lock (_lock)
        {
            if (Fresh() is { } seen)
            {
                return Task.FromResult(seen); // Another thread looked while this one waited.
            }

            return _look is { IsCompleted: false } look ? look : _look = LookAsync(_answers);
        }
    }

    private async Task<DirectoryAnswers> LookAsync(DirectoryAnswers? answers)
    {
        var now = time.GetTimestamp();
        try
        {
            var version = await reads.ReadAsync(0, static (queries, _) => queries.Version(), CancellationToken.None)
                .ConfigureAwait(false);
            answers = answers is not null && answers.Version == version ? answers : new DirectoryAnswers(version);
        }
        catch (StorageException) when (answers is not null)
        {
            // What was true a second ago is better than refusing all mail; and the next shall not wait as long as this one.
            now = time.GetTimestamp();
        }

        _answers = answers;
        Volatile.Write(ref _lookedAt, now);
        return answers;
    }
}

/// <summary>Answers that are true for one version of the directory.</summary>
internal sealed class DirectoryAnswers(long version)
{
    private const int Capacity = 20_000;

    public long Version => version;

    public RecentCache<DomainName, bool> Domains { get; } = new(Capacity);

    public RecentCache<ForwardPath, Resolution> Resolutions { get; } = new(Capacity);

    public RecentCache<string, AccountCredentials?> Credentials { get; } = new(Capacity);

    public RecentCache<AccountId, AccountInfo?> Accounts { get; } = new(Capacity);
}
