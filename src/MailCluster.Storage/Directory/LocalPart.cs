namespace MailCluster.Storage.Directory;

/// <summary>
/// Local-parts of our own domains are compared without regard to case, as every user expects: RFC 5321 §2.4 leaves
/// their meaning to the host that they belong to. They are stored in lower case.
/// </summary>
internal static class LocalPart
{
    /// <summary>The local-part of a catch-all in the table of aliases.</summary>
    public const string CatchAll = "*";

    /// <summary>What stands between a user and a detail (RFC 5233 §1).</summary>
    public const char DetailSeparator = '+';

    public static string Normalize(string localPart) => localPart.ToLowerInvariant();

    /// <summary>Addresses that work in every domain (RFC 5321 §4.5.1, RFC 2142 §2).</summary>
    public static bool IsRole(string normalized) => normalized is "postmaster" or "abuse";
}
