using CsCheck;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Smtp.Commands;

namespace MailCluster.Smtp.Tests.Commands;

public sealed class CommandParserTests
{
    private static readonly CommandParser Parser = new(DomainName.Parse("mail.hamburger.edu"));

    private static readonly string[] Valid =
    [
        "HELO crepes.fr", "EHLO [192.0.2.1]", "EHLO [IPv6:2001:db8::1]", "RSET", "NOOP", "NOOP x y", "HELP", "HELP MAIL",
        "VRFY bob", "EXPN list", "QUIT", "DATA", "STARTTLS", "BDAT 0", "BDAT 86 LAST", "AUTH PLAIN", "AUTH PLAIN =",
        "AUTH PLAIN AGJvYgBwaWNrbGVz", "MAIL FROM:<>", "MAIL FROM:<a@b.example>", "MAIL FROM:<@x.example:a@b.example>",
        "MAIL FROM:<\"a b\"@b.example> SIZE=1 BODY=8BITMIME SMTPUTF8 RET=FULL ENVID=x+2By AUTH=<>", "RCPT TO:<Postmaster>",
        "RCPT TO:<bob@hamburger.edu> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;bob@hamburger.edu",
    ];

    [Theory]
    [InlineData("HELO crepes.fr", nameof(Verb.Helo))]
    [InlineData("ehlo crepes.fr", nameof(Verb.Ehlo))]
    [InlineData("Rset", nameof(Verb.Rset))]
    [InlineData("NOOP with words", nameof(Verb.Noop))]
    [InlineData("HELP", nameof(Verb.Help))]
    [InlineData("HELP me", nameof(Verb.Help))]
    [InlineData("VRFY bob", nameof(Verb.Vrfy))]
    [InlineData("EXPN list", nameof(Verb.Expn))]
    [InlineData("quit  ", nameof(Verb.Quit))]
    [InlineData("DATA", nameof(Verb.Data))]
    [InlineData("StartTls", nameof(Verb.StartTls))]
    [InlineData("AUTH PLAIN", nameof(Verb.Auth))]
    [InlineData("BDAT 1", nameof(Verb.Bdat))]
    [InlineData("MAIL FROM:<>", nameof(Verb.Mail))]
    [InlineData("RCPT TO:<postmaster>", nameof(Verb.Rcpt))]
    public void Verbs_are_known_in_any_case(string line, string verb) =>
        Assert.Equal(verb, Parser.Parse(line).Command!.Verb.ToString());

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" NOOP")]
    [InlineData("NOOPX")]
    [InlineData("NOO")]
    [InlineData("NOOP\tx")]
    [InlineData("ETRN x")]
    [InlineData("STARTTLX")]
    public void Other_verbs_are_unknown(string line) => Assert.Same(SmtpReplies.UnknownCommand, Parser.Parse(line).Error);

    [Theory]
    [InlineData("MAIL FROM:<>", "<>")]
    [InlineData("MAIL FROM:<a@b.example>", "<a@b.example>")]
    [InlineData("MAIL FROM: <a@b.example>", "<a@b.example>")]
    [InlineData("mail from:<@x.example,@y.example:a@b.example>", "<a@b.example>")]
    [InlineData("MAIL FROM:<\"a b\"@b.example>", "<\"a b\"@b.example>")]
    [InlineData("MAIL FROM:<a@[192.0.2.1]>", "<a@[192.0.2.1]>")]
    [InlineData("MAIL FROM:<jürgen@b.example>", "<jürgen@b.example>")]
    public void Reverse_path_is_read(string line, string path) =>
        Assert.Equal(path, Assert.IsType<SmtpCommand.Mail>(Parser.Parse(line).Command).Path.ToString());

    [Fact]
    public void Parameters_of_mail_are_read()
    {
        var mail = Assert.IsType<SmtpCommand.Mail>(
            Parser.Parse("MAIL FROM:<a@b.example> size=12 body=binarymime smtputf8 ret=hdrs envid=QQ+2B auth=x").Command);
        Assert.Equal(
            new MailParameters
            {
                Size = 12,
                BodyType = BodyType.BinaryMime,
                Utf8 = true,
                Return = DsnReturn.Headers,
                EnvelopeId = "QQ+2B",
            },
            mail.Parameters);
    }

    [Theory]
    [InlineData("SIZE=18446744073709551615", long.MaxValue)]
    [InlineData("SIZE=00000000000000000001", 1)]
    [InlineData("SIZE=0", 0)]
    public void Size_has_up_to_twenty_digits(string parameter, long size) => Assert.Equal(
        size, Assert.IsType<SmtpCommand.Mail>(Parser.Parse("MAIL FROM:<> " + parameter).Command).Parameters.Size);

    [Theory]
    [InlineData("NOTIFY=NEVER", DsnNotify.Never, null)]
    [InlineData("notify=success,FAILURE", DsnNotify.Success | DsnNotify.Failure, null)]
    [InlineData("NOTIFY=DELAY,DELAY", DsnNotify.Delay, null)]
    [InlineData("ORCPT=rfc822;a+2Bb@c.example", DsnNotify.Unspecified, "rfc822;a+2Bb@c.example")]
    [InlineData("ORCPT=utf-8;bücher@c.example NOTIFY=NEVER", DsnNotify.Never, "utf-8;bücher@c.example")]
    public void Parameters_of_rcpt_are_read(string parameters, DsnNotify notify, string? original)
    {
        var rcpt = Assert.IsType<SmtpCommand.Rcpt>(Parser.Parse("RCPT TO:<a@b.example> " + parameters).Command);
        Assert.Equal(new RcptParameters(notify, original), rcpt.Parameters);
    }

    [Theory]
    [InlineData("ENVID=", 99, true)]
    [InlineData("ENVID=", 100, true)]
    [InlineData("ENVID=", 101, false)]
    public void Envelope_id_has_its_limit(string parameter, int length, bool valid) =>
        Assert.Equal(valid, Parser.Parse($"MAIL FROM:<> {parameter}{new string('x', length)}").Command is not null);

    [Theory]
    [InlineData(500, true)]
    [InlineData(501, false)]
    public void Original_recipient_has_its_limit(int length, bool valid)
    {
        var original = "rfc822;".PadRight(length, 'x');
        Assert.Equal(valid, Parser.Parse($"RCPT TO:<a@b.example> ORCPT={original}").Command is not null);
    }

    [Theory]
    [InlineData("BDAT 0", 0, false)]
    [InlineData("BDAT 86 LAST", 86, true)]
    [InlineData("bdat 9223372036854775807 last", long.MaxValue, true)]
    public void Chunks_are_read(string line, long size, bool last) =>
        Assert.Equal(new SmtpCommand.Bdat(size, last), Parser.Parse(line).Command);

    [Theory]
    [InlineData("AUTH plain", "plain", null)]
    [InlineData("AUTH PLAIN =", "PLAIN", "=")]
    [InlineData("AUTH PLAIN  abc ", "PLAIN", "abc")]
    public void Authentication_is_read(string line, string mechanism, string? response) =>
        Assert.Equal(new SmtpCommand.Auth(mechanism, response), Parser.Parse(line).Command);

    [Fact]
    public void No_response_shows_in_the_text_of_a_command() =>
        Assert.Equal("AUTH PLAIN", Parser.Parse("AUTH PLAIN AGJvYgBwaWNrbGVz").Command!.ToString());

    [Fact]
    public void A_keyword_is_quoted_only_as_far_as_it_is_one()
    {
        Assert.Equal("Unknown parameter FROB", Parser.Parse("MAIL FROM:<> FROB=1").Error!.Text);
        Assert.Equal("Unknown parameter ?", Parser.Parse("MAIL FROM:<> B\u001bL=1").Error!.Text);
        Assert.Equal("Unknown parameter ?", Parser.Parse("MAIL FROM:<> ü=1").Error!.Text);
        Assert.True(Parser.Parse("MAIL FROM:<> " + new string('X', 1000)).Error!.Text.Length < 100);
    }

    [Fact]
    public void Every_prefix_is_a_command_or_has_a_reply()
    {
        foreach (var line in Valid)
        {
            Assert.NotNull(Parser.Parse(line).Command);
            for (var length = 0; length < line.Length; length++)
            {
                AssertSound(line[..length]);
            }
        }
    }

    [Fact]
    public void Mutated_lines_are_commands_or_have_a_reply() =>
        Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.Select(Gen.Double[0, 1], Gen.Char).Array[1, 5]).Sample((line, changes) =>
        {
            var text = Valid[line].ToCharArray();
            foreach (var (place, value) in changes)
            {
                text[(int)(place * (text.Length - 1))] = value;
            }

            AssertSound(new string(text));
        });

    private static void AssertSound(string line)
    {
        var parsed = Parser.Parse(line);
        Assert.True(parsed.Command is null != parsed.Error is null);
        Assert.True(parsed.Error?.IsPermanent ?? true);
    }
}
