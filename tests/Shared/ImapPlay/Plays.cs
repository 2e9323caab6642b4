using CsCheck;

namespace MailCluster.ImapPlay;

/// <summary>Random plays.</summary>
internal static class Plays
{
    private static readonly Gen<Deed> Deeds = Gen.Select(
        Gen.Int[0, 2], Of(Enum.GetValues<Verb>()), Gen.Int[0, 2_000], Gen.Int[0, 2_000], Gen.Int[0, 12],
        (client, verb, a, b, steps) => new Deed(client, verb, a, b, steps));

    /// <summary>The clients, what they do, and what chance decides by.</summary>
    public static readonly Gen<(ClientKind[] Kinds, Deed[] Deeds, int Seed)> All = Gen.Select(
        Of(Enum.GetValues<ClientKind>()).Array[2, 3], Deeds.Array[1, 40], Gen.Int[0, 1_000_000]);

    /// <summary>As a failure shows it.</summary>
    public static string Print((ClientKind[] Kinds, Deed[] Deeds, int Seed) play) =>
        $"{string.Join(' ', play.Kinds)}, {play.Seed}:\n{string.Join('\n', play.Deeds)}";

    private static Gen<T> Of<T>(T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
