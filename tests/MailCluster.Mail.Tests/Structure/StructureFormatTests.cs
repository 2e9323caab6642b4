using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CsCheck;
using MailCluster.Mail.Structure;

namespace MailCluster.Mail.Tests.Structure;

public sealed class StructureFormatTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 0, 20], Gen.Const("Grüße 🐘"), Gen.Const(""));

    private static readonly Gen<string?> Optional =
        Gen.OneOf<string?>(Text.Select(t => (string?)t), Gen.Const((string?)null));

    private static readonly Gen<ImmutableArray<MimeParameter>> Parameters =
        Gen.Select(Text, Text, (n, v) => new MimeParameter(n, v)).Array[0, 3].Select(ImmutableArray.Create);

    private static readonly Gen<ImmutableArray<MessageAddress>> Addresses =
        Gen.Select(Optional, Optional, Optional, Optional, (n, r, m, h) => new MessageAddress(n, r, m, h)).Array[0, 3]
            .Select(ImmutableArray.Create);

    private static readonly Gen<MessageEnvelope> Envelopes =
        Gen.Select(Addresses.Array[6], Optional.Array[4]).Select((a, t) => new MessageEnvelope
        {
            Date = t[0],
            Subject = t[1],
            InReplyTo = t[2],
            MessageId = t[3],
            From = a[0],
            Sender = a[1],
            ReplyTo = a[2],
            To = a[3],
            Cc = a[4],
            Bcc = a[5],
        });

    private static readonly Gen<MessageSortKeys> SortKeys =
        Gen.Select(Text.Array[6], Gen.Bool, Gen.DateTimeOffset.Nullable(), Optional, Text.Array[0, 3]).Select(
            (t, reply, sent, id, references) => new MessageSortKeys
            {
                BaseSubject = t[0],
                FromMailbox = t[1],
                ToMailbox = t[2],
                CcMailbox = t[3],
                DisplayFrom = t[4],
                DisplayTo = t[5],
                IsReplyOrForward = reply,
                SentAt = sent?.ToUniversalTime(),
                MessageId = id,
                References = [.. references],
            });

    private static readonly Gen<MessageStructure> Structures =
        Gen.Select(Gen.Long[0, long.MaxValue / 2], Envelopes, SortKeys, Text, Gen.Bool, Part(3)).Select(
            (size, envelope, keys, preview, attachment, root) => new MessageStructure
            {
                Size = size,
                Envelope = envelope,
                SortKeys = keys,
                Preview = preview,
                HasAttachment = attachment,
                Root = root,
            });

    [Fact]
    public void Any_structure_is_read_back() => Structures.Sample(structure =>
    {
        var read = StructureFormat.Read(StructureFormat.Write(structure));

        Assert.NotNull(read);
        Assert.Equal(Print(structure), Print(read));
    });

    [Fact]
    public async Task Structure_of_a_message_is_read_back()
    {
        var structure = await Messages.ReadAsync(Messages.Nested);

        var read = StructureFormat.Read(StructureFormat.Write(structure));

        Assert.NotNull(read);
        Assert.Equal(Print(structure), Print(read));
    }

    [Fact]
    public async Task Sort_keys_are_read_alone()
    {
        var structure = await Messages.ReadAsync(Messages.Nested);
        var octets = StructureFormat.Write(structure);

        var keys = StructureFormat.ReadSortKeys(octets);

        Assert.NotNull(keys);
        Assert.Equal(Print(structure), Print(structure with { SortKeys = keys }));
        octets[^1] ^= 1;
        Assert.Null(StructureFormat.ReadSortKeys(octets));
        Assert.Null(StructureFormat.ReadSortKeys([]));
    }

    [Fact]
    public async Task Any_damage_means_compute_again()
    {
        var octets = StructureFormat.Write(await Messages.ReadAsync(Messages.Nested));
        for (var i = 0; i < octets.Length; i++)
        {
            Assert.True(StructureFormat.Read(octets.AsSpan(0, i)) is null, $"cut at {i}");
            octets[i] ^= 0x10;
            Assert.True(StructureFormat.Read(octets) is null, $"changed at {i}");
            octets[i] ^= 0x10;
        }

        Assert.NotNull(StructureFormat.Read(octets));
        Assert.Null(StructureFormat.Read([.. octets, 0]));
    }

    [Fact]
    public async Task Damage_that_the_checksum_does_not_see_is_no_exception()
    {
        var octets = StructureFormat.Write(await Messages.ReadAsync(Messages.Nested));
        Gen.Select(Gen.Int[1, octets.Length - 9], Gen.Byte).Sample((at, value) =>
        {
            var damaged = octets[1..^8];
            damaged[at - 1] = value;
            var parser = new StructureParser(damaged);
            parser.Structure();
            parser = new StructureParser(damaged.AsSpan(0, at - 1));
            parser.Structure();
            Assert.False(parser.IsWhole);
        });
    }

    [Fact]
    public async Task Twenty_parts_need_little_room()
    {
        var message = new StringBuilder("From: Ann <ann@example.org>\nTo: bob@example.net, carol@example.net\n" +
            "Subject: some documents\nContent-Type: multipart/mixed; boundary=0123456789abcdef0123456789abcdef\n\n");
        for (var i = 0; i < 20; i++)
        {
            message.Append(CultureInfo.InvariantCulture, $"""
                --0123456789abcdef0123456789abcdef
                Content-Type: application/pdf; name="document {i}.pdf"
                Content-Disposition: attachment; filename="document {i}.pdf"
                Content-Transfer-Encoding: base64

                JVBERi0=

                """);
        }

        var structure = await Messages.ReadAsync(Messages.Crlf(message.ToString()));

        Assert.Equal(20, structure.Root.Children.Length);
        Assert.InRange(StructureFormat.Write(structure).Length, 20, 2500);
    }

    private static Gen<MessagePart> Part(int depth) =>
        Gen.Select(
                Text.Array[3], Optional.Array[5], Parameters, Parameters, Gen.Int[0, 1_000_000].Array[4], Below(depth))
            .Select((t, o, parameters, disposition, n, below) => new MessagePart
            {
                MediaType = t[0],
                MediaSubtype = t[1],
                TransferEncoding = t[2],
                ContentId = o[0],
                Description = o[1],
                Disposition = o[2],
                Location = o[3],
                Md5 = o[4],
                Parameters = parameters,
                DispositionParameters = disposition,
                Languages = [.. t],
                Header = new OctetRange(n[0], n[1]),
                Body = new OctetRange(n[0] + n[1], n[2]),
                Lines = n[3],
                Children = [.. below.Children.Select(c => From(c, n[0]))],
                Embedded = below.Embedded is { } e ? e with { Root = From(e.Root, n[0]) } : null,
            });

    private static Gen<(MessagePart[] Children, EmbeddedMessage? Embedded)> Below(int depth) =>
        depth == 0
            ? Gen.Const((Array.Empty<MessagePart>(), (EmbeddedMessage?)null))
            : Gen.OneOf(
                Part(depth - 1).Array[0, 3].Select(c => (c, (EmbeddedMessage?)null)),
                Gen.Select(Envelopes, Part(depth - 1), (e, r) =>
                    (Array.Empty<MessagePart>(), (EmbeddedMessage?)new EmbeddedMessage(e, r))));

    /// <summary>Parts begin behind the beginning of the one around them.</summary>
    private static MessagePart From(MessagePart part, long start) => part with
    {
        Header = part.Header with { Start = part.Header.Start + start },
        Body = part.Body with { Start = part.Body.Start + start },
        Children = [.. part.Children.Select(c => From(c, start))],
        Embedded = part.Embedded is { } e ? e with { Root = From(e.Root, start) } : null,
    };

    private static string Print(MessageStructure structure) => string.Join('\n', [
        $"{structure.Size} {structure.Preview} {structure.HasAttachment}",
        ImapText.Envelope(structure.Envelope),
        (structure.SortKeys with { References = [] }).ToString().Split("References")[0],
        string.Join(' ', structure.SortKeys.References),
        ImapText.BodyStructure(structure.Root),
        .. Ranges(structure.Root)]);

    private static IEnumerable<string> Ranges(MessagePart part) =>
        part.Children.SelectMany(Ranges)
            .Concat(part.Embedded is { } e ? Ranges(e.Root) : [])
            .Append($"{part.Header} {part.Body} {part.Lines} {part.Description} {part.Md5} {part.TransferEncoding}");
}
