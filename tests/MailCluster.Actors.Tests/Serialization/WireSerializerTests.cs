using System.Runtime.Serialization;
using Akka.Actor;
using CsCheck;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Queue;
using MailCluster.Actors.Serialization;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Serialization;

/// <summary>
/// What travels is read by nodes of the release before and after this one. Samples are kept beside this file, as those of
/// what is stored, and changed as little: a new field gets a new sample, a change that is none gets a new manifest.
/// </summary>
public sealed class WireSerializerTests : IDisposable
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "Serialization", "WireSamples");

    private readonly ActorSystem _system = ActorSystem.Create("serialization");
    private readonly WireSerializer _serializer;

    public WireSerializerTests() => _serializer = new WireSerializer((ExtendedActorSystem)_system);

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var (manifest, name, _) in WireMessages.All)
            {
                cases.Add(manifest, name);
            }

            return cases;
        }
    }

    public static TheoryData<string> SampleFiles =>
        [.. Directory.EnumerateFiles(Samples, "*.bin", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Samples, file)).Order(StringComparer.Ordinal)];

    public void Dispose() => _system.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_read_is_what_was_written(string manifest, string name)
    {
        var message = Find(manifest, name);
        Assert.Equal(manifest, _serializer.Manifest(message));
        var read = _serializer.FromBinary(_serializer.ToBinary(message), manifest);
        Assert.Equal(StoredMessages.Describe(message), StoredMessages.Describe(read));
    }

    [Theory]
    [MemberData(nameof(SampleFiles))]
    public void Every_sample_that_was_ever_kept_is_read(string file)
    {
        var path = Path.Combine(Samples, file);
        var read = _serializer.FromBinary(File.ReadAllBytes(path), Path.GetDirectoryName(file)!);
        Assert.Equal(File.ReadAllText(Path.ChangeExtension(path, "json")), StoredMessages.Describe(read));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_written_today_is_what_the_sample_has(string manifest, string name)
    {
        var message = Find(manifest, name);
        var path = Path.Combine(Samples, manifest, name + ".bin");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, _serializer.ToBinary(message));
            File.WriteAllText(Path.ChangeExtension(path, "json"), StoredMessages.Describe(message));
            Assert.Fail($"There is no sample of {manifest}/{name}: one was written to {path}; look at it and keep it.");
        }

        Assert.Equal(File.ReadAllBytes(path), _serializer.ToBinary(message));
    }

    [Fact]
    public void Every_type_that_travels_has_a_case() =>
        Assert.Empty(WireSerializer.Types.Except(WireMessages.All.Select(m => m.Message.GetType())));

    /// <summary>What goes through a shard region may go to another node.</summary>
    [Fact]
    public void Whatever_names_its_partition_account_or_next_hop_travels()
    {
        // From the partition's actor to its own state.
        Type[] local = [typeof(RecordAttempt), typeof(RecordNotice)];
        Type[] keys = [typeof(IQueueCommand), typeof(IQueueAnswer), typeof(IWithAccount), typeof(IWithNextHop)];
        var keyed = typeof(IQueueCommand).Assembly.GetTypes().Concat(typeof(IWithAccount).Assembly.GetTypes())
            .Where(type => !type.IsInterface && keys.Any(type.IsAssignableTo));
        Assert.Empty(keyed.Except(WireSerializer.Types).Except(local));
    }

    [Fact]
    public void What_does_not_travel_is_refused_by_name()
    {
        var refusal = Assert.Throws<ArgumentException>(() => _serializer.ToBinary(StopPartition.Instance));
        Assert.Contains(nameof(StopPartition), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_of_a_newer_program_is_named()
    {
        var newer = Assert.Throws<SerializationException>(() => _serializer.FromBinary([], "enqueue.2"));
        Assert.Contains("enqueue.2", newer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Damaged_octets_are_read_as_something_or_refused_by_name(string manifest, string name)
    {
        var octets = _serializer.ToBinary(Find(manifest, name));
        Gen.Select(Gen.Double[0, 1], Gen.Byte, Gen.Double[0, 1]).Sample((place, value, end) =>
        {
            var damaged = octets[..(int)(end * octets.Length)];
            if (damaged.Length > 0)
            {
                damaged[(int)(place * (damaged.Length - 1))] = value;
            }

            return IsReadOrRefused(damaged, manifest);
        });
    }

    private bool IsReadOrRefused(byte[] octets, string manifest)
    {
        try
        {
            return _serializer.FromBinary(octets, manifest) is not null;
        }
        catch (SerializationException refused)
        {
            return refused.Message.Contains(manifest, StringComparison.Ordinal);
        }
    }

    private static object Find(string manifest, string name) =>
        WireMessages.All.Single(m => m.Manifest == manifest && m.Case == name).Message;
}
