using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Dialogs;

/// <summary>One client of a dialogue: it reads what is expected, in order, and at its end nothing more may come.</summary>
internal sealed class ImapDialogClient(string name, LineClient connection, ImapDialogNumbers numbers) : IDisposable
{
    private readonly Queue<string> _expected = new();
    private string _said = "";
    private string _tag = "";
    private bool _closes;

    public void Expect(string pattern) => _expected.Enqueue(pattern);

    public async Task SayAsync(ImapDialogStep.Say say)
    {
        _said = numbers.Translate(say.Line);
        var words = _said.Split(' ');
        _tag = words.Length > 1 ? words[0] : _tag;
        await connection.WriteAsync(Encoding.UTF8.GetBytes(_said + "\r\n" + say.Literal));
        _said = say.Literal.Length > 0 ? "" : _said;
    }

    /// <summary>Reads all that is expected up to here.</summary>
    public async Task ReadAsync()
    {
        while (_expected.TryDequeue(out var pattern))
        {
            var line = await connection.ReadLineAsync().OrSay(() => $"{name}: {pattern}");
            Assert.True(
                line is not null && numbers.Fits(pattern, line),
                $"{name}: expected\n{pattern}\nbut was\n{line ?? "the end of the connection"}\nbehind\n{_said}");
            _closes |= line!.StartsWith("* BYE", StringComparison.Ordinal);
            if (line.StartsWith($"{_tag} OK", StringComparison.Ordinal)
                && _said.EndsWith(" STARTTLS", StringComparison.OrdinalIgnoreCase))
            {
                await connection.StartTlsAsync();
            }
        }
    }

    /// <summary>Whatever was said too much would come before the answer to LOGOUT.</summary>
    public async Task EndAsync()
    {
        await ReadAsync();
        if (_closes)
        {
            Assert.Null(await connection.ReadLineAsync().OrSay(() => $"{name}: the end of the connection"));
            return;
        }

        if (_said.EndsWith('}') || _said.EndsWith("+}", StringComparison.Ordinal))
        {
            return; // within a literal that never comes: nothing can be said, and nothing is answered
        }

        if (_said.EndsWith(" IDLE", StringComparison.OrdinalIgnoreCase))
        {
            Expect($"{_tag} OK **");
            await SayAsync(new ImapDialogStep.Say(0, "DONE", ""));
        }

        Expect("* BYE **");
        Expect("end OK **");
        await SayAsync(new ImapDialogStep.Say(0, "end LOGOUT", ""));
        await ReadAsync();
    }

    public void Dispose() => connection.Dispose();
}
