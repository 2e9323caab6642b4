using Akka.Actor;
using MailCluster.Storage.Directory;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Connections.Pop3;

/// <summary>What all POP3 connections of a node share.</summary>
/// <param name="MailboxRegion">Takes messages for Mailbox actors.</param>
/// <param name="IdleTimeout">RFC 1939 §3: at least 10 minutes.</param>
/// <param name="AskTimeout">How long a Mailbox is asked, over a fail-over.</param>
/// <param name="AskRetry">Between two questions to the Mailbox.</param>
public sealed record Pop3ConnectionServices(
    IDirectory Directory, IMailboxStore Mailboxes, ISpool Spool, IActorRef MailboxRegion, TimeProvider Time,
    TimeSpan IdleTimeout, TimeSpan AskTimeout, TimeSpan AskRetry);
