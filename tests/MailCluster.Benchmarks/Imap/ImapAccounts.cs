using System.Globalization;

namespace MailCluster.Benchmarks.Imap;

/// <summary>Who logs in: the same users with the same password in both servers.</summary>
internal static class ImapAccounts
{
    public const int Count = 10;

    public const string Domain = "hamburger.edu";

    /// <summary>Octets that need no quoting in IMAP.</summary>
    public const string Password = "correct-horse-battery";

    public static IEnumerable<string> All => Enumerable.Range(0, Count).Select(Of);

    public static string Of(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"reader{number % Count}@{Domain}");
}
