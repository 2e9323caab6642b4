using System.Net;
using System.Net.Security;
using Akka.Actor;
using Akka.Hosting;
using MailCluster.Actors.Connections;
using MailCluster.Actors.Connections.Compression;
using MailCluster.Actors.Connections.Imap;
using MailCluster.Actors.Connections.Pop3;
using MailCluster.Actors.Connections.Smtp;
using MailCluster.Actors.Queue;
using MailCluster.Imap;
using MailCluster.Mail.Identity;
using MailCluster.Node.Configuration;
using MailCluster.Node.Listeners.Proxy;
using MailCluster.Node.Membership;
using MailCluster.Node.Tls;
using MailCluster.Pop3;
using MailCluster.Smtp.Server;
using MailCluster.Storage;
using MailCluster.Storage.Search;

namespace MailCluster.Node.Listeners;

/// <summary>Makes of each listener of the configuration what serves its connections.</summary>
internal sealed class ListenerBindings(MailClusterOptions options, IServiceProvider services)
{
    /// <summary>Asked by Kestrel when it binds, before the actors run: they are looked up with the first connection.</summary>
    public MailConnectionHandler For(ListenerSection listener)
    {
        var binding = new Lazy<ListenerBinding>(() => listener.Protocol switch
        {
            ListenerProtocol.Pop3 => BindPop3(listener),
            ListenerProtocol.Imap => BindImap(listener),
            _ => BindSmtp(listener),
        });
        var logger = services.GetRequiredService<ILogger<MailConnectionHandler>>();
        var proxies = new ProxyNetworks(listener.ProxyNetworks);
        var time = services.GetRequiredService<TimeProvider>();
        var proxyHeaders = new ProxyHeaderReader(listener.Name, proxies, time, logger);
        return new MailConnectionHandler(proxyHeaders, binding, time, logger);
    }

    private ListenerBinding BindSmtp(ListenerSection listener)
    {
        var smtp = options.Smtp;
        var time = services.GetRequiredService<TimeProvider>();
        var storage = services.GetRequiredService<MailStorage>();
        var local = services.GetRequiredService<LocalPartitions>();
        var shared = new SmtpConnectionServices(
            new SmtpBackend(storage.Directory, storage.Administration, storage.Spool, options.Node.Hostname),
            new PartitionChooser(
                options.Queue.Partitions, Random.Shared.Next(options.Queue.Partitions), time, local),
            local,
            Actor<QueuePartitionActor>(),
            time);
        var timeouts = SmtpConnectionTimeouts.Default with
        {
            Command = smtp.CommandTimeout,
            Content = smtp.DataTimeout,
            Enqueue = smtp.EnqueueTimeout,
        };
        var role = listener.Protocol == ListenerProtocol.Submission ? SmtpRole.Submission : SmtpRole.Relay;
        return Bind(listener, Actor<SmtpConnectionActor>(), transport =>
        {
            var peer = new SmtpPeer(
                transport.RemoteEndPoint.Address, transport.RemoteEndPoint.Port, MayRelay(transport.RemoteEndPoint.Address),
                IsSecure: listener.Tls == ListenerTls.Implicit, SessionId.New());
            var session = new SmtpServerOptions
            {
                Hostname = options.Node.Hostname,
                Role = role,
                MaxMessageSize = smtp.MaxMessageSize,
                MaxRecipients = smtp.MaxRecipients,
                MaxErrors = smtp.MaxErrors,
                MaxTransactions = smtp.MaxTransactions,
                MaxReceivedFields = smtp.MaxReceivedFields,
                TlsAvailable = listener.Tls == ListenerTls.StartTls,
                PlaintextAuthAllowed = smtp.PlaintextAuthOnLoopback && IPAddress.IsLoopback(transport.RemoteEndPoint.Address),
            };
            return SmtpConnectionActor.Props(transport, peer, session, shared, timeouts);
        }, new Refusals(
            $"421 4.3.2 {options.Node.Hostname} too many connections\r\n",
            $"421 4.3.2 {options.Node.Hostname} service not available\r\n"));
    }

    private ListenerBinding BindPop3(ListenerSection listener)
    {
        var pop3 = options.Pop3;
        var storage = services.GetRequiredService<MailStorage>();
        var shared = new Pop3ConnectionServices(
            storage.Directory, storage.Mailboxes, storage.Spool, Actor<Actors.Mailboxes.MailboxActor>(),
            services.GetRequiredService<TimeProvider>(), pop3.IdleTimeout,
            AskTimeout: TimeSpan.FromSeconds(30), AskRetry: TimeSpan.FromSeconds(3));
        return Bind(listener, Actor<Pop3ConnectionActor>(), transport =>
        {
            var peer = new Pop3Peer(
                transport.RemoteEndPoint.Address, transport.RemoteEndPoint.Port,
                IsSecure: listener.Tls == ListenerTls.Implicit, SessionId.New());
            var session = new Pop3Options
            {
                Hostname = options.Node.Hostname,
                TlsAvailable = listener.Tls == ListenerTls.StartTls,
                PlaintextAllowed = pop3.PlaintextLoginOnLoopback && IPAddress.IsLoopback(transport.RemoteEndPoint.Address),
                MaxErrors = pop3.MaxErrors,
                MaxLoginFailures = pop3.MaxLoginFailures,
            };
            return Pop3ConnectionActor.Props(transport, peer, session, shared);
        }, new Refusals("-ERR [SYS/TEMP] too many connections\r\n", "-ERR [SYS/TEMP] service not available\r\n"));
    }

    private ListenerBinding BindImap(ListenerSection listener)
    {
        var imap = options.Imap;
        var shared = ImapServices(options, services);
        return Bind(listener, Actor<ImapConnectionActor>(), transport =>
        {
            var peer = new ImapPeer(
                transport.RemoteEndPoint.Address, transport.RemoteEndPoint.Port,
                IsSecure: listener.Tls == ListenerTls.Implicit, SessionId.New());
            var session = new ImapOptions
            {
                Hostname = options.Node.Hostname,
                TlsAvailable = listener.Tls == ListenerTls.StartTls,
                PlaintextAllowed = imap.PlaintextLoginOnLoopback && IPAddress.IsLoopback(transport.RemoteEndPoint.Address),
                CompressionAvailable = imap.MaxCompressedConnections > 0,
                UnauthenticateAvailable = imap.Unauthenticate,
                MaxMessage = imap.MaxMessageSize,
                MaxErrors = imap.MaxErrors,
                MaxLoginFailures = imap.MaxLoginFailures,
                MaxContexts = imap.MaxContexts,
            };
            return ImapConnectionActor.Props(transport, peer, session, shared);
        }, new Refusals(
            "* BYE [UNAVAILABLE] Too many connections\r\n", "* BYE [UNAVAILABLE] Service not available\r\n"));
    }

    /// <summary>What IMAP needs of a node whose actors have started.</summary>
    public static ImapConnectionServices ImapServices(MailClusterOptions options, IServiceProvider services)
    {
        var storage = services.GetRequiredService<MailStorage>();
        return new ImapConnectionServices(
            storage.Directory, storage.FolderReader,
            new StructureCache(storage.Spool, storage.FolderReader, storage.Folders),
            new TextSearch(storage.Texts, storage.FolderReader, storage.Spool, options.Search.Limits), storage.Spool,
            services.GetRequiredService<IRequiredActor<Actors.Mailboxes.MailboxActor>>().ActorRef, options.Queue.Partitions,
            services.GetRequiredService<TimeProvider>(), options.Imap.IdleTimeout, options.Imap.LoginTimeout,
            AskTimeout: TimeSpan.FromSeconds(30), AskRetry: TimeSpan.FromSeconds(3))
        {
            Compression = services.GetRequiredService<CompressionSlots>(),
        };
    }

    private ListenerBinding Bind(
        ListenerSection listener, IActorRef supervisor, Func<IMailTransport, Props> createActor, Refusals refusals)
    {
        var certificate = services.GetRequiredService<ServerCertificate>();
        Func<SslServerAuthenticationOptions>? tls = listener.Tls == ListenerTls.None ? null : certificate.Current;
        return new ListenerBinding(
            supervisor, createActor, refusals, tls, listener.Tls == ListenerTls.Implicit, options.Tls.HandshakeTimeout,
            services.GetRequiredService<ClusterView>().Joined,
            services.GetRequiredService<ActorSystem>().WhenTerminated);
    }

    private bool MayRelay(IPAddress address)
    {
        foreach (var network in options.Smtp.RelayNetworks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private IActorRef Actor<TKey>() => services.GetRequiredService<IRequiredActor<TKey>>().ActorRef;
}
