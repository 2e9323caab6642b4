using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;

namespace MailCluster.Queue;

/// <summary>What a partition says to a command, once all that follows from it is durable.</summary>
public interface IQueueAnswer : IWithQueueId;

/// <summary>The queue owns the message.</summary>
public sealed record MessageAccepted(QueueId QueueId) : IQueueAnswer;

/// <summary>The queue owned it before: the question was asked twice.</summary>
public sealed record MessageAlreadyQueued(QueueId QueueId) : IQueueAnswer;

/// <summary>The queue does not take it; the reply is for the client.</summary>
public sealed record MessageRejected(QueueId QueueId, Reply Reply) : IQueueAnswer;

/// <summary>There is no such entry.</summary>
public sealed record NoSuchMessage(QueueId QueueId) : IQueueAnswer;

/// <summary>It is done.</summary>
public sealed record CommandDone(QueueId QueueId) : IQueueAnswer;
