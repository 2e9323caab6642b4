using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Exceptions;
using k8s.Models;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Membership.Lease;

/// <summary>
/// The Lease in the API server: get, create and update, the three rights that k8s/base/service-account.yaml gives.
/// </summary>
internal sealed class KubernetesLeaseStore(ICoordinationV1Operations leases, string name, string inNamespace) : ILeaseStore
{
    /// <exception cref="ConfigurationException">The node does not run in a pod with a service account.</exception>
    public static KubernetesLeaseStore InCluster(ClusterSection cluster)
    {
        try
        {
            var configuration = KubernetesClientConfiguration.InClusterConfig();
            var client = new Kubernetes(configuration);
            return new KubernetesLeaseStore(
                client.CoordinationV1, cluster.Lease, cluster.LeaseNamespace ?? configuration.Namespace);
        }
        catch (Exception outside) when (outside is KubeConfigException or IOException)
        {
            throw ConfigurationException.Of(
                "Cluster:SplitBrain", "lease", "majority outside Kubernetes: there is no service account to ask with");
        }
    }

    public Task<LeaseAnswer> ReadAsync(CancellationToken cancellation) => AskAsync(
        async () => new LeaseAnswer.Found(
            ToRecord(await leases.ReadNamespacedLeaseAsync(name, inNamespace, cancellationToken: cancellation))),
        onNotFound: new LeaseAnswer.Missing());

    public Task<LeaseAnswer> WriteAsync(LeaseRecord record, CancellationToken cancellation) => AskAsync(
        async () => new LeaseAnswer.Written(record with
        {
            Version = (record.Version is null
                ? await leases.CreateNamespacedLeaseAsync(ToLease(record), inNamespace, cancellationToken: cancellation)
                : await leases.ReplaceNamespacedLeaseAsync(
                    ToLease(record), name, inNamespace, cancellationToken: cancellation)).Metadata.ResourceVersion,
        }),
        onNotFound: new LeaseAnswer.Conflict()); // deleted behind the read

    private static async Task<LeaseAnswer> AskAsync(Func<Task<LeaseAnswer>> ask, LeaseAnswer onNotFound)
    {
        try
        {
            return await ask();
        }
        catch (HttpOperationException refused)
        {
            // Only the code: bodies of an API server may repeat what it was sent.
            return refused.Response.StatusCode switch
            {
                HttpStatusCode.Conflict => new LeaseAnswer.Conflict(),
                HttpStatusCode.NotFound => onNotFound,
                var code => new LeaseAnswer.Failed($"the API server answers {(int)code}"),
            };
        }
        catch (OperationCanceledException)
        {
            return new LeaseAnswer.Failed("the API server does not answer in time");
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException)
        {
            return new LeaseAnswer.Failed($"the API server cannot be reached: {trouble.Message}");
        }
    }

    private static LeaseRecord ToRecord(V1Lease lease) => new(
        lease.Spec?.HolderIdentity,
        lease.Spec?.RenewTime is { } renewed ? new DateTimeOffset(renewed.ToUniversalTime()) : DateTimeOffset.UnixEpoch,
        TimeSpan.FromSeconds(lease.Spec?.LeaseDurationSeconds ?? 0),
        lease.Spec?.LeaseTransitions ?? 0,
        lease.Metadata.ResourceVersion);

    private V1Lease ToLease(LeaseRecord record) => new()
    {
        ApiVersion = $"{V1Lease.KubeGroup}/{V1Lease.KubeApiVersion}",
        Kind = V1Lease.KubeKind,
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = inNamespace,
            ResourceVersion = record.Version,
        },
        Spec = new V1LeaseSpec
        {
            HolderIdentity = record.Holder,
            RenewTime = record.RenewedAt.UtcDateTime,
            LeaseDurationSeconds = (int)Math.Ceiling(record.Duration.TotalSeconds),
            LeaseTransitions = record.Transitions,
        },
    };
}
