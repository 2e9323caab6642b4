namespace MailCluster.Benchmarks.Imap.Rows;

/// <summary>What is asked of large folders that are there already: FETCH, STORE and SEARCH.</summary>
internal sealed class FolderRows(ImapSizes sizes)
{
    private readonly ImapFolder _folder = new("filled", sizes.Messages, ImapSizes.MessageOctets);
    private readonly ImapFolder _many = new("many", sizes.ManyMessages, ImapSizes.MessageOctets);

    public IEnumerable<ImapRow> Fetch() =>
    [
        Fetching("ENVELOPE", leastOctets: 0), Fetching("BODY.PEEK[HEADER]", leastOctets: 1),
        Fetching("BODY.PEEK[]", leastOctets: ImapSizes.MessageOctets),
    ];

    public IEnumerable<ImapRow> Flags() =>
    [
        ImapRow.OfCommands($"SELECT and FETCH 1:* (FLAGS) of {_many.Messages:#,0}", _many.Messages, _many, async c =>
            Expect((await c.RunAsync("FETCH 1:* (FLAGS)")).Fetched, _many.Messages, "flags"))
            with { PrepareAsync = server => _many.FillFromAsync(server, _folder) },
    ];

    public IEnumerable<ImapRow> Store() =>
    [
        ImapRow.OfCommands(
            $"STORE 1:* +FLAGS of {_folder.Messages:#,0}", _folder.Messages, _folder,
            async c => Expect((await c.RunAsync("STORE 1:* +FLAGS (\\Answered)")).Fetched, _folder.Messages, "changes"),
            undo: c => c.RunAsync("STORE 1:* -FLAGS.SILENT (\\Answered)")),
        ImapRow.OfCommands(
            "STORE +FLAGS, one message at a time", sizes.SingleStores, _folder, StoreEachAsync,
            undo: c => c.RunAsync("STORE 1:* -FLAGS.SILENT (\\Draft)")),
    ];

    public IEnumerable<ImapRow> Search() =>
    [
        Searching("FLAGGED", sizes.FlagSearches, ImapMessage.FlaggedEvery),
        Searching($"SUBJECT {ImapMessage.SubjectWord}", sizes.HeaderSearches, ImapMessage.SearchedEvery),
        Searching($"BODY {ImapMessage.BodyWord}", sizes.TextSearches, ImapMessage.SearchedEvery),
    ];

    private ImapRow Fetching(string item, int leastOctets) => ImapRow.OfCommands(
        $"FETCH 1:* ({item}) of {_folder.Messages:#,0}", _folder.Messages, _folder, async connection =>
        {
            var answer = await connection.RunAsync($"FETCH 1:* ({item})");
            Expect(answer.Fetched, _folder.Messages, item);
            if (answer.LiteralOctets < (long)leastOctets * _folder.Messages)
            {
                throw new InvalidOperationException($"{item} came with {answer.LiteralOctets} octets only");
            }
        });

    private ImapRow Searching(string criterion, int times, int every) => ImapRow.OfCommands(
        $"SEARCH {criterion} in {_folder.Messages:#,0}", times, _folder, async connection =>
        {
            for (var i = 0; i < times; i++)
            {
                Expect((await connection.RunAsync($"SEARCH {criterion}")).Found, _folder.Messages / every, criterion);
            }
        });

    private async Task StoreEachAsync(ImapConnection connection)
    {
        for (var number = 1; number <= sizes.SingleStores; number++)
        {
            Expect((await connection.RunAsync($"STORE {number} +FLAGS (\\Draft)")).Fetched, 1, "changes");
        }
    }

    private static void Expect(int actual, int expected, string what)
    {
        if (actual != expected)
        {
            throw new InvalidOperationException($"{actual} answers instead of {expected}: {what}");
        }
    }
}
