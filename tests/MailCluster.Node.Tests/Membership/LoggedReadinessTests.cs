using MailCluster.Node.Membership;
using MailCluster.Node.Tests.Fakes;
using Microsoft.Extensions.Logging;

namespace MailCluster.Node.Tests.Membership;

public sealed class LoggedReadinessTests
{
    [Fact]
    public async Task What_a_node_waits_for_is_logged_when_it_changes()
    {
        var node = new FakeCluster();
        var log = new RecordingLogger();
        var readiness = new LoggedReadiness(node, log);
        string?[] answers = ["no member", "no member", null, null, "the database does not answer", null];
        foreach (var answer in answers)
        {
            node.Trouble = answer;
            Assert.Equal(answer, await readiness.FindTroubleAsync(CancellationToken.None));
        }

        Assert.Equal(["Not ready: no member", "Ready", "Not ready: the database does not answer", "Ready"], log.Lines);
    }

    private sealed class RecordingLogger : ILogger<LoggedReadiness>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
