using Akka.Event;

namespace MailCluster.Actors.Hosting;

/// <summary>
/// Where the actor system speaks before its loggers are there and after they are gone: trouble goes to the standard
/// error output. All else would stand among the log's lines in another form, and break a log in JSON.
/// </summary>
public sealed class EarlyAndLateLogger : MinimalLogger
{
    protected override void Log(object message)
    {
        if (message is LogEvent entry && entry.LogLevel() >= LogLevel.WarningLevel)
        {
            Console.Error.WriteLine(entry.ToString());
        }
    }
}
