using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Sasl;
using MailCluster.Storage.Directory;

namespace MailCluster.Storage.Tests.Contract;

public abstract class DirectoryContract : StorageContract
{
    [SkippableFact]
    public async Task A_domain_is_local_from_when_it_is_added_until_it_is_removed()
    {
        Assert.False(await Directory.IsLocalDomainAsync(Home, default));
        await Administration.AddDomainAsync(Home, default);
        Assert.True(await Directory.IsLocalDomainAsync(DomainName.Parse("Hamburger.EDU"), default));
        Assert.Equal([Home], (await Administration.ListDomainsAsync(default)).AsEnumerable());
        await Administration.RemoveDomainAsync(Home, default);
        Assert.False(await Directory.IsLocalDomainAsync(Home, default));
    }

    [SkippableTheory]
    [InlineData("bob@hamburger.edu", "bob@hamburger.edu", "")]
    [InlineData("BOB@Hamburger.edu", "bob@hamburger.edu", "")]
    [InlineData("bob+News@hamburger.edu", "bob+news@hamburger.edu", "news")]
    [InlineData("bob+a+b@hamburger.edu", "bob+a+b@hamburger.edu", "a+b")]
    [InlineData("postmaster@hamburger.edu", "postmaster@hamburger.edu", "")]
    [InlineData("Abuse@hamburger.edu", "abuse@hamburger.edu", "")]
    public async Task An_address_leads_to_its_account(string address, string path, string detail)
    {
        var bob = await AddAccountAsync("Bob@hamburger.edu");
        await AddAccountAsync("alice@hamburger.edu");
        var recipient = Assert.Single(await FoundAsync(address));
        Assert.Equal(path, recipient.Path.Address.ToString());
        Assert.Equal(new DeliveryTarget.Mailbox(bob, detail), recipient.Target);
    }

    [SkippableTheory]
    [InlineData("carol@hamburger.edu")]
    [InlineData("carol+bob@hamburger.edu")]
    [InlineData("+bob@hamburger.edu")]
    [InlineData("\"bob \"@hamburger.edu")]
    public async Task An_unknown_user_of_a_local_domain_is_told_apart_from_relaying(string address)
    {
        await AddAccountAsync("bob@hamburger.edu");
        Assert.IsType<Resolution.NoSuchUser>(await ResolveAsync(address));
        Assert.IsType<Resolution.NotLocal>(await ResolveAsync("bob@crepes.fr"));
    }

    [SkippableFact]
    public async Task An_alias_leads_to_local_and_remote_addresses()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        await AddAliasAsync("Sales@hamburger.edu", "BOB@hamburger.edu", "Claude@crepes.fr");
        var recipients = await FoundAsync("sales@hamburger.edu");
        Assert.Equal(
            [
                new ResolvedRecipient(Path("bob@hamburger.edu"), new DeliveryTarget.Mailbox(bob, "")),
                new ResolvedRecipient(Path("Claude@crepes.fr"), new DeliveryTarget.Remote(DomainName.Parse("crepes.fr"))),
            ],
            recipients.OrderBy(recipient => recipient.Path.Domain.Text, StringComparer.Ordinal).Reverse());
    }

    [SkippableFact]
    public async Task A_detail_follows_an_alias_to_the_account()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        await AddAliasAsync("sales@hamburger.edu", "bob@hamburger.edu");
        var recipient = Assert.Single(await FoundAsync("sales+eu@hamburger.edu"));
        Assert.Equal(new DeliveryTarget.Mailbox(bob, "eu"), recipient.Target);
    }

    [SkippableFact]
    public async Task An_exact_name_with_a_plus_goes_before_its_base()
    {
        await AddAccountAsync("bob@hamburger.edu");
        var news = await AddAccountAsync("bob+news@hamburger.edu");
        var alice = await AddAccountAsync("alice@hamburger.edu");
        await AddAliasAsync("bob+eu@hamburger.edu", "alice@hamburger.edu");
        Assert.Equal(new DeliveryTarget.Mailbox(news, ""), Assert.Single(await FoundAsync("bob+news@hamburger.edu")).Target);
        Assert.Equal(new DeliveryTarget.Mailbox(alice, ""), Assert.Single(await FoundAsync("bob+eu@hamburger.edu")).Target);
    }

    [SkippableFact]
    public async Task The_catch_all_takes_what_nobody_else_does()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        var alice = await AddAccountAsync("alice@hamburger.edu");
        await AddAliasAsync("*@hamburger.edu", "alice@hamburger.edu");
        await AddAliasAsync("sales@hamburger.edu", "bob@hamburger.edu");
        Assert.Equal(new DeliveryTarget.Mailbox(alice, ""), Assert.Single(await FoundAsync("nobody@hamburger.edu")).Target);
        Assert.Equal(new DeliveryTarget.Mailbox(alice, ""), Assert.Single(await FoundAsync("postmaster@hamburger.edu")).Target);
        Assert.Equal(new DeliveryTarget.Mailbox(bob, ""), Assert.Single(await FoundAsync("sales@hamburger.edu")).Target);
        Assert.Equal(new DeliveryTarget.Mailbox(bob, "x"), Assert.Single(await FoundAsync("bob+x@hamburger.edu")).Target);
    }

    [SkippableFact]
    public async Task A_postmaster_of_its_own_goes_before_the_first_account()
    {
        await AddAccountAsync("bob@hamburger.edu");
        var alice = await AddAccountAsync("alice@hamburger.edu");
        await AddAliasAsync("postmaster@hamburger.edu", "alice@hamburger.edu");
        Assert.Equal(new DeliveryTarget.Mailbox(alice, ""), Assert.Single(await FoundAsync("postmaster@hamburger.edu")).Target);
    }

    [SkippableFact]
    public async Task A_domain_without_accounts_has_no_postmaster()
    {
        await Administration.AddDomainAsync(Home, default);
        Assert.IsType<Resolution.NoSuchUser>(await ResolveAsync("postmaster@hamburger.edu"));
    }

    [SkippableTheory]
    [InlineData("a@hamburger.edu>a@hamburger.edu")]
    [InlineData("a@hamburger.edu>b@hamburger.edu b@hamburger.edu>a@hamburger.edu")]
    [InlineData("a@hamburger.edu>b@hamburger.edu b@hamburger.edu>c@hamburger.edu c@hamburger.edu>b@hamburger.edu")]
    [InlineData("a@hamburger.edu>x@crepes.fr a@hamburger.edu>A+detail@hamburger.edu")]
    [InlineData("*@hamburger.edu>nobody@hamburger.edu")]
    [InlineData("a@hamburger.edu>gone@hamburger.edu")]
    public async Task Aliases_that_lead_in_a_circle_or_nowhere_are_bad(string aliases)
    {
        await Administration.AddDomainAsync(Home, default);
        foreach (var alias in aliases.Split(' '))
        {
            await AddAliasAsync(alias.Split('>')[0], alias.Split('>')[1]);
        }

        Assert.IsType<Resolution.BadAlias>(await ResolveAsync("a@hamburger.edu"));
    }

    [SkippableTheory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public async Task Aliases_may_lead_to_aliases_ten_deep(int depth, bool isGood)
    {
        await AddAccountAsync("a0@hamburger.edu");
        for (var i = 1; i <= depth; i++)
        {
            await AddAliasAsync($"a{i}@hamburger.edu", $"a{i - 1}@hamburger.edu");
        }

        Assert.Equal(isGood, await ResolveAsync($"a{depth}@hamburger.edu") is Resolution.Found);
    }

    [SkippableTheory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public async Task An_alias_may_lead_to_a_thousand_recipients(int count, bool isGood)
    {
        await Administration.AddDomainAsync(Home, default);
        await AddAliasAsync("all@hamburger.edu", [.. Enumerable.Range(0, count).Select(n => $"u{n}@crepes.fr")]);
        Assert.Equal(isGood, await ResolveAsync("all@hamburger.edu") is Resolution.Found);
    }

    [SkippableFact]
    public async Task Aliases_that_multiply_end_in_an_answer()
    {
        await Administration.AddDomainAsync(Home, default);
        for (var level = 0; level < 9; level++)
        {
            var next = Enumerable.Range(0, 10).Select(n => $"l{level + 1}n{n}@hamburger.edu").ToArray();
            for (var n = 0; n < 10; n++)
            {
                await AddAliasAsync($"l{level}n{n}@hamburger.edu", next);
            }
        }

        Assert.IsType<Resolution.BadAlias>(await ResolveAsync("l0n0@hamburger.edu"));
    }

    [SkippableFact]
    public async Task Two_ways_to_one_recipient_are_one_copy_and_no_circle()
    {
        await AddAccountAsync("bob@hamburger.edu");
        await AddAliasAsync("b@hamburger.edu", "bob@hamburger.edu", "x@crepes.fr");
        await AddAliasAsync("a@hamburger.edu", "b@hamburger.edu", "bob@hamburger.edu", "postmaster@hamburger.edu", "x@crepes.fr");
        Assert.Equal(2, (await FoundAsync("a@hamburger.edu")).Length);
    }

    [SkippableFact]
    public async Task A_target_that_is_gone_does_not_keep_the_others_from_their_mail()
    {
        await AddAccountAsync("bob@hamburger.edu");
        await AddAliasAsync("a@hamburger.edu", "bob@hamburger.edu", "gone@hamburger.edu");
        Assert.Single(await FoundAsync("a@hamburger.edu"));
    }

    [SkippableTheory]
    [InlineData("bob@hamburger.edu", true)]
    [InlineData("BOB@HAMBURGER.EDU", true)]
    [InlineData("bob+x@hamburger.edu", false)]
    [InlineData("sales@hamburger.edu", false)]
    [InlineData("bob", false)]
    [InlineData("", false)]
    [InlineData("bob@hamburger.edu' OR 1=1 --", false)]
    public async Task A_login_name_is_the_address_of_an_account(string userName, bool isKnown)
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        await AddAliasAsync("sales@hamburger.edu", "bob@hamburger.edu");
        var credentials = await Directory.FindCredentialsAsync(userName, default);
        Assert.Equal(isKnown, credentials is not null);
        if (credentials is not null)
        {
            Assert.Equal(bob, credentials.Account);
            Assert.Equal(MailAddress.Parse("bob@hamburger.edu"), credentials.Address);
            Assert.True(credentials.Verifier.Matches("secret"));
        }
    }

    [SkippableFact]
    public async Task A_new_password_replaces_the_old_one()
    {
        await AddAccountAsync("bob@hamburger.edu");
        await Administration.SetPasswordAsync(Address("bob@hamburger.edu"), ScramVerifier.Create("other"), default);
        var credentials = await Directory.FindCredentialsAsync("bob@hamburger.edu", default);
        Assert.True(credentials!.Verifier.Matches("other"));
        Assert.False(credentials.Verifier.Matches("secret"));
    }

    [SkippableTheory]
    [InlineData("bob@hamburger.edu", true)]
    [InlineData("Bob+x@hamburger.edu", true)]
    [InlineData("sales@hamburger.edu", true)]
    [InlineData("alice@hamburger.edu", false)]
    [InlineData("nobody@hamburger.edu", false)]
    [InlineData("bob@crepes.fr", false)]
    public async Task An_account_sends_as_itself_and_as_aliases_that_lead_to_it(string address, bool isAllowed)
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        await AddAccountAsync("alice@hamburger.edu");
        await AddAliasAsync("sales@hamburger.edu", "alice@hamburger.edu", "bob@hamburger.edu");
        Assert.Equal(isAllowed, await Directory.MaySendAsAsync(bob, Address(address), default));
    }

    [SkippableFact]
    public async Task An_account_is_found_with_its_quota_until_it_is_removed()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu", 1000);
        Assert.Equal(new AccountInfo(bob, Address("bob@hamburger.edu"), 1000), await Directory.FindAccountAsync(bob, default));
        await Administration.SetQuotaAsync(Address("Bob@hamburger.edu"), null, default);
        Assert.Null((await Directory.FindAccountAsync(bob, default))!.QuotaBytes);
        await Administration.RemoveAccountAsync(Address("bob@hamburger.edu"), default);
        Assert.Null(await Directory.FindAccountAsync(bob, default));
        Assert.Null(await Directory.FindAccountAsync(new AccountId(4711), default));
    }

    [SkippableFact]
    public async Task Lists_show_what_there_is_by_domain()
    {
        await AddAccountAsync("bob@hamburger.edu", 1000);
        var alice = await AddAccountAsync("alice@hamburger.edu");
        await AddAccountAsync("claude@crepes.fr");
        await StoreAsync(alice, Copy(NewBody(), 700));
        await AddAliasAsync("sales@hamburger.edu", "x@y.z", "bob@hamburger.edu");
        await AddAliasAsync("*@crepes.fr", "claude@crepes.fr");

        var accounts = await Administration.ListAccountsAsync(Home, default);
        Assert.Equal(["alice@hamburger.edu", "bob@hamburger.edu"], accounts.Select(account => account.Address.ToString()));
        Assert.Equal(new AccountSummary(alice, Address("alice@hamburger.edu"), null, 700, 1), accounts[0]);
        Assert.Equal(3, (await Administration.ListAccountsAsync(null, default)).Length);

        var alias = Assert.Single(await Administration.ListAliasesAsync(Home, default));
        Assert.Equal(Source("sales@hamburger.edu"), alias.Source);
        Assert.Equal(["bob@hamburger.edu", "x@y.z"], alias.Targets.Select(target => target.ToString()));
        var catchAll = Assert.Single(await Administration.ListAliasesAsync(DomainName.Parse("crepes.fr"), default));
        Assert.True(catchAll.Source.IsCatchAll);
        Assert.Equal(2, (await Administration.ListAliasesAsync(null, default)).Length);
    }

    [SkippableFact]
    public async Task An_alias_goes_target_by_target_or_all_at_once()
    {
        await Administration.AddDomainAsync(Home, default);
        await AddAliasAsync("a@hamburger.edu", "x@y.z", "X@y.z", "v@w.x");
        await Administration.RemoveAliasAsync(Source("A@hamburger.edu"), Address("x@y.z"), default);
        Assert.Equal(["X@y.z", "v@w.x"], (await FoundAsync("a@hamburger.edu")).Select(to => to.Path.Address.ToString()));
        await Administration.RemoveAliasAsync(Source("a@hamburger.edu"), null, default);
        Assert.IsType<Resolution.NoSuchUser>(await ResolveAsync("a@hamburger.edu"));
    }

    [SkippableFact]
    public async Task What_makes_no_sense_is_refused_with_a_reason()
    {
        await AddAccountAsync("bob@hamburger.edu");
        await AddAliasAsync("sales@hamburger.edu", "bob@hamburger.edu");
        var stranger = Address("bob@crepes.fr");
        (string Reason, Func<Task> Change)[] changes =
        [
            ("exists already", () => Administration.AddDomainAsync(Home, default)),
            ("still has", () => Administration.RemoveDomainAsync(Home, default)),
            ("no domain", () => Administration.RemoveDomainAsync(stranger.Domain, default)),
            ("exists already", () => AddAccountAsync("BOB@hamburger.edu")),
            ("is an alias", () => AddAccountAsync("Sales@hamburger.edu")),
            ("catch-all", () => AddAccountAsync("*@hamburger.edu")),
            ("negative", () => AddAccountAsync("carol@hamburger.edu", -1)),
            ("no domain", () => Administration.AddAccountAsync(stranger, Verifier, null, default)),
            ("no account", () => Administration.SetPasswordAsync(Address("x@hamburger.edu"), Verifier, default)),
            ("no account", () => Administration.SetQuotaAsync(Address("x@hamburger.edu"), 1, default)),
            ("negative", () => Administration.SetQuotaAsync(Address("bob@hamburger.edu"), -1, default)),
            ("no account", () => Administration.SetMessageLimitAsync(Address("x@hamburger.edu"), 1, default)),
            ("negative", () => Administration.SetMessageLimitAsync(Address("bob@hamburger.edu"), -1, default)),
            ("no account", () => Administration.RemoveAccountAsync(Address("x@hamburger.edu"), default)),
            ("is an account", () => AddAliasAsync("Bob@hamburger.edu", "x@y.z")),
            ("no domain", () => AddAliasAsync("a@crepes.fr", "x@y.z")),
            ("needs a target", () => AddAliasAsync("a@hamburger.edu")),
            ("no alias", () => Administration.RemoveAliasAsync(Source("b@hamburger.edu"), null, default)),
            ("no alias", () => Administration.RemoveAliasAsync(Source("sales@hamburger.edu"), stranger, default)),
        ];
        foreach (var (reason, change) in changes)
        {
            var refusal = await Assert.ThrowsAsync<DirectoryException>(change);
            Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        }

        Assert.Single(await Administration.ListAccountsAsync(null, default));
        Assert.Single(await Administration.ListAliasesAsync(null, default));
    }

    [SkippableFact]
    public async Task An_answer_that_is_known_is_given_at_once()
    {
        await AddAccountAsync("bob@hamburger.edu");
        await ResolveAsync("bob@hamburger.edu");
        var answer = Directory.ResolveAsync(Path("bob@hamburger.edu"), default);
        Assert.True(answer.IsCompletedSuccessfully);
    }

    [SkippableFact]
    public async Task A_change_by_another_process_is_seen_within_a_second()
    {
        await AddAccountAsync("bob@hamburger.edu");
        Assert.IsType<Resolution.NoSuchUser>(await ResolveAsync("alice@hamburger.edu"));
        Assert.IsType<Resolution.NotLocal>(await ResolveAsync("a@crepes.fr"));
        Assert.Null(await Directory.FindCredentialsAsync("alice@hamburger.edu", default));

        await using (var other = await Storage.OpenAnotherAsync())
        {
            await other.Administration.AddAccountAsync(Address("alice@hamburger.edu"), Verifier, null, default);
            await other.Administration.AddDomainAsync(DomainName.Parse("crepes.fr"), default);
        }

        Assert.IsType<Resolution.NoSuchUser>(await ResolveAsync("alice@hamburger.edu"));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<Resolution.Found>(await ResolveAsync("alice@hamburger.edu"));
        Assert.IsType<Resolution.NoSuchUser>(await ResolveAsync("a@crepes.fr"));
        Assert.NotNull(await Directory.FindCredentialsAsync("alice@hamburger.edu", default));
    }

    protected async Task<Resolution> ResolveAsync(string address) => await Directory.ResolveAsync(Path(address), default);

    protected static MailAddress Address(string text) => MailAddress.Parse(text);

    protected static ForwardPath Path(string text) => new(Address(text));

    private async Task<ResolvedRecipient[]> FoundAsync(string address) =>
        [.. Assert.IsType<Resolution.Found>(await ResolveAsync(address)).Recipients];
}
