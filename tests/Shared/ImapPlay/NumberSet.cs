namespace MailCluster.ImapPlay;

/// <summary>A set as a client sends it, and what it means by it.</summary>
/// <param name="Messages">Those that it names.</param>
internal sealed record NumberSet(string Text, List<PicturedMessage> Messages)
{
    /// <summary>Null where the client does not know all of them.</summary>
    public List<uint>? Uids { get; private init; }

    public static NumberSet Of(Picture picture, int a, int b)
    {
        var count = picture.Messages.Count;
        if (count == 0)
        {
            return new NumberSet("1:*", []);
        }

        var (first, last) = (1 + (a % count), 1 + (b % count));
        var (text, numbers) = ((a + b) % 5) switch
        {
            0 => ($"{first}", [first]),
            1 => ($"{first}:{last}", Between(first, last)),
            2 => ("*", [count]),
            3 => ($"{first}:*", Between(first, count)),
            _ => ($"{last},{first}", (IEnumerable<int>)[first, last]),
        };
        var named = numbers.Distinct().Select(number => picture.Messages[number - 1]).ToList();
        return new NumberSet(text, named)
        {
            Uids = named.TrueForAll(message => message.Uid is not null) ? [.. named.Select(message => message.Uid!.Value)] : null,
        };
    }

    public static NumberSet OfUids(Picture picture, int a, int b)
    {
        var largest = (int)(picture.Messages.Max(message => message.Uid) ?? 0);
        var (first, last) = (1 + (a % (largest + 2)), 1 + (b % (largest + 2)));
        var (text, uids) = ((a + b) % 4) switch
        {
            0 => ($"{first}", [first]),
            1 => ($"{first}:{last}", Between(first, last)),
            2 => ($"{first}:*", Between(first, largest)),
            _ => ($"{last},{first}", (IEnumerable<int>)[first, last]),
        };
        var isKnown = picture.Messages.TrueForAll(message => message.Uid is not null);
        var named = picture.Messages.Where(message => message.Uid is { } uid && uids.Contains((int)uid)).ToList();
        return new NumberSet(text, isKnown ? named : picture.Messages)
        {
            Uids = isKnown ? [.. named.Select(message => message.Uid!.Value)] : null,
        };
    }

    /// <summary>The client can no longer tell what flags they have.</summary>
    public void Forget(bool isSo)
    {
        foreach (var message in isSo ? Messages : [])
        {
            message.Flags = null;
        }
    }

    private static IEnumerable<int> Between(int one, int other) =>
        Enumerable.Range(Math.Min(one, other), Math.Abs(one - other) + 1);
}
