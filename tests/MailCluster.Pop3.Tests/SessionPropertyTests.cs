using System.Text;
using CsCheck;

namespace MailCluster.Pop3.Tests;

/// <summary>Hostile input: never an exception, no memory without bound, no message removed by mistake.</summary>
public sealed class SessionPropertyTests
{
    /// <summary>Of <see cref="Pop3Options.MaxAuthenticationLine"/>: more than a line is never kept.</summary>
    private const int MaxPending = 12_288;

    /// <summary>What clients say in the dialogues, and what tests/corpus has of worse.</summary>
    private static readonly byte[][] Seeds = [.. Dialogues(), .. Files("Corpus").Select(File.ReadAllBytes)];

    private static readonly Gen<byte[]> Mutated = Gen.Select(
        Gen.Int[0, Seeds.Length - 1], Gen.Select(Gen.Double[0, 1], Gen.Byte, Gen.Int[0, 2]).Array[1, 20], Mutate);

    [Fact]
    public void Random_octets_never_throw() => Gen.Byte.Array[0, 4000].Sample(octets => IsSound(octets));

    [Fact]
    public void Mutated_seeds_never_throw() => Mutated.Sample(octets => IsSound(octets));

    [Fact]
    public void Every_prefix_of_every_seed_leaves_a_sound_session()
    {
        const int MaxPrefixes = 300;
        foreach (var seed in Seeds)
        {
            for (var length = 0; length <= seed.Length; length += 1 + (seed.Length / MaxPrefixes))
            {
                Assert.True(IsSound(seed[..length]));
            }
        }
    }

    /// <summary>Without STLS, behind which it does matter what came together.</summary>
    [Fact]
    public void Seeds_are_answered_the_same_wherever_they_are_split()
    {
        const int MaxSplits = 200;
        foreach (var seed in Seeds)
        {
            var whole = Play(seed);
            for (var at = 1; at < seed.Length; at += 1 + (seed.Length / MaxSplits))
            {
                AssertSame(whole, Play(seed[..at], seed[at..]));
            }
        }
    }

    [Fact]
    public void Mutated_seeds_are_answered_the_same_however_they_come() =>
        Gen.Select(Mutated, Gen.Int[1, 50]).Sample((octets, length) =>
            AssertSame(Play(octets), Play([.. octets.Chunk(Math.Max(length, octets.Length / 500))])));

    /// <summary>RFC 1939 §6: a session that ends in any other way removes nothing.</summary>
    [Fact]
    public void Nothing_is_removed_without_quit() => Mutated.Sample(octets =>
    {
        var hasQuit = Encoding.Latin1.GetString(octets).Contains("QUIT", StringComparison.OrdinalIgnoreCase);
        return hasQuit || Play(octets).Expunged.Count == 0;
    });

    private static IEnumerable<byte[]> Dialogues() => Files("Dialogs").Select(file => Encoding.UTF8.GetBytes(
        string.Concat(File.ReadLines(file).Where(IsSaid).Select(line => line[3..] + "\r\n"))));

    private static bool IsSaid(string line) => line.StartsWith("C: ", StringComparison.Ordinal);

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.txt").Order();

    private static byte[] Mutate(int seed, (double Place, byte Value, int Kind)[] changes)
    {
        var octets = Seeds[seed].ToList();
        foreach (var (place, value, kind) in changes)
        {
            var at = (int)(place * (octets.Count - 1));
            switch (kind)
            {
                case 0:
                    octets[at] = value;
                    break;
                case 1:
                    octets.Insert(at, octets[at]);
                    break;
                default:
                    octets.RemoveRange(at, Math.Min(octets.Count - 1, 1));
                    break;
            }
        }

        return [.. octets];
    }

    private static ScriptedHost Play(params byte[][] pieces)
    {
        var host = new ScriptedHost(tls: false);
        foreach (var piece in pieces)
        {
            host.Feed(piece);
        }

        return host;
    }

    private static void AssertSame(ScriptedHost one, ScriptedHost other)
    {
        Assert.Equal(WithoutNonce(one.Replies), WithoutNonce(other.Replies));
        Assert.Equal(one.IsClosed, other.IsClosed);
        Assert.Equal(one.Expunged, other.Expunged);
    }

    /// <summary>Challenges are new each time, as they have to be.</summary>
    private static string WithoutNonce(string replies) => string.Join('\n', replies.Split("\r\n").Select(line =>
        line.StartsWith("+ ", StringComparison.Ordinal) ? "+ challenge" : line));

    private static bool IsSound(byte[] octets)
    {
        var host = new ScriptedHost();
        host.Feed(octets);
        return host.IsClosed || host.PendingLength <= MaxPending;
    }
}
