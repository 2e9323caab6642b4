using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MailCluster.Benchmarks.Load;

/// <summary>Postfix's sink for mail, which counts aloud what it takes.</summary>
internal sealed partial class SmtpSink : IDisposable
{
    private const int Backlog = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Lock _lock = new();
    private TaskCompletionSource? _reached;
    private long _target;
    private long _taken;

    public SmtpSink(int port)
    {
        Port = port;
        string[] user = Environment.UserName == "root" ? ["-u", "postfix"] : [];
        _process = Process.Start(new ProcessStartInfo(
            "smtp-sink", [.. user, "-c", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), $"{Backlog}"])
        {
            RedirectStandardOutput = true,
        })!;
        _ = CountAsync();
    }

    public int Port { get; }

    public long Taken
    {
        get
        {
            lock (_lock)
            {
                return _taken;
            }
        }
    }

    /// <summary>Until it has taken so many messages in all.</summary>
    public async Task WaitForAsync(long messages)
    {
        Task reached;
        lock (_lock)
        {
            if (_taken >= messages)
            {
                return;
            }

            _target = messages;
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            reached = _reached.Task;
        }

        try
        {
            await reached.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the sink has {Taken} of {messages} messages after {Patience.TotalMinutes} minutes");
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    /// <summary>Its counters come as "sess=1 quit=1 mesg=1" and a carriage return, again and again.</summary>
    private async Task CountAsync()
    {
        const int LongestCounters = 100;
        var buffer = new char[64 * 1024];
        var kept = 0;
        while (await _process.StandardOutput.ReadAsync(buffer.AsMemory(kept)) is var read && read > 0)
        {
            var text = buffer.AsSpan(0, kept + read);
            if (text.LastIndexOf('\r') is var end && end > 0)
            {
                Note(text[Math.Max(0, end - LongestCounters)..end].ToString());
                text[end..].CopyTo(buffer);
                kept = text.Length - end;
            }
            else
            {
                kept = text.Length;
            }
        }
    }

    private void Note(string counters)
    {
        if (Messages().Matches(counters) is not [.., var last])
        {
            return;
        }

        lock (_lock)
        {
            _taken = long.Parse(last.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            if (_taken >= _target)
            {
                _reached?.TrySetResult();
            }
        }
    }

    [GeneratedRegex("mesg=([0-9]+)")]
    private static partial Regex Messages();
}
