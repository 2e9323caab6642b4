namespace MailCluster.Node.Commands;

/// <summary>A command cannot be carried out; the message says why, for the operator.</summary>
internal sealed class CommandRefusedException(string message) : Exception(message);
