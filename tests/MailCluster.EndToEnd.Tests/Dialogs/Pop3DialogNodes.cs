using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Sasl;
using MailCluster.Node.FirstStart;
using MailCluster.Node.Tests.Fakes;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Sqlite;

namespace MailCluster.EndToEnd.Tests.Dialogs;

/// <summary>
/// Two nodes whose bob has the three messages of the dialogues: one takes passwords without TLS, the other does not.
/// </summary>
public sealed class Pop3DialogNodes : IAsyncLifetime, IDisposable
{
    /// <summary>As ScriptedHost in MailCluster.Pop3.Tests has them.</summary>
    private static readonly string[] Messages =
    [
        "Subject: one\r\n\r\nbody of one\r\n",
        "Subject: two\r\n\r\n.dot\r\n..dots\r\nlast",
        "Subject: three\r\n\r\nline 1\r\nline 2\r\nline 3\r\n",
    ];

    private readonly TemporaryFolder _plaintextFolder = new();
    private readonly TemporaryFolder _tlsFolder = new();
    private LiveNode? _plaintext;
    private LiveNode? _tls;

    public async Task InitializeAsync()
    {
        await Task.WhenAll(FillAsync(_plaintextFolder.Path), FillAsync(_tlsFolder.Path));
        _plaintext = await LiveNode.StartOnAsync(_plaintextFolder.Path);
        _tls = await LiveNode.StartOnAsync(_tlsFolder.Path, "Pop3:PlaintextLoginOnLoopback=false");
    }

    public async Task DisposeAsync()
    {
        await _plaintext!.DisposeAsync();
        await _tls!.DisposeAsync();
    }

    public void Dispose()
    {
        _plaintextFolder.Dispose();
        _tlsFolder.Dispose();
    }

    internal Task<LineClient> ConnectAsync(bool plaintext) =>
        LineClient.ConnectAsync((plaintext ? _plaintext : _tls)!["pop3"]);

    private static async Task FillAsync(string folder)
    {
        await using var storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions(folder), TimeProvider.System);
        var bob = new MailAddress("bob", ExampleDomain.Name);
        await storage.Administration.AddDomainAsync(ExampleDomain.Name, CancellationToken.None);
        var account = await storage.Administration.AddAccountAsync(
            bob, ScramVerifier.Create("secret"), null, CancellationToken.None);
        foreach (var message in Messages)
        {
            var octets = Encoding.ASCII.GetBytes(message);
            var id = QueueId.New(0, TimeProvider.System.GetUtcNow());
            await using var writer = storage.Spool.Create(id.Body);
            await writer.WriteAsync(octets, CancellationToken.None);
            await writer.CommitAsync(CancellationToken.None);
            var copy = new IncomingCopy(id, new ForwardPath(bob), "", id.Body, octets.Length, id.CreatedAt);
            var stored = await storage.Mailboxes.StoreAsync(account, [copy], CancellationToken.None);
            Assert.Equal(StoreOutcome.Stored, Assert.Single(stored));
        }
    }
}
