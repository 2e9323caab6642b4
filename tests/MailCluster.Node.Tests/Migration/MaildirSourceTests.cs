using MailCluster.Mail.Mailboxes;
using MailCluster.Node.Commands;
using MailCluster.Node.Migration.Maildir;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Migration;

public sealed class MaildirSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Folders_are_found_in_all_layouts()
    {
        foreach (var path in (string[])["cur", ".Sent/cur", ".a.b&AOk-/new", "plain/cur", "plain/below/cur", "nothing/else", "tmp/.x/cur"])
        {
            Directory.CreateDirectory(_folder.File(path));
        }

        _folder.Write("subscriptions", "Sent\na.b&AOk-\nno/where\n");
        Assert.Equal(
            ["INBOX False", "Sent True", "a/b\u00e9 True", "plain False", "plain/below False"],
            (await ReadAsync()).Select(read => $"{read.Folder.Name} {read.Folder.IsSubscribed}"));
        _folder.Write("subscriptions", "V\t2\n\nINBOX\nplain\tbelow\n");
        Assert.Equal(
            ["INBOX", "plain/below"],
            (await ReadAsync()).Where(read => read.Folder.IsSubscribed).Select(read => read.Folder.Name.ToString()));
        File.Delete(_folder.File("subscriptions"));
        Assert.All(await ReadAsync(), read => Assert.True(read.Folder.IsSubscribed));
    }

    [Fact]
    public async Task Names_that_no_folder_can_have_are_known_as_such()
    {
        Directory.CreateDirectory(_folder.File(".a..b/cur"));
        Directory.CreateDirectory(_folder.File(".bad&name/cur"));
        Directory.CreateDirectory(_folder.File(".Gr\u00fc\u00dfe/cur"));
        Assert.Equal(
            ["", "Gr\u00fc\u00dfe", "bad&name"],
            (await ReadAsync()).Select(read => read.Folder.Name?.Text ?? ""));
    }

    [Fact]
    public async Task Messages_come_in_the_order_of_their_names_with_flags_and_dates()
    {
        Put("cur/20.b:2,S", "two");
        Put("cur/3.a,S=99:2,RFa", "one");
        Put("cur/strange;2,T", "four");
        Put("new/100.c:2,S", "three");
        Put("cur/.hidden", "no");
        Put("cur/no-info", "five");
        _folder.Write("dovecot-keywords", "0 Work\n1 in(valid\n99 none\nbroken\n");
        File.SetLastWriteTimeUtc(_folder.File("cur/20.b:2,S"), new DateTime(2024, 2, 5, 1, 2, 3, DateTimeKind.Utc));

        var messages = Assert.Single(await ReadAsync()).Messages;

        Assert.Equal(["one", "two", "three", "five", "four"], messages.Select(message => message.Octets));
        Assert.Equal(
            [@"(\Answered \Flagged Work)", @"(\Seen)", "()", "()", @"(\Deleted)"], messages.Select(message => message.Flags));
        Assert.Equal(new DateTimeOffset(2024, 2, 5, 1, 2, 3, TimeSpan.Zero), messages[1].Date);
    }

    [Fact]
    public async Task What_is_no_message_is_told_and_links_are_not_followed()
    {
        Put("cur/1.empty", "");
        Put("outside", "secret");
        File.CreateSymbolicLink(_folder.File("cur/2.link"), _folder.File("outside"));
        File.CreateSymbolicLink(_folder.File("cur/3.dangling"), _folder.File("gone"));
        Directory.CreateDirectory(_folder.File("cur/4.directory"));
        Directory.CreateSymbolicLink(_folder.File(".Link"), _folder.Path);

        var messages = Assert.Single(await ReadAsync()).Messages;

        Assert.All(messages, message => Assert.Equal("", message.Octets));
        Assert.Equal(
            ["is empty", "is a symbolic link", "is a symbolic link", "is no file, or was renamed meanwhile: run the import again"],
            messages.Select(message => message.KeyOrReason));
    }

    [Fact]
    public async Task The_key_stays_when_flags_change_and_differs_by_folder_name_and_octets()
    {
        Put("new/1.x", "one");
        var before = await KeysAsync();
        File.Delete(_folder.File("new/1.x"));
        Put("cur/1.x:2,S", "one");
        Assert.Equal(before, await KeysAsync());
        Put("cur/2.x:2,S", "one");
        Put(".Sent/cur/1.x:2,S", "one");
        Put(".Other/cur/1.x:2,S", "two");
        Assert.Equal(4, (await KeysAsync()).Distinct().Count());
    }

    [Fact]
    public async Task What_is_no_maildir_is_refused()
    {
        Assert.Throws<CommandRefusedException>(() => new MaildirSource(_folder.File("no")));
        await Assert.ThrowsAsync<CommandRefusedException>(ReadAsync);
    }

    [Theory]
    [InlineData("a/b", "a.b")]
    [InlineData("v1.2/x\\y", @"v1\2e2.x\5cy")]
    [InlineData(@"a\2eb", @"a\5c2eb")]
    [InlineData("\u00c9t\u00e9 & more", "&AMk-t&AOk- &- more")]
    public void Names_are_written_and_read_back(string name, string dotted)
    {
        Assert.Equal(dotted, MaildirNames.ToDots(FolderName.Parse(name)));
        Assert.Equal(name, MaildirNames.FromDots(dotted)?.Text);
    }

    [Fact]
    public void Letters_go_to_keywords_as_long_as_there_are_some()
    {
        var keywords = new MaildirKeywords();
        Assert.Equal('a', keywords.Letter("Work"));
        Assert.Equal('a', keywords.Letter("wORK"));
        for (var i = 1; i < MaildirKeywords.Most; i++)
        {
            Assert.Equal((char)('a' + i), keywords.Letter($"k{i}"));
        }

        Assert.Null(keywords.Letter("one-more"));
        keywords.Write(_folder.Path);
        Assert.Equal("k25", MaildirKeywords.Read(_folder.Path).Find('z'));
    }

    [Theory]
    [InlineData("a\r\nb\r\n", "a\nb\n", false)]
    [InlineData("\r\n\r\n", "\n\n", false)]
    [InlineData("a\nb", "a\nb", false)]
    [InlineData("a\rb\r\n", "ab\n", true)]
    [InlineData("a\r\r\n", "a\n", true)]
    [InlineData("a\r", "a", true)]
    public async Task Lines_get_lf_and_a_cr_elsewhere_is_noticed(string octets, string lines, bool isBare)
    {
        for (var split = 0; split <= octets.Length; split++)
        {
            using var file = new MemoryStream();
            await using var target = new LineFeeds(file);
            await target.WriteAsync(System.Text.Encoding.ASCII.GetBytes(octets[..split]));
            await target.WriteAsync(System.Text.Encoding.ASCII.GetBytes(octets[split..]));
            target.End();
            Assert.Equal(isBare, target.HasBareCr);
            Assert.Equal(octets.Length, target.Taken);
            if (!isBare)
            {
                Assert.Equal(lines, System.Text.Encoding.ASCII.GetString(file.ToArray()));
            }
        }
    }

    private async Task<List<string>> KeysAsync() =>
        [.. (await ReadAsync()).SelectMany(read => read.Messages).Select(message => message.KeyOrReason)];

    private async Task<List<(Node.Migration.SourceFolder Folder, List<ReadMessage> Messages)>> ReadAsync()
    {
        await using var source = new MaildirSource(_folder.Path);
        return await source.ReadAllAsync();
    }

    private void Put(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
        _folder.Write(path, content);
    }
}
