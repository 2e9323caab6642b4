using System.CommandLine;
using System.Globalization;
using MailCluster.Mail.Addresses;
using MailCluster.Node.Configuration;
using MailCluster.Storage.Directory;

namespace MailCluster.Node.Commands;

/// <summary>The users with a mailbox.</summary>
internal static class AccountCommands
{
    public static Command Create(SettingsOptions settings, Terminal terminal) => new ExampleCommand(
        "account",
        "The users with a mailbox.",
        """
          mailcluster account add carol@example.org --quota 500MB
          mailcluster account add dave@example.org --password-stdin < file
          mailcluster account password carol@example.org
          mailcluster account quota carol@example.org 500MB --messages 100000
          mailcluster account list --domain example.org
          mailcluster account import maildir /home/carol/Maildir carol@example.org
          mailcluster account export maildir carol@example.org /backup/carol
        """)
    {
        Add(settings, terminal), List(settings, terminal), Remove(settings, terminal), Password(settings, terminal),
        Quota(settings, terminal), ImportCommands.Create(settings, terminal), ExportCommand.Create(settings, terminal),
    };

    private static Command Add(SettingsOptions settings, Terminal terminal)
    {
        var address = Arguments.Address("The address, which is the login name as well.");
        var quota = Arguments.Quota();
        var password = new PasswordSource(terminal);
        var command = new Command("add", "Adds an account with an empty mailbox.")
        {
            address, quota, password.FromInput, password.Generated,
        };
        command.SetDirectoryAction(settings, async (parsed, directory, cancellation) =>
        {
            var chosen = password.Choose(parsed);
            await directory.AddAccountAsync(
                parsed.GetValue(address), chosen.Verifier, parsed.GetValue(quota).Octets, cancellation);
            WriteDone(terminal, "Added", parsed.GetValue(address), chosen);
        });
        return command;
    }

    private static Command List(SettingsOptions settings, Terminal terminal)
    {
        var domain = Arguments.OptionalDomain("--domain", "Only accounts of this domain.");
        var json = Arguments.Json();
        var command = new Command("list", "Lists accounts with what they keep.") { domain, json };
        command.SetDirectoryAction(settings, async (parsed, directory, cancellation) =>
        {
            var accounts = await directory.ListAccountsAsync(parsed.GetValue(domain), cancellation);
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(accounts.Select(account => new
                {
                    Address = account.Address.ToString(),
                    account.QuotaBytes,
                    account.UsedBytes,
                    account.Messages,
                    account.QuotaMessages,
                }));
                return;
            }

            var table = new TextTable("ADDRESS", "MESSAGES", "USED", "QUOTA");
            foreach (var account in accounts)
            {
                table.Add(
                    account.Address.ToString(),
                    account.Messages.ToString(CultureInfo.InvariantCulture),
                    account.UsedBytes.ToString(CultureInfo.InvariantCulture),
                    QuotaText(account));
            }

            table.Write(terminal.Output);
        });
        return command;
    }

    private static Command Remove(SettingsOptions settings, Terminal terminal)
    {
        var address = Arguments.Address("The account.");
        var command = new Command("remove", "Removes an account and all its mail.") { address };
        command.SetDirectoryAction(settings, async (parsed, directory, cancellation) =>
        {
            await directory.RemoveAccountAsync(parsed.GetValue(address), cancellation);
            terminal.Output.WriteLine($"Removed {parsed.GetValue(address)}.");
        });
        return command;
    }

    private static Command Password(SettingsOptions settings, Terminal terminal)
    {
        var address = Arguments.Address("The account.");
        var password = new PasswordSource(terminal);
        var command = new Command("password", "Sets the password of an account.")
        {
            address, password.FromInput, password.Generated,
        };
        command.SetDirectoryAction(settings, async (parsed, directory, cancellation) =>
        {
            var chosen = password.Choose(parsed);
            await directory.SetPasswordAsync(parsed.GetValue(address), chosen.Verifier, cancellation);
            WriteDone(terminal, "Changed", parsed.GetValue(address), chosen);
        });
        return command;
    }

    private static Command Quota(SettingsOptions settings, Terminal terminal)
    {
        var address = Arguments.Address("The account.");
        var size = Arguments.QuotaSize();
        var messages = Arguments.MessageLimit();
        var command = new Command("quota", "Sets how much mail an account may keep.") { address, size, messages };
        command.SetDirectoryAction(settings, async (parsed, directory, cancellation) =>
        {
            await directory.SetQuotaAsync(parsed.GetValue(address), parsed.GetValue(size).Octets, cancellation);
            if (parsed.GetValue(messages) is { } limit)
            {
                await directory.SetMessageLimitAsync(parsed.GetValue(address), limit.Messages, cancellation);
            }

            WriteDone(terminal, "Changed", parsed.GetValue(address), null);
        });
        return command;
    }

    private static string QuotaText(AccountSummary account) => (account.QuotaBytes, account.QuotaMessages) switch
    {
        (null, null) => "none",
        ({ } octets, null) => SizeText.Write(octets),
        (null, { } messages) => $"{messages} messages",
        ({ } octets, { } messages) => $"{SizeText.Write(octets)}, {messages} messages",
    };

    private static void WriteDone(Terminal terminal, string done, MailAddress address, ChosenPassword? chosen)
    {
        terminal.Output.WriteLine($"{done} {address}.");
        if (chosen?.Made is { } made)
        {
            terminal.Output.WriteLine($"Password: {made}");
        }
    }
}
