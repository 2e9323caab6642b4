using System.IO.Pipelines;
using System.Text;
using MailCluster.Actors.Connections.Imap;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Identity;
using MailCluster.Storage;

namespace MailCluster.Actors.Tests.Connections.Imap;

/// <summary>Sections on their way from the store: decoded, cut, and copied into the spool.</summary>
public sealed class ImapBackendTests
{
    private static readonly BodyId Body = new((UInt128)1);

    private readonly MemorySpool _spool = new();
    private readonly ImapBackend _backend;

    public ImapBackendTests() => _backend = new ImapBackend(new ImapConnectionServices(
        null!, null!, null!, null!, _spool, null!, 4, TimeProvider.System, default, default, default, default));

    [Fact]
    public async Task Decoded_section_is_measured_and_sent_in_ranges()
    {
        var octets = Enumerable.Range(0, 100_000).Select(i => (byte)(1 + (i % 255))).ToArray();
        var section = Put(octets);
        Assert.Equal(new EffectAnswer.Measured(100_000, HasNul: false), await MeasureAsync(section));
        Assert.Equal(octets, await SendAsync(section, 0, 100_000));
        Assert.Equal(octets[50_000..60_000], await SendAsync(section, 50_000, 10_000));
        Assert.Empty((await SendAsync(section, 100_000, 0))!);
    }

    [Fact]
    public async Task Nul_is_found_wherever_it_is()
    {
        var octets = new byte[100_000];
        Array.Fill(octets, (byte)'x');
        octets[^1] = 0;
        Assert.Equal(new EffectAnswer.Measured(100_000, HasNul: true), await MeasureAsync(Put(octets)));
    }

    [Fact]
    public async Task Body_that_is_gone_is_a_failure_and_no_empty_section()
    {
        var section = Put([1, 2, 3]);
        _spool.Bodies.Clear();
        Assert.Equal(EffectAnswer.StoreFailed.Instance, await MeasureAsync(section));
        Assert.Null(await SendAsync(section, 0, 3));
        await using var spooler = new BodySpooler(_spool, 4, TimeProvider.System);
        spooler.Begin();
        Assert.Equal(
            EffectAnswer.StoreFailed.Instance, await _backend.CopyAsync(section.Slice, spooler, () => { }, default));
    }

    [Fact]
    public async Task Store_that_fails_in_the_middle_is_told()
    {
        var section = Put(new byte[10_000]);
        _spool.FailReads = new StorageException("disk", new IOException());
        Assert.Equal(EffectAnswer.StoreFailed.Instance, await MeasureAsync(section));
        Assert.Null(await SendAsync(section, 0, 10_000));
    }

    [Fact]
    public async Task Stored_octets_are_copied_into_the_spool_with_what_stands_around_them()
    {
        _spool.Put(Body, "Subject: x\r\n\r\nGr\u00FC\u00DFe");
        await using var spooler = new BodySpooler(_spool, 4, TimeProvider.System);
        spooler.Begin();
        await spooler.WriteAsync(new("To: bob\r\n"u8.ToArray()), default);
        var slice = new MessageSlice(Body, "X: y\r\n", 2, 18);
        Assert.Equal(EffectAnswer.Done.Instance, await _backend.CopyAsync(slice, spooler, () => { }, default));
        var stored = Assert.IsType<EffectAnswer.BodyStored>(await spooler.EndAsync(default));
        Assert.Equal("To: bob\r\n y\r\nSubject: x\r\n\r\n", Encoding.UTF8.GetString(_spool.Bodies[stored.Body]));
        Assert.False(stored.HasEightBitHeader);
    }

    [Fact]
    public async Task Header_beyond_ascii_is_noted_in_what_is_copied_too()
    {
        _spool.Put(Body, "Subject: Gr\u00FC\u00DFe\r\n\r\n");
        await using var spooler = new BodySpooler(_spool, 4, TimeProvider.System);
        spooler.Begin();
        await _backend.CopyAsync(new MessageSlice(Body, "", 0, 20), spooler, () => { }, default);
        Assert.True(Assert.IsType<EffectAnswer.BodyStored>(await spooler.EndAsync(default)).HasEightBitHeader);
    }

    private EncodedSlice Put(byte[] octets)
    {
        var encoded = Convert.ToBase64String(octets, Base64FormattingOptions.InsertLineBreaks);
        _spool.Put(Body, encoded);
        return new EncodedSlice(new MessageSlice(Body, "", 0, encoded.Length), "base64", IsText: false);
    }

    private Task<EffectAnswer> MeasureAsync(EncodedSlice section) =>
        _backend.Answer(new SessionEffect.MeasureDecoded(section), default, default)!;

    /// <summary>Null where it did not go out whole.</summary>
    private async Task<byte[]?> SendAsync(EncodedSlice section, long first, long count)
    {
        using var sent = new MemoryStream();
        var output = PipeWriter.Create(sent, new StreamPipeWriterOptions(leaveOpen: true));
        var whole = await _backend.SendDecodedAsync(
            new SessionEffect.SendDecoded(section, first, count), output, () => { }, default);
        await output.CompleteAsync();
        return whole ? sent.ToArray() : null;
    }
}
