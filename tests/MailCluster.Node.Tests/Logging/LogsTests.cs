using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using MailCluster.Node.Configuration;
using MailCluster.Node.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using LogEvent = Serilog.Events.LogEvent;

namespace MailCluster.Node.Tests.Logging;

public sealed class LogsTests
{
    [Fact]
    public void Levels_below_the_configured_one_are_left_out()
    {
        var events = new Recorder();
        using (var log = Create(events, new LoggingSection { Level = LogEventLevel.Warning }))
        {
            log.Information("session ended");
            log.Warning("certificate has changed");
        }

        Assert.Equal(["certificate has changed"], events.Messages);
    }

    [Fact]
    public async Task Actors_of_ours_are_heard_and_the_actor_system_is_not()
    {
        var events = new Recorder();
        await using var log = Create(events, new LoggingSection());
        using var host = Host.CreateDefaultBuilder()
            .ConfigureServices(services => services
                .AddSerilog(log)
                .AddAkka("test", (akka, provider) => akka.ConfigureLoggers(loggers =>
                {
                    loggers.ClearLoggers();
                    loggers.AddLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
                    loggers.LogLevel = Akka.Event.LogLevel.InfoLevel;
                })))
            .Build();
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();

        Logging(system).Info("the system talks");
        system.ActorOf(Props.Create(() => new Talker()), "smtp").Tell("an actor talks");

        Assert.Equal("an actor talks", await events.First.WaitAsync(TimeSpan.FromSeconds(20)));
        await host.StopAsync();
    }

    [Theory]
    [InlineData("akka://mailcluster/user/smtp", true)]
    [InlineData("akka://mailcluster/user/smtp/$a", true)]
    [InlineData("akka://mailcluster/system/sharding/queue-partition/7/7", true)]
    [InlineData("akka://mailcluster/system/sharding/queue-partition/7", false)]
    [InlineData("akka://mailcluster/system/sharding/queue-partition", false)]
    [InlineData("akka://mailcluster/system/sharding/queue-partitionCoordinator/singleton/coordinator", false)]
    [InlineData("akka://mailcluster/system/cluster/core/daemon", false)]
    public void An_actor_of_ours_is_known_by_its_path(string path, bool heard)
    {
        var events = new Recorder();
        using (var log = Create(events, new LoggingSection()))
        {
            log.ForContext(Constants.SourceContextPropertyName, "Akka.Actor.ActorSystem")
                .ForContext("ActorPath", path)
                .Information("something");
        }

        Assert.Equal(heard ? 1 : 0, events.Messages.Count);
    }

    private static ILoggingAdapter Logging(ActorSystem system) => Akka.Event.Logging.GetLogger(system, "system");

    private static Logger Create(ILogEventSink events, LoggingSection options) =>
        Logs.Configure(new LoggerConfiguration(), options, sink => sink.Sink(events)).CreateLogger();

    private sealed class Talker : ReceiveActor
    {
        public Talker()
        {
            var log = Context.GetLogger();
            ReceiveAny(text => log.Info(text.ToString()));
        }
    }

    private sealed class Recorder : ILogEventSink
    {
        private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Messages { get; } = [];

        public Task<string> First => _first.Task;

        public void Emit(LogEvent logEvent)
        {
            lock (Messages)
            {
                Messages.Add(logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture));
                _first.TrySetResult(Messages[0]);
            }
        }
    }
}
