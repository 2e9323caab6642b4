using MailCluster.Mail.Sasl;
using MailCluster.Storage.Directory;

namespace MailCluster.Actors.Connections;

/// <summary>Checks a password against the account's verifier, away from the caller's thread.</summary>
internal static class PasswordCheck
{
    /// <summary>
    /// The account, or null where name or password is wrong. An unknown name costs the same derivation as a known one,
    /// so that time tells nobody which names exist.
    /// </summary>
    public static async Task<AccountCredentials?> RunAsync(
        IDirectory directory, string userName, string password, CancellationToken cancellation)
    {
        var found = await directory.FindCredentialsAsync(userName, cancellation);
        var verifier = found?.Verifier ?? ScramVerifier.Decoy(userName);
        var matches = await Task.Run(() => verifier.Matches(password), cancellation);
        return matches ? found : null;
    }
}
