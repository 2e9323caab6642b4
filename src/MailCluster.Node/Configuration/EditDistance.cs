namespace MailCluster.Node.Configuration;

/// <summary>
/// How many letters one must insert, remove or change to make one key of another, without regard to case.
/// </summary>
internal static class EditDistance
{
    public static int Between(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
        {
            row[column] = column;
        }

        for (var line = 1; line <= left.Length; line++)
        {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column <= right.Length; column++)
            {
                var change = char.ToUpperInvariant(left[line - 1]) == char.ToUpperInvariant(right[column - 1]) ? 0 : 1;
                var best = Math.Min(diagonal + change, Math.Min(row[column], row[column - 1]) + 1);
                diagonal = row[column];
                row[column] = best;
            }
        }

        return row[right.Length];
    }
}
