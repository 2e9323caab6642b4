namespace MailCluster.Node.Migration;

/// <summary>Text of a stranger's file name or server, on one line and without what a terminal would obey.</summary>
internal static class PlainText
{
    public static string Of(string text) =>
        string.Concat(text.ReplaceLineEndings(" ").Select(character => char.IsControl(character) ? '?' : character));
}
