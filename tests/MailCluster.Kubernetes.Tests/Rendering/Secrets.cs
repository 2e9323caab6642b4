using System.Text.RegularExpressions;
using k8s.Models;

namespace MailCluster.Kubernetes.Tests.Rendering;

/// <summary>
/// Which keys a Secret has: one of the overlay, or one that k8s/README.md tells the operator to make.
/// </summary>
internal static partial class Secrets
{
    public static string[] KeysOf(Overlay overlay, string name) =>
        overlay.All<V1Secret>().FirstOrDefault(secret => secret.Metadata.Name == name) is { } own
            ? [.. own.Data.Keys]
            : OfReadme(name);

    // A row such as: | `mailcluster-tls` | `tls.crt`, `tls.key` | what it is |
    private static string[] OfReadme(string name) =>
    [
        .. Row().Matches(Checkout.Text("k8s", "README.md"))
            .Where(row => row.Groups["name"].Value == name)
            .SelectMany(row => row.Groups["keys"].Value.Split(','))
            .Select(key => key.Trim().Trim('`')),
    ];

    [GeneratedRegex(@"^ *\| `(?<name>[a-z-]+)` \| (?<keys>`[^|]+`) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
