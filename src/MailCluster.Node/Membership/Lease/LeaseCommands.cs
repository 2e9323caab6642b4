using Akka.Actor;

namespace MailCluster.Node.Membership.Lease;

/// <summary>From <see cref="KubernetesLease"/>, which the split brain resolver asks. True where this node holds it.</summary>
internal sealed record AcquireLease(TaskCompletionSource<bool> Done, Action<Exception?>? OnLost)
    : INoSerializationVerificationNeeded;

/// <summary>From <see cref="KubernetesLease"/>. True where this node no longer holds it.</summary>
internal sealed record ReleaseLease(TaskCompletionSource<bool> Done) : INoSerializationVerificationNeeded;
