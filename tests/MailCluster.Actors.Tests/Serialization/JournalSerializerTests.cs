using System.Runtime.Serialization;
using Akka.Actor;
using CsCheck;
using MailCluster.Actors.Serialization;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Serialization;

/// <summary>
/// What stands in journals and snapshots must be read for ever. Samples are kept beside this file, one folder for each
/// manifest: the octets as they were written, and in words what they say. They are never changed; a new field gets a
/// new sample. A case that has none yet writes one into the output folder and fails: look at it and keep it.
/// </summary>
public sealed class JournalSerializerTests : IDisposable
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "Serialization", "Samples");

    private readonly ActorSystem _system = ActorSystem.Create("serialization");
    private readonly JournalSerializer _serializer;

    public JournalSerializerTests() => _serializer = new JournalSerializer((ExtendedActorSystem)_system);

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var (manifest, name, _) in StoredMessages.All)
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
    public void Every_event_and_the_snapshot_have_a_case()
    {
        var stored = typeof(IQueueEvent).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(IQueueEvent)) && !type.IsInterface)
            .Append(typeof(QueueSnapshot));
        Assert.Empty(stored.Except(StoredMessages.All.Select(m => m.Message.GetType())));
    }

    [Fact]
    public void A_manifest_of_a_newer_program_is_named()
    {
        var newer = Assert.Throws<SerializationException>(() => _serializer.FromBinary([], "queued.2"));
        Assert.Contains("queued.2", newer.Message, StringComparison.Ordinal);
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
        StoredMessages.All.Single(m => m.Manifest == manifest && m.Case == name).Message;
}
