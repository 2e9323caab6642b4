using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Tests.Sessions;

public sealed class OtherUsersTests
{
    [Theory]
    [InlineData("alice@crepes.fr", "Other Users/alice@crepes.fr/Box/In")]
    [InlineData("a/b@crepes.fr", "Other Users/a=2Fb@crepes.fr/Box/In")]
    [InlineData("a=2Fb@crepes.fr", "Other Users/a=3D2Fb@crepes.fr/Box/In")]
    public void A_name_leads_back_to_whose_it_is(string address, string expected)
    {
        var name = OtherUsers.NameOf(address, FolderName.Parse("Box/In"));
        Assert.Equal(expected, name.Text);
        Assert.True(OtherUsers.IsReserved(name.Text));
        Assert.Equal((address, "Box/In"), OtherUsers.Split(name.Text));
    }

    [Theory]
    [InlineData("Other Users", "", "")]
    [InlineData("Other Users/", "", "")]
    [InlineData("Other Users/alice@crepes.fr", "alice@crepes.fr", "")]
    [InlineData("Other Users/alice@crepes.fr/", "alice@crepes.fr", "")]
    [InlineData("Other Users//Box", "", "Box")]
    public void What_lacks_a_part_has_it_empty(string text, string address, string name)
    {
        Assert.True(OtherUsers.IsReserved(text));
        Assert.Equal((address, name), OtherUsers.Split(text));
    }

    [Theory]
    [InlineData("Other")]
    [InlineData("Other Users2")]
    [InlineData("other users/alice@crepes.fr/Box")]
    public void Other_names_are_ones_own(string text) => Assert.False(OtherUsers.IsReserved(text));
}
