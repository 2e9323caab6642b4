using System.Security.Cryptography;

namespace MailCluster.Node.FirstStart;

/// <summary>
/// Passwords that a person can read from one window and type into another, such as <c>kide-molu-rase-tibo</c>.
/// </summary>
internal static class ReadablePassword
{
    private const string Consonants = "bcdfghjklmnprstvwxyz";
    private const string Vowels = "aeiou";
    private const int Groups = 4;
    private const int SyllablesPerGroup = 2;

    /// <summary>Eight syllables of a hundred each: 53 bits, far beyond guessing over the network.</summary>
    public static string New()
    {
        var groups = new string[Groups];
        for (var i = 0; i < Groups; i++)
        {
            groups[i] = string.Concat(Enumerable.Range(0, SyllablesPerGroup).Select(_ => NewSyllable()));
        }

        return string.Join('-', groups);
    }

    private static string NewSyllable() =>
        RandomNumberGenerator.GetString(Consonants, 1) + RandomNumberGenerator.GetString(Vowels, 1);
}
