using System.Text;
using MailCluster.Mail.Mailboxes;
using MailCluster.Node.Commands;
using MailCluster.Node.Migration.Mbox;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Migration;

public sealed class MboxSourceTests : IDisposable
{
    private const string From = "From alice@crepes.fr Mon Feb  5 10:20:30 2024\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Messages_begin_at_from_lines_behind_an_empty_line()
    {
        var read = await ReadAsync(
            From + "Subject: one\n\nbody\nFrom here on\n\nFrom there on\n" + From + "no empty line before\n\n"
            + From + "Subject: two\n\n\n"
            + From + "Subject: three\n\nno line end");
        Assert.Equal(
            [
                "Subject: one\n\nbody\nFrom here on\n\nFrom there on\n" + From + "no empty line before\n",
                "Subject: two\n\n",
                "Subject: three\n\nno line end",
            ],
            read.Select(message => message.Octets));
        Assert.All(read, message => Assert.Equal(new DateTimeOffset(2024, 2, 5, 10, 20, 30, TimeSpan.Zero), message.Date));
    }

    [Theory]
    [InlineData(MboxQuoting.Mboxrd, ">From x\n>>From y\n> From\n>Fro\n", "From x\n>From y\n> From\n>Fro\n")]
    [InlineData(MboxQuoting.Mboxo, ">From x\n>>From y\n> From\n>Fro\n", "From x\n>>From y\n> From\n>Fro\n")]
    internal async Task Lines_are_unquoted_as_they_were_quoted(MboxQuoting quoting, string quoted, string plain) =>
        Assert.Equal("A: b\n\n" + plain, Assert.Single(await ReadAsync(From + "A: b\n\n" + quoted, quoting)).Octets);

    [Fact]
    public async Task Flags_come_from_fields_that_do_not_belong_to_the_message()
    {
        var message = Assert.Single(await ReadAsync(
            From + "Status: RO\nSubject: a\n folded\nX-Status: AF\nX-Keywords: Project,\n $Junk not(one)\nX-UID: 7\n"
            + "Content-Length: 5\nX-Other: kept\n\nStatus: body\n"));
        Assert.Equal("Subject: a\n folded\nX-Other: kept\n\nStatus: body\n", message.Octets);
        Assert.Equal(@"(\Answered \Flagged \Seen $Junk Project)", message.Flags);
    }

    [Fact]
    public async Task Octets_of_any_kind_and_lines_of_any_length_pass()
    {
        var line = new string('x', LineReader.MaxPiece + 7);
        var body = $"A: {line}\n\n\0\x80\xff\r\n{line}{line}\n>From {line}\nend\n";
        var message = Assert.Single(await ReadAsync(From + body));
        Assert.Equal(body.Replace(">From ", "From ", StringComparison.Ordinal), message.Octets);
    }

    [Fact]
    public async Task A_file_with_crlf_is_read_alike()
    {
        var read = await ReadAsync((From + "Subject: one\n\n>From x\n\n" + From + "Subject: two\n\n\n").Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.Equal(["Subject: one\r\n\r\nFrom x\r\n", "Subject: two\r\n\r\n"], read.Select(message => message.Octets));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public async Task A_file_with_nothing_in_it_has_no_messages(string text) => Assert.Empty(await ReadAsync(text));

    [Fact]
    public async Task What_no_from_line_begins_is_told_and_what_follows_is_read()
    {
        var read = await ReadAsync("Subject: no mbox\n\nbody\n\n" + From + "Subject: one\n\nbody\n");
        Assert.Equal("no \"From \" line stands before it", read[0].KeyOrReason);
        Assert.Equal("Subject: one\n\nbody\n", read[1].Octets);
        Assert.Equal("is empty", Assert.Single(await ReadAsync(From)).KeyOrReason);
    }

    [Fact]
    public async Task The_folders_own_data_are_no_message() => Assert.Equal(
        "Subject: one\n\n",
        Assert.Single(await ReadAsync(
            From + "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\nx\n\n" + From + "Subject: one\n\n\n")).Octets);

    [Fact]
    public async Task Keys_stay_when_flags_change_or_messages_come_and_twins_have_two()
    {
        const string Twin = From + "Subject: twin\n\nx\n\n";
        var before = await ReadAsync(Twin + Twin);
        var after = await ReadAsync(Twin.Replace("Subj", "Status: RO\nSubj", StringComparison.Ordinal) + From + "Subject: new\n\n\n" + Twin);
        Assert.Equal(2, before.Select(message => message.KeyOrReason).Distinct().Count());
        Assert.Equal(before.Select(message => message.KeyOrReason), [after[0].KeyOrReason, after[2].KeyOrReason]);
    }

    [Theory]
    [InlineData("From bob Mon Feb  5 10:20:30 2024", "2024-02-05T10:20:30+00:00")]
    [InlineData("From  bob at home  Mon Feb 15 10:20:30 CET 2024\r\n", "2024-02-15T10:20:30+00:00")]
    [InlineData("From - Mon Feb 05 10:20:30 +0200 2024\n", "2024-02-05T10:20:30+02:00")]
    [InlineData("From b@c Mon Feb  5 10:20 2024 -0530\n", "2024-02-05T10:20:00-05:30")]
    [InlineData("From b@c Mon Feb  5 10:20:30 2024 +9999\n", "2024-02-05T10:20:30+00:00")]
    [InlineData("From b@c Mon Feb 31 10:20:30 2024", null)]
    [InlineData("From here on", null)]
    [InlineData("From Monday to Friday 2024", null)]
    [InlineData("From: b@c Mon Feb  5 10:20:30 2024", null)]
    [InlineData(">From b@c Mon Feb  5 10:20:30 2024", null)]
    public void A_from_line_has_a_date(string line, string? expected)
    {
        var isOne = FromLine.TryParse(Encoding.Latin1.GetBytes(line), out var date);
        Assert.Equal(expected is null ? default : DateTimeOffset.Parse(expected, null), date);
        Assert.Equal(expected is not null, isOne);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Assert.Throws<CommandRefusedException>(() => new MboxSource(_folder.File("no"), FolderName.Inbox, default));

    private async Task<List<ReadMessage>> ReadAsync(string text, MboxQuoting quoting = MboxQuoting.Mboxrd)
    {
        File.WriteAllBytes(_folder.File("mbox"), Encoding.Latin1.GetBytes(text));
        await using var source = new MboxSource(_folder.File("mbox"), FolderName.Inbox, quoting);
        var (folder, messages) = Assert.Single(await source.ReadAllAsync());
        Assert.Equal(messages.Count, folder.Messages - (text.Contains("INTERNAL DATA", StringComparison.Ordinal) ? 1 : 0));
        return messages;
    }
}
