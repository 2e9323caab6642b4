using System.Text;
using System.Text.RegularExpressions;

namespace MailCluster.EndToEnd.Tests.Dialogs;

/// <summary>
/// A dialogue names the numbers that a mailbox in memory gives: each stands for whatever number the node gave, the same
/// each time it is told, and the client says the node's.
/// </summary>
internal sealed partial class ImapDialogNumbers(IReadOnlyDictionary<string, string> known)
{
    private readonly Dictionary<string, string> _real = new(known);

    public bool Fits(string pattern, string line)
    {
        var expression = new StringBuilder("^");
        var learned = new List<string>();
        var at = 0;
        foreach (Match special in Special().Matches(pattern))
        {
            expression.Append(Regex.Escape(pattern[at..special.Index]));
            at = special.Index + special.Length;
            if (special.Value == "**")
            {
                expression.Append(".*");
            }
            else if (_real.TryGetValue(special.Value, out var real))
            {
                expression.Append(Regex.Escape(real));
            }
            else
            {
                expression.Append($@"(?<n{learned.Count}>\w+)");
                learned.Add(special.Value);
            }
        }

        var match = Regex.Match(line, expression.Append(Regex.Escape(pattern[at..])).Append('$').ToString());
        for (var i = 0; match.Success && i < learned.Count; i++)
        {
            _real.TryAdd(learned[i], match.Groups[$"n{i}"].Value);
            Assert.Equal(_real.Count, _real.Values.Distinct().Count());
        }

        return match.Success;
    }

    /// <summary>A line of the client, with the node's numbers.</summary>
    public string Translate(string line) =>
        Said().Replace(line, number => _real.GetValueOrDefault(number.Value, number.Value));

    [GeneratedRegex(
        @"\*\*|(?<=\b(?:UIDVALIDITY|APPENDUID|COPYUID) )\d+|(?<=\b(?:MAILBOXID|EMAILID|THREADID) \()[FMT]\w+")]
    private static partial Regex Special();

    [GeneratedRegex(@"(?<=\bQRESYNC \()\d+|(?<=\bUIDVALIDITY=)\d+|(?<=\b(?:EMAILID|THREADID) )[MT]\w+", RegexOptions.IgnoreCase)]
    private static partial Regex Said();
}
