using System.CommandLine;
using System.Globalization;
using MailCluster.Node.Http;

namespace MailCluster.Node.Commands;

/// <summary>The queue of the running node: look at it.</summary>
internal static class QueueCommands
{
    public static Command Create(SettingsOptions settings, Terminal terminal) => new ExampleCommand(
        "queue",
        "The queue of the running node.",
        """
          mailcluster queue list --destination crepes.fr --status deferred
          mailcluster queue show 000G1JB2C4D5E6F7G8H9J0K1M2
          mailcluster queue retry --destination crepes.fr
          mailcluster queue remove --sender spammer@example.org
        """)
    {
        List(settings, terminal),
        Show(settings, terminal),
        QueueChangeCommand.Create("retry", "Tries entries at once.", "Retried", settings, terminal),
        QueueChangeCommand.Create("hold", "Stops entries until they are released.", "Held", settings, terminal),
        QueueChangeCommand.Create("release", "Goes on with entries that were held.", "Released", settings, terminal),
        QueueChangeCommand.Create("remove", "Gives entries up.", "Removed", settings, terminal),
    };

    private static Command List(SettingsOptions settings, Terminal terminal)
    {
        var filter = new QueueFilterOptions();
        var limit = new Option<int>("--limit")
        {
            Description = "Entries at the most.",
            DefaultValueFactory = _ => QueueFilter.DefaultLimit,
        };
        var json = Arguments.Json();
        var command = new Command("list", "Lists entries: who, where to, what was last heard.") { limit, json };
        filter.AddTo(command);
        limit.Validators.Add(parsed =>
        {
            if (parsed.GetValueOrDefault<int>() < 1)
            {
                parsed.AddError("--limit must be 1 or more");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = new QueueClient(settings.Load(parsed).Options);
            var entries = await ReadAsync(client, filter.ToQuery(parsed), parsed.GetValue(limit), cancellation);
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(entries);
            }
            else
            {
                WriteTable(terminal, entries);
            }

            return CommandLine.Done;
        });
        return command;
    }

    /// <summary>Page by page up to the limit.</summary>
    private static async Task<List<QueueEntryJson>> ReadAsync(
        QueueClient client, string filter, int limit, CancellationToken cancellation)
    {
        var entries = new List<QueueEntryJson>();
        string? next = null;
        do
        {
            var size = Math.Min(limit - entries.Count, QueueFilter.MaxLimit);
            var after = next is null ? "" : $"&after={next}";
            var page = await client.GetAsync<QueuePageJson>($"/api/queue?limit={size}{after}&{filter}", cancellation);
            entries.AddRange(page.Entries);
            next = page.Next;
        }
        while (next is not null && entries.Count < limit);
        return entries;
    }

    private static void WriteTable(Terminal terminal, List<QueueEntryJson> entries)
    {
        if (entries.Count == 0)
        {
            terminal.Output.WriteLine("No entries.");
            return;
        }

        var table = new TextTable("ID", "STATUS", "SIZE", "ACCEPTED", "NEXT ATTEMPT", "FROM", "TO", "LAST REPLY");
        foreach (var entry in entries)
        {
            var more = entry.PendingRecipients > 1 ? $" +{entry.PendingRecipients - 1}" : "";
            table.Add(
                entry.Id, entry.Status.ToString().ToLowerInvariant(), entry.Size.ToString(CultureInfo.InvariantCulture),
                Answers.WriteTime(entry.AcceptedAt), Answers.WriteTime(entry.NextAttemptAt), $"<{entry.From}>",
                $"<{entry.To}>{more}", entry.LastReply ?? "-");
        }

        table.Write(terminal.Output);
    }

    private static Command Show(SettingsOptions settings, Terminal terminal)
    {
        var id = Arguments.QueueIds(ArgumentArity.ExactlyOne);
        var json = Arguments.Json();
        var command = new Command("show", "Shows one entry with all its recipients.") { id, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = new QueueClient(settings.Load(parsed).Options);
            var path = $"/api/queue/{parsed.GetRequiredValue(id)[0]}";
            var details = await client.GetAsync<QueueDetailsJson>(path, cancellation);
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(details);
            }
            else
            {
                WriteDetails(terminal, details);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static void WriteDetails(Terminal terminal, QueueDetailsJson details)
    {
        var entry = details.Entry;
        terminal.Output.WriteLine($"id        {entry.Id}");
        terminal.Output.WriteLine($"status    {entry.Status.ToString().ToLowerInvariant()}");
        terminal.Output.WriteLine($"from      <{entry.From}>");
        terminal.Output.WriteLine($"size      {entry.Size}");
        terminal.Output.WriteLine($"accepted  {Answers.WriteTime(entry.AcceptedAt)}");
        terminal.Output.WriteLine($"expires   {Answers.WriteTime(details.ExpiresAt)}");
        var table = new TextTable("RECIPIENT", "STATUS", "TARGET", "ATTEMPTS", "NEXT ATTEMPT", "REMOTE", "LAST REPLY");
        foreach (var recipient in details.Recipients)
        {
            table.Add(
                $"<{recipient.Address}>", recipient.Status.ToString().ToLowerInvariant(), recipient.Target,
                recipient.Attempts.ToString(CultureInfo.InvariantCulture), Answers.WriteTime(recipient.NextAttemptAt),
                recipient.LastRemote ?? "-", recipient.LastReply ?? "-");
        }

        table.Write(terminal.Output);
    }
}
