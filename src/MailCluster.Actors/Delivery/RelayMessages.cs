using System.Collections.Immutable;
using MailCluster.Mail.Replies;
using MailCluster.Queue;

namespace MailCluster.Actors.Delivery;

/// <summary>From the Destination to an idle connection: try this; answered with AttemptFinished or AttemptReturned.</summary>
internal sealed record StartTransaction(AttemptDelivery Attempt);

/// <summary>From a connection: greeted and free for an attempt; again after each one.</summary>
internal sealed record RelayReady(RelayHost Host);

/// <summary>From a connection: the outcome of the attempt that it was given.</summary>
internal sealed record AttemptFinished(AttemptDelivery Attempt, ImmutableArray<RecipientOutcome> Outcomes);

/// <summary>From a connection that was about to leave: the attempt was not begun.</summary>
internal sealed record AttemptReturned(AttemptDelivery Attempt);

/// <summary>From a connection, last: it is over.</summary>
/// <param name="WasReady">False where the host never came to take mail: connection, greeting, TLS or login failed.</param>
/// <param name="Quitting">It was our wish.</param>
/// <param name="TlsFailed">The handshake failed: worth another try without TLS, where that is allowed.</param>
internal sealed record RelayEnded(RelayHost Host, bool WasReady, bool Quitting, bool TlsFailed, Reply Reply);
