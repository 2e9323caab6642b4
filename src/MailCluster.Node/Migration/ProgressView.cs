using System.Globalization;
using MailCluster.Node.Commands;

namespace MailCluster.Node.Migration;

/// <summary>
/// How far it is: a bar that is drawn again and again where somebody looks, else a line now and then, for a log.
/// </summary>
internal sealed class ProgressView(Terminal terminal, TimeProvider time)
{
    private const int BarWidth = 30;

    private static readonly TimeSpan BetweenBars = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private long _last = time.GetTimestamp();
    private long _count;
    private int _drawn;

    /// <summary>Null where nobody knows.</summary>
    public long? Total { get; set; }

    /// <summary>One message more, whatever became of it.</summary>
    public void Advance(string folder)
    {
        _count++;
        if (time.GetElapsedTime(_last) < (terminal.IsWatched ? BetweenBars : BetweenLines))
        {
            return;
        }

        _last = time.GetTimestamp();
        if (terminal.IsWatched)
        {
            Draw(folder);
        }
        else
        {
            terminal.Output.WriteLine($"{Counted()}: {folder}");
        }
    }

    /// <summary>Makes room for a line.</summary>
    public void Clear()
    {
        if (_drawn > 0)
        {
            terminal.Output.Write($"\r{new string(' ', _drawn)}\r");
            _drawn = 0;
        }
    }

    private void Draw(string folder)
    {
        var bar = "";
        if (Total is { } total and > 0)
        {
            var full = (int)(BarWidth * Math.Min(_count, total) / total);
            bar = $"[{new string('#', full)}{new string('.', BarWidth - full)}] ";
        }

        // A name with control characters is none (FolderName), so that a terminal takes it for nothing else.
        var line = $"{bar}{Counted()}: {(folder.Length > BarWidth ? folder[..BarWidth] : folder)}";
        terminal.Output.Write($"\r{line.PadRight(_drawn)}");
        _drawn = line.Length;
    }

    private string Counted() => Total is { } total
        ? string.Create(CultureInfo.InvariantCulture, $"{_count} of {Math.Max(_count, total)} messages")
        : string.Create(CultureInfo.InvariantCulture, $"{_count} messages");
}
