using System.CommandLine;
using MailCluster.Mail.Identity;
using MailCluster.Node.Http;

namespace MailCluster.Node.Commands;

/// <summary>Retry, hold, release, remove: the entries that are named, or all that a filter matches.</summary>
internal static class QueueChangeCommand
{
    public static Command Create(
        string name, string description, string done, SettingsOptions settings, Terminal terminal)
    {
        var ids = Arguments.QueueIds(ArgumentArity.ZeroOrMore);
        var filter = new QueueFilterOptions();
        var all = new Option<bool>("--all") { Description = "Every entry of the queue." };
        var notify = new Option<bool>("--notify") { Description = "Tells the senders, by a failure notice." };
        var command = new Command(name, $"{description} Name entries by id, or by a filter, or --all.") { ids, all };
        filter.AddTo(command);
        if (name == "remove")
        {
            command.Add(notify);
        }

        // Nothing said must not mean everything, and what is said twice must not mean one of both.
        command.Validators.Add(parsed =>
        {
            bool[] ways = [parsed.GetValue(ids) is { Length: > 0 }, filter.IsGiven(parsed), parsed.GetValue(all)];
            if (ways.Count(given => given) != 1)
            {
                parsed.AddError($"queue {name} needs ids, or a filter such as --destination example.org, or --all");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = new QueueClient(settings.Load(parsed).Options);
            var query = $"notify={(parsed.GetValue(notify) ? "true" : "false")}";
            var changed = parsed.GetValue(ids) is { Length: > 0 } named
                ? await ChangeAsync(client, name, named, query, cancellation)
                : await ChangeAllAsync(client, name, $"{query}&{filter.ToQuery(parsed)}", cancellation);
            terminal.Output.WriteLine($"{done} {changed} {(changed == 1 ? "entry" : "entries")}.");
            return CommandLine.Done;
        });
        return command;
    }

    private static async Task<int> ChangeAsync(
        QueueClient client, string name, QueueId[] ids, string query, CancellationToken cancellation)
    {
        var changed = 0;
        foreach (var id in ids)
        {
            var path = $"/api/queue/{id}/{name}?{query}";
            changed += (await client.PostAsync<QueueChangeJson>(path, cancellation)).Changed;
        }

        return changed;
    }

    private static async Task<int> ChangeAllAsync(
        QueueClient client, string name, string query, CancellationToken cancellation) =>
        (await client.PostAsync<QueueChangeJson>($"/api/queue/{name}?{query}", cancellation)).Changed;
}
