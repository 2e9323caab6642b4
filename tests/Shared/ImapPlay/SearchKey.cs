namespace MailCluster.ImapPlay;

/// <summary>A condition of SEARCH, and whether it is so.</summary>
internal sealed record SearchKey(string Text, Func<int, ModelMessage, bool> IsSo)
{
    public static SearchKey Of(Picture picture, int a, int b) => (a % 7) switch
    {
        0 => Flagged(b),
        1 => Not(Of(picture, a / 7, b)),
        2 => Of(picture, a / 7, b) is var left && Of(picture, a / 11, b + 1) is var right
            ? new SearchKey(
                $"OR {left.Text} {right.Text}",
                (number, message) => left.IsSo(number, message) || right.IsSo(number, message))
            : Flagged(b),
        3 => Of(picture, a / 7, b) is var one && Of(picture, a / 13, b + 2) is var other
            ? new SearchKey(
                $"({one.Text} {other.Text})",
                (number, message) => one.IsSo(number, message) && other.IsSo(number, message))
            : Flagged(b),
        4 when picture.Messages.Count > 0 => Numbers(NumberSet.Of(picture, a / 7, b), picture),
        5 => Uids(NumberSet.OfUids(picture, a / 7, b), picture),
        _ => Flagged(a / 7),
    };

    private static SearchKey Not(SearchKey key) =>
        new($"NOT {key.Text}", (number, message) => !key.IsSo(number, message));

    private static SearchKey Flagged(int choice) => (choice % 6) switch
    {
        0 => Has("SEEN", @"\Seen"),
        1 => Not(Has("DELETED", @"\Deleted")),
        2 => Has("KEYWORD work", "Work"),
        3 => Has("KEYWORD $junk", "$Junk"),
        4 => Has("FLAGGED", @"\Flagged"),
        _ => new SearchKey("UNKEYWORD Work", (_, message) => !Flags.Split(message.Flags).Contains("Work")),
    };

    private static SearchKey Has(string text, string flag) =>
        new(text, (_, message) => Flags.Split(message.Flags).Contains(flag));

    private static SearchKey Numbers(NumberSet set, Picture picture) =>
        new(set.Text, (number, _) => set.Messages.Contains(picture.Messages[number - 1]));

    private static SearchKey Uids(NumberSet set, Picture picture) =>
        new($"UID {set.Text}", (number, _) => set.Messages.Contains(picture.Messages[number - 1]));
}
