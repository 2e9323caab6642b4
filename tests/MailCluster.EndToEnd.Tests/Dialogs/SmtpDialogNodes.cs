using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Smtp.Server;
using MailCluster.Smtp.Tests.Server;

namespace MailCluster.EndToEnd.Tests.Dialogs;

/// <summary>
/// A node for every set of options that the dialogues ask for, started with the first of them: most of them share one.
/// Used by one test at a time.
/// </summary>
public sealed class SmtpDialogNodes : IAsyncLifetime
{
    private readonly Dictionary<SmtpServerOptions, LiveNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() =>
        await Task.WhenAll(_nodes.Values.Select(node => node.DisposeAsync().AsTask()));

    /// <summary>Greeted by the listener that the dialogue is for; the greeting is still to be read.</summary>
    internal async Task<LineClient> ConnectAsync(Dialog dialog)
    {
        var kind = dialog.Options with { Role = SmtpRole.Relay, TlsAvailable = true }; // one node has all listeners
        if (!_nodes.TryGetValue(kind, out var node))
        {
            _nodes[kind] = node = await StartAsync(kind);
        }

        var listener = (dialog.Options.Role, dialog.Secure) switch
        {
            (SmtpRole.Submission, true) => "submissions",
            (SmtpRole.Submission, false) => "submission",
            (_, true) => "smtps",
            _ => "smtp",
        };
        return await LineClient.ConnectAsync(node[listener], dialog.Secure);
    }

    /// <summary>Limits that are too low for any operator are set past the configuration.</summary>
    private static Task<LiveNode> StartAsync(SmtpServerOptions kind) => LiveNode.StartWithAsync(
        options => options with
        {
            Node = options.Node with { Hostname = kind.Hostname },
            Smtp = options.Smtp with
            {
                MaxErrors = kind.MaxErrors,
                MaxMessageSize = kind.MaxMessageSize,
                MaxRecipients = kind.MaxRecipients,
                MaxTransactions = kind.MaxTransactions,
                MaxReceivedFields = kind.MaxReceivedFields,
                PlaintextAuthOnLoopback = kind.PlaintextAuthAllowed,
            },
        },
        "Listeners:smtps:Protocol=smtp", "Listeners:smtps:Port=0", "Listeners:smtps:Tls=implicit");
}
