namespace MailCluster.Smtp.Tests.Client;

/// <summary>Every dialogue, whole and cut: how the server's octets come must never change what is made of them.</summary>
public sealed class ClientDialogTests
{
    private const int RandomRuns = 20;

    public static TheoryData<string> Names => ClientDialog.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_client_does_as_written(string name) => ClientDialog.Run(name, octets => [octets]);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_client_does_the_same_octet_by_octet(string name) =>
        ClientDialog.Run(name, octets => octets.Chunk(1));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_client_does_the_same_in_random_pieces(string name)
    {
        var random = new Random(name.Length);
        for (var i = 0; i < RandomRuns; i++)
        {
            ClientDialog.Run(name, octets => Cut(octets, random));
        }
    }

    private static IEnumerable<byte[]> Cut(byte[] octets, Random random)
    {
        for (var start = 0; start < octets.Length;)
        {
            var length = Math.Min(octets.Length - start, random.Next(1, 40));
            yield return octets[start..(start + length)];
            start += length;
        }
    }
}
