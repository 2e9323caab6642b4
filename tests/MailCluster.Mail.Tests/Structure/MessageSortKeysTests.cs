namespace MailCluster.Mail.Tests.Structure;

public sealed class MessageSortKeysTests
{
    [Theory]
    [InlineData("From: Ann <ann@x>, b@y", "ann", "Ann")]
    [InlineData("From: =?utf-8?q?J=C3=B6rg?= <j@x>", "j", "Jörg")]
    [InlineData("From: =?utf-8?q?J=C3=B6rg?=\n =?utf-8?q?_K?= <j@x>", "j", "Jörg K")]
    [InlineData("From: j@x", "j", "j@x")]
    [InlineData("From: root", "root", "root")]
    [InlineData("From: Team: a@b;", "Team", "Team")]
    [InlineData("Subject: x", "", "")]
    public async Task First_address_gives_the_keys(string field, string mailbox, string display)
    {
        var from = (await Messages.ReadAsync(Messages.Crlf(field + "\n\n"))).SortKeys;
        var toField = field.Replace("From", "To", StringComparison.Ordinal);
        var to = (await Messages.ReadAsync(Messages.Crlf(toField + "\n\n"))).SortKeys;

        Assert.Equal((mailbox, display), (from.FromMailbox, from.DisplayFrom));
        Assert.Equal((mailbox, display), (to.ToMailbox, to.DisplayTo));
    }

    [Fact]
    public async Task Copy_has_its_own_key()
    {
        var keys = (await Messages.ReadAsync("Cc: carol@x\r\n\r\n")).SortKeys;

        Assert.Equal("carol", keys.CcMailbox);
    }

    [Theory]
    [InlineData("References: <a@x>\n <b@x>", "a@x b@x")]
    [InlineData("References: <a@x> junk <b@x><no-at> <\"q\\\"1\"@y> <open", "a@x b@x q\"1@y")]
    [InlineData("References: none\nIn-Reply-To: text <c@x> <d@x>", "c@x")]
    [InlineData("In-Reply-To: <c@x>", "c@x")]
    [InlineData("References: <lost <a@x>", "a@x")]
    [InlineData("References: <@x> <a@>", "")]
    [InlineData("Subject: x", "")]
    public async Task References_lead_to_these_messages(string fields, string expected)
    {
        var keys = (await Messages.ReadAsync(Messages.Crlf(fields + "\n\n"))).SortKeys;

        Assert.Equal(expected, string.Join(' ', keys.References));
    }

    [Theory]
    [InlineData("<a@x>", "a@x")]
    [InlineData("<\"a\"@x>", "a@x")]
    [InlineData(" <a@x> (comment)", "a@x")]
    [InlineData("a@x", null)]
    public async Task Message_id_is_normalized(string field, string? expected)
    {
        var keys = (await Messages.ReadAsync($"Message-ID: {field}\r\n\r\n")).SortKeys;

        Assert.Equal(expected, keys.MessageId);
    }

    [Fact]
    public async Task Subject_and_date_are_keys()
    {
        var keys = (await Messages.ReadAsync("Subject: Re: x\r\nDate: 1 Jul 2003 10:00:00 +0200\r\n\r\n")).SortKeys;

        Assert.Equal(("x", true), (keys.BaseSubject, keys.IsReplyOrForward));
        Assert.Equal(new DateTimeOffset(2003, 7, 1, 8, 0, 0, TimeSpan.Zero), keys.SentAt);
    }
}
