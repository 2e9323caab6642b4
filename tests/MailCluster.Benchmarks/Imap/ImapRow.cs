namespace MailCluster.Benchmarks.Imap;

/// <summary>One line of the table: something that is done so many times in a round.</summary>
/// <param name="PrepareAsync">Once for each server, before the first round.</param>
/// <param name="MeasureAsync">One round: how long the measured part took.</param>
internal sealed record ImapRow(
    string What, int Operations, Func<IImapServer, Task> PrepareAsync, Func<IImapServer, Task<TimeSpan>> MeasureAsync)
{
    /// <summary>A row of commands in a selected folder, one connection, nothing to undo.</summary>
    public static ImapRow OfCommands(
        string what, int operations, ImapFolder folder, Func<ImapConnection, Task> run,
        Func<ImapConnection, Task>? undo = null) =>
        new(what, operations, folder.FillAsync, async server =>
        {
            using var connection = await folder.SelectAsync(server);
            await (undo?.Invoke(connection) ?? Task.CompletedTask);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            await run(connection);
            return clock.Elapsed;
        });
}
