using System.Globalization;
using System.Text;
using CsCheck;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Tests.Syntax;

/// <summary>The grammar of RFC 9051 §9: what is right and its value, what is wrong and what was expected.</summary>
public sealed class SyntaxReaderTests
{
    private delegate T Reading<out T>(ref SyntaxReader reader);

    [Theory]
    [InlineData("1-Feb-1994", "1994-02-01")]
    [InlineData("\"01-feb-1994\"", "1994-02-01")]
    [InlineData("29-FEB-2000", "2000-02-29")]
    [InlineData("31-Dec-9999", "9999-12-31")]
    [InlineData("1-Jan-0001", "0001-01-01")]
    public void Date(string text, string expected) =>
        Assert.Equal(expected, Read(text, (ref r) => r.Date()).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("", "a number of a date at octet 0")]
    [InlineData("0-Feb-1994", "a day that there is before here at octet 10")]
    [InlineData("29-Feb-1900", "a day that there is before here at octet 11")]
    [InlineData("1-Foo-1994", "the name of a month at octet 2")]
    [InlineData("1-Febr-1994", "the name of a month at octet 2")]
    [InlineData("1-Feb-94", "a number of a date at octet 6")]
    [InlineData("1-Feb-0000", "a day that there is before here at octet 10")]
    [InlineData("1-Feb-19945", "the end of the command at octet 10")]
    [InlineData("\"1-Feb-1994", "\"\"\" at octet 11")]
    public void No_date(string text, string expected) => Fails(text, expected, (ref r) => r.Date());

    [Theory]
    [InlineData("\"17-Jul-1996 02:44:25 -0700\"", "1996-07-17T02:44:25-07:00")]
    [InlineData("\" 7-Jul-1996 23:59:60 +1345\"", "1996-07-07T23:59:59+13:45")]
    [InlineData("\"01-Jan-0001 00:00:00 +0100\"", "0001-01-01T00:00:00+00:00")]
    [InlineData("\"31-Dec-9999 23:59:59 -0100\"", "9999-12-31T23:59:59+00:00")]
    [InlineData("\"01-Jan-0001 00:00:00 -0100\"", "0001-01-01T00:00:00-01:00")]
    public void Date_time(string text, string expected) =>
        Assert.Equal(expected, Read(text, (ref r) => r.DateTime()).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("17-Jul-1996 02:44:25 -0700", "\"\"\" at octet 0")]
    [InlineData("\"7-Jul-1996 02:44:25 -0700\"", "a number of a date at octet 1")]
    [InlineData("\"17-Jul-1996 24:00:00 -0700\"", "a time that there is before here at octet 28")]
    [InlineData("\"17-Jul-1996 00:60:00 -0700\"", "a time that there is before here at octet 28")]
    [InlineData("\"17-Jul-1996 00:00:00 -1400\"", "a time that there is before here at octet 28")]
    [InlineData("\"17-Jul-1996 00:00:00 0000\"", "\"+\" at octet 22")]
    [InlineData("\"17-Jul-1996 00:00 +0000\"", "\":\" at octet 18")]
    public void No_date_time(string text, string expected) => Fails(text, expected, (ref r) => r.DateTime());

    [Theory]
    [InlineData("1", "1:1")]
    [InlineData("*", "0:0")]
    [InlineData("2,4:7,9,12:*", "2:2,4:7,9:9,12:0")]
    [InlineData("*:4,5:1", "0:4,5:1")]
    [InlineData("4294967295:1", "4294967295:1")]
    [InlineData("$", "saved")]
    public void Sequence_set(string text, string expected)
    {
        var set = Read(text, (ref r) => r.SequenceSet());
        Assert.Equal(expected, set.IsSaved ? "saved" : string.Join(',', set.Ranges.Select(range => $"{range.From}:{range.To}")));
    }

    [Theory]
    [InlineData("", "a number at octet 0")]
    [InlineData("0", "a number from 1 on at octet 0")]
    [InlineData("1,", "a number at octet 2")]
    [InlineData("1:", "a number at octet 2")]
    [InlineData("1::2", "a number at octet 2")]
    [InlineData("4294967296", "a smaller number before here at octet 10")]
    [InlineData("99999999999999999999", "a number at octet 0")]
    [InlineData("-1", "a number at octet 0")]
    [InlineData("1 :2", "the end of the command at octet 1")]
    [InlineData("$,1", "the end of the command at octet 1")]
    public void No_sequence_set(string text, string expected) => Fails(text, expected, (ref r) => r.SequenceSet());

    [Theory]
    [InlineData("<0.10>", 0, 10)]
    [InlineData("<9223372036854775807.1>", long.MaxValue, 1)]
    public void Partial(string text, long first, long count) =>
        Assert.Equal(new PartialRange(first, count), Read(text, (ref r) => r.Partial()));

    [Theory]
    [InlineData("<1>", "\".\" at octet 2")]
    [InlineData("<0.0>", "a count from 1 on at octet 4")]
    [InlineData("<0.9223372036854775808>", "a number at octet 3")]
    [InlineData("<0.1", "\">\" at octet 4")]
    public void No_partial(string text, string expected) => Fails(text, expected, (ref r) => r.Partial());

    [Theory]
    [InlineData("[]", "", "Content")]
    [InlineData("[1.2.3]", "1.2.3", "Content")]
    [InlineData("[TEXT]", "", "Text")]
    [InlineData("[4.header]", "4", "Header")]
    [InlineData("[1.MIME]", "1", "Mime")]
    [InlineData("[HEADER.FIELDS (Subject \"To\")]", "", "Header of Subject To")]
    [InlineData("[2.HEADER.FIELDS.NOT (X)]", "2", "Header but of X")]
    public void Section(string text, string path, string expected)
    {
        var spec = Read(text, (ref r) => r.Section());
        Assert.Equal(path, string.Join('.', spec.Path));
        Assert.Equal(
            expected,
            spec.Section + (spec.IsFields ? $"{(spec.AllButFields ? " but" : "")} of {string.Join(' ', spec.Fields)}" : ""));
    }

    [Theory]
    [InlineData("1", "\"[\" at octet 0")]
    [InlineData("[0]", "a number from 1 on at octet 1")]
    [InlineData("[1.]", "a section at octet 3")]
    [InlineData("[MIME]", "a section at octet 5")]
    [InlineData("[1.FOO]", "a section at octet 3")]
    [InlineData("[HEADER.FIELDS]", "a space at octet 14")]
    [InlineData("[HEADER.FIELDS ()]", "a string at octet 16")]
    [InlineData("[TEXT", "\"]\" at octet 5")]
    public void No_section(string text, string expected) => Fails(text, expected, (ref r) => r.Section());

    [Theory]
    [InlineData("()", "")]
    [InlineData(@"(\Seen)", @"\Seen")]
    [InlineData(@"(\Deleted Work $Junk)", @"\Deleted Work $Junk")]
    public void Flag_list(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read(text, (ref r) => r.FlagList())));

    [Theory]
    [InlineData(@"\Seen", "a list of flags at octet 0")]
    [InlineData("(", "a flag at octet 1")]
    [InlineData("(Work ", "a flag at octet 6")]
    [InlineData(@"(\)", "the name of a flag at octet 2")]
    [InlineData("(Work Work)x", "the end of the command at octet 11")]
    [InlineData("(a]b)", "\")\" at octet 2")]
    public void No_flag_list(string text, string expected) => Fails(text, expected, (ref r) => r.FlagList());

    [Theory]
    [InlineData("INBOX", "INBOX")]
    [InlineData("\"a b\"", "a b")]
    [InlineData("\"a\\\\\\\"b\"", "a\\\"b")]
    [InlineData("{3}\r\na b", "a b")]
    [InlineData("{3+}\r\na b", "a b")]
    [InlineData("{0}\r\n", "")]
    [InlineData("\"\"", "")]
    [InlineData("&AOQ-/&-", "ä/&")]
    [InlineData("&AOQ", "&AOQ")]
    [InlineData("a&b", "a&b")]
    [InlineData("\"ä\"", "ä")]
    public void Mailbox(string text, string expected) => Assert.Equal(expected, Read(text, (ref r) => r.Mailbox()));

    [Theory]
    [InlineData("", "a string at octet 0")]
    [InlineData("\"a", "the end of a quoted string at octet 1")]
    [InlineData("\"a\\b\"", "the end of a quoted string at octet 1")]
    [InlineData("\"a\r\nb\"", "the end of a quoted string at octet 1")]
    [InlineData("{4}\r\na b", "a literal at octet 0")]
    [InlineData("{x}\r\na b", "a literal at octet 0")]
    [InlineData("{3}x{3}\r\na b", "a literal at octet 0")] // its header is the one that the framer saw, and nothing before it
    [InlineData("{3}", "a literal at octet 0")]
    [InlineData("a b", "the end of the command at octet 1")]
    [InlineData("ä", "a string at octet 0")]
    [InlineData("a*", "the end of the command at octet 1")]
    public void No_mailbox(string text, string expected) => Fails(text, expected, (ref r) => r.Mailbox());

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0, (byte)'"' }, "the end of a quoted string at octet 1")]
    [InlineData(new byte[] { (byte)'"', 0xC3, (byte)'"' }, "a string in UTF-8 before here at octet 3")]
    [InlineData(new byte[] { (byte)'{', (byte)'1', (byte)'}', 13, 10, 0 }, "a string in UTF-8 before here at octet 6")]
    [InlineData(new byte[] { (byte)'{', (byte)'1', (byte)'}', 13, 10, 0xFF }, "a string in UTF-8 before here at octet 6")]
    public void String_is_utf_8(byte[] octets, string expected)
    {
        var reader = new SyntaxReader(octets, utf8: false, FakeMailbox.Now);
        reader.AString();
        Assert.Equal("expected " + expected, reader.Error);
    }

    [Theory]
    [InlineData("SEEN UNSEEN")]
    [InlineData("NOT (OR 1:* UID $)")]
    [InlineData("HEADER X \"\" KEYWORD Work UNKEYWORD $Junk")]
    [InlineData("LARGER 9223372036854775807 SMALLER 0 OLDER 4294967295 YOUNGER 1")]
    [InlineData("MODSEQ \"/flags/\\\\draft\" all 620162338 MODSEQ 0")]
    [InlineData("SENTON 31-Dec-9999 ON \"1-Jan-0001\" SAVEDSINCE 1-Feb-1994 SAVEDATESUPPORTED")]
    [InlineData("EMAILID M123 THREADID T1 OLD NEW RECENT")]
    [InlineData("* ,")] // a set of its own, and what is none
    public void Search_keys(string text)
    {
        var reader = Reader(text);
        reader.SearchKeys(FakeMailbox.Now);
        reader.End();
        Assert.Equal(text.Contains(',', StringComparison.Ordinal), reader.Error is not null);
    }

    [Theory]
    [InlineData("", "a keyword at octet 0")]
    [InlineData("FOO", "a search key before here at octet 3")]
    [InlineData("NOT", "a space at octet 3")]
    [InlineData("OR SEEN", "a space at octet 7")]
    [InlineData("(SEEN", "\")\" at octet 5")]
    [InlineData("()", "a keyword at octet 1")]
    [InlineData("SEEN ", "a keyword at octet 5")]
    [InlineData("OLDER 0", "a number from 1 on at octet 6")]
    [InlineData("LARGER x", "a number at octet 7")]
    [InlineData("UID x", "a number at octet 4")]
    [InlineData("BEFORE yesterday", "a number of a date at octet 7")]
    [InlineData("SUBJECT", "a space at octet 7")]
    public void No_search_keys(string text, string expected) => Fails(text, expected, (ref r) => r.SearchKeys(FakeMailbox.Now));

    [Fact]
    public void Bounds_are_named()
    {
        Fails(string.Join(' ', Enumerable.Repeat("ALL", 501)), "fewer conditions at octet 2000", (ref r) => r.SearchKeys(FakeMailbox.Now));
        Fails($"TEXT {new string('x', 4_001)}", "a text of at most 4000 characters before here at octet 4006",
            (ref r) => r.SearchKeys(FakeMailbox.Now));
        Fails($"({string.Join(' ', Enumerable.Repeat("x", 101))})", "at most 100 of them at octet 201", (ref r) => r.FlagList());
        Fails($"({new string('x', 101)})", "a flag of at most 100 octets before here at octet 102", (ref r) => r.FlagList());
    }

    /// <summary>A name as a client sends it, in whatever form, is the name.</summary>
    [Fact]
    public void Mailbox_names_come_back_from_each_form() => Gen.String[Gen.Char[' ', '\u30FF'], 1, 20].Sample(name =>
    {
        var octets = Encoding.UTF8.GetByteCount(name);
        var quoted = "\"" + Mail.Mailboxes.ModifiedUtf7.Encode(name)
            .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
        Assert.Equal(name, Read(quoted, (ref r) => r.Mailbox()));
        Assert.Equal(name, Read($"{{{octets}}}\r\n{name}", (ref r) => r.String()));
        Assert.Equal(name, Read($"~{{{octets}+}}\r\n{name}", (ref r) => r.String()));
    });

    /// <summary>A set is never read as another one.</summary>
    [Fact]
    public void Sets_come_back() => Gen.Select(Gen.UInt, Gen.UInt).Array[1, 20].Sample(ranges =>
    {
        var text = string.Join(',', ranges.Select(range => $"{Number(range.Item1)}:{Number(range.Item2)}"));
        var set = Read(text, (ref r) => r.SequenceSet());
        Assert.Equal(text, string.Join(',', set.Ranges.Select(range => $"{Number(range.From)}:{Number(range.To)}")));

        static string Number(uint number) => number == 0 ? "*" : number.ToString(CultureInfo.InvariantCulture);
    });

    private static SyntaxReader Reader(string text) => new(Encoding.UTF8.GetBytes(text), utf8: false, FakeMailbox.Now);

    private static T Read<T>(string text, Reading<T> reading)
    {
        var reader = Reader(text);
        var value = reading(ref reader);
        reader.End();
        Assert.Null(reader.Error);
        return value;
    }

    private static void Fails<T>(string text, string expected, Reading<T> reading)
    {
        var reader = Reader(text);
        reading(ref reader);
        reader.End();
        Assert.Equal("expected " + expected, reader.Error);
    }
}
