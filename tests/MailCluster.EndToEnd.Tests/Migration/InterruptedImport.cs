using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Mailboxes;
using MailCluster.Node.Commands;
using MailCluster.Node.Configuration;
using MailCluster.Node.Migration;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Migration;

/// <summary>An import that ends anywhere and is run again brings nothing twice and misses nothing.</summary>
public sealed class InterruptedImport : IDisposable
{
    private const int Messages = 60;

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Wherever_it_ends_the_next_run_goes_on()
    {
        await using var node = await LiveNode.StartOnAsync(_data.Path);
        var random = new Random(4);
        var ends = 0;
        for (var isDone = false; !isDone;)
        {
            using var end = new CancellationTokenSource();
            var source = new EndingSource(random.Next(1, 20), end);
            isDone = await RunAsync(node, source, end.Token);
            ends++;
        }

        Assert.True(ends > 2, $"{ends}");
        await AssertAllAreThereAsync(node);
    }

    /// <summary>Its answers are lost, not what it has stored; and what it has not stored was not answered.</summary>
    [Fact]
    public async Task The_node_may_end_as_well()
    {
        for (var isDone = false; !isDone;)
        {
            var node = await LiveNode.StartOnAsync(_data.Path);
            var stopping = Task.CompletedTask;
            var source = new EndingSource(25, null) { OnEnd = () => stopping = node.StopAsync() };
            isDone = await RunAsync(node, source, CancellationToken.None);
            await stopping;
            await node.DisposeAsync();
        }

        await using var last = await LiveNode.StartOnAsync(_data.Path);
        await AssertAllAreThereAsync(last);
    }

    [Fact]
    public async Task Several_runs_at_the_same_time_bring_each_message_once()
    {
        await using var node = await LiveNode.StartOnAsync(_data.Path);
        var runs = Enumerable.Range(0, 4).Select(_ => RunAsync(node, new EndingSource(int.MaxValue, null), CancellationToken.None));
        Assert.All(await Task.WhenAll(runs), Assert.True);
        var found = await node.ReadFolderAsync("bob", "INBOX");
        Assert.Equal(Messages, found.Select(message => message.Octets).Distinct().Count());
        Assert.Equal(Messages, found.Count);
    }

    private async Task<bool> RunAsync(LiveNode node, IMailSource source, CancellationToken cancellation)
    {
        var options = LoadedConfiguration.Load(new ConfigurationSources
        {
            DataFolder = _data.Path,
            Assignments = [$"Http:Port={node["http"].Port.ToString(CultureInfo.InvariantCulture)}"],
        }).Options;
        using var client = new QueueClient(options);
        var terminal = new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, null, new Dictionary<string, string>());
        var progress = new ProgressView(terminal, TimeProvider.System);
        var report = new MigrationReport("IMPORTED", terminal, progress);
        var target = new MailboxClient(client, MailAddress.Parse("bob@hamburger.edu"));
        try
        {
            await new ImportRun(source, target, report, progress).RunAsync([], cancellation);
            return report.IsComplete;
        }
        catch (Exception ended) when (ended is OperationCanceledException or CommandRefusedException)
        {
            return false;
        }
    }

    private static async Task AssertAllAreThereAsync(LiveNode node)
    {
        var found = await node.ReadFolderAsync("bob", "INBOX");
        Assert.Equal(
            Enumerable.Range(0, Messages).Select(EndingSource.Octets), found.Select(message => message.Octets));
    }

    /// <summary>Ends in the middle of the octets of a message, or behind them, while the node stores it.</summary>
    private sealed class EndingSource(int sentBeforeEnd, CancellationTokenSource? end) : IMailSource
    {
        private int _sent;

        public Action? OnEnd { get; init; }

        public static string Octets(int number) => $"Subject: {number}\r\n\r\n{new string('x', 5000)}\r\n";

        public Task<IReadOnlyList<SourceFolder>> ListFoldersAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<SourceFolder>>([new SourceFolder("all", FolderName.Inbox)]);

        public async IAsyncEnumerable<SourceMessage> ReadAsync(
            SourceFolder folder, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.Yield();
            for (var number = 0; number < Messages; number++)
            {
                var octets = Octets(number);
                yield return new SourceMessage.Readable(
                    octets[..20], ImportKey.Of(octets), "()", null, 0, (target, token) => WriteAsync(octets, target, token));
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async Task WriteAsync(string octets, Stream target, CancellationToken cancellation)
        {
            var isLast = ++_sent == sentBeforeEnd;
            await target.WriteAsync(Encoding.Latin1.GetBytes(octets[..2000]), cancellation);
            if (isLast && sentBeforeEnd % 2 == 0)
            {
                await EndAsync();
            }

            await target.WriteAsync(Encoding.Latin1.GetBytes(octets[2000..]), cancellation);
            if (isLast)
            {
                await EndAsync();
            }
        }

        private async Task EndAsync()
        {
            OnEnd?.Invoke();
            await (end?.CancelAsync() ?? Task.CompletedTask);
        }
    }
}
