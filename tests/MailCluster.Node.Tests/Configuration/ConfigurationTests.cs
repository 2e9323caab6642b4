using System.Net;
using MailCluster.Node.Configuration;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Configuration;

public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Without_any_setting_it_is_the_example_on_loopback()
    {
        var options = Load(new()).Options;

        Assert.Equal(
            ["imap 2143", "imaps 2993", "pop3 2110", "pop3s 2995", "smtp 2525", "submission 2587", "submissions 2465"],
            options.Listeners.Select(listener => $"{listener.Name} {listener.Port}"));
        Assert.All(options.Listeners, listener => Assert.Equal(IPAddress.Loopback, listener.Address));
        Assert.Equal(8080, options.Http.Port);
        Assert.Equal(IPAddress.Loopback, options.Http.Address);
        Assert.Equal(TimeSpan.FromMinutes(30), Assert.Single(options.Queue.RetryDelays));
    }

    [Fact]
    public void What_is_read_of_nothing_equals_the_defaults_of_the_options()
    {
        var read = Load(new()).Options;
        var declared = new MailClusterOptions();

        Assert.Equal(declared.Smtp.ToString(), read.Smtp.ToString());
        Assert.Equal(declared.Pop3, read.Pop3);
        Assert.Equal(declared.Imap, read.Imap);
        Assert.Equal(declared.Tls, read.Tls);
        Assert.Equal(declared.Http, read.Http);
        Assert.Equal(declared.Logging, read.Logging);
        Assert.Equal(declared.Bounces, read.Bounces);
        Assert.Equal(declared.Listeners, read.Listeners.OrderBy(l => declared.Listeners.IndexOf(l)));
    }

    [Fact]
    public void Command_line_wins_over_environment_which_wins_over_the_file()
    {
        var file = _folder.Write("my.json", """{ "Smtp": { "MaxErrors": 1, "MaxRecipients": 101, "MaxTransactions": 7 } }""");
        var smtp = Load(new()
        {
            File = file,
            Environment = new Dictionary<string, string>
            {
                ["MAILCLUSTER__SMTP__MAXERRORS"] = "2",
                ["MAILCLUSTER__SMTP__MAXRECIPIENTS"] = "102",
                ["PATH"] = "/bin",
            },
            Assignments = ["Smtp:MaxErrors=3"],
        }).Options.Smtp;

        Assert.Equal((3, 102, 7), (smtp.MaxErrors, smtp.MaxRecipients, smtp.MaxTransactions));
    }

    [Fact]
    public void The_file_in_the_data_folder_is_found()
    {
        var file = _folder.Write("mailcluster.json", """{ "Http": { "Port": 9090 } }""");
        var loaded = Load(new());

        Assert.Equal(file, loaded.File);
        Assert.Equal(9090, loaded.Options.Http.Port);
    }

    [Fact]
    public void One_listener_of_the_example_can_be_changed_by_name()
    {
        var options = Load(new() { Assignments = ["Listeners:smtp:Port=25", "Listeners:smtp:Address=0.0.0.0"] }).Options;

        Assert.Equal(7, options.Listeners.Length);
        var smtp = Assert.Single(options.Listeners, listener => listener.Name == "smtp");
        Assert.Equal(new IPEndPoint(IPAddress.Any, 25), smtp.EndPoint);
    }

    [Theory]
    [InlineData("""{ "Listeners": { "mx": { "Protocol": "smtp", "Port": 25, "Tls": "none" } } }""")]
    [InlineData("""{ "Listeners": [ { "Name": "mx", "Protocol": "smtp", "Port": 25, "Tls": "none" } ] }""")]
    public void Listeners_of_the_file_replace_those_of_the_example(string json)
    {
        var options = Load(new() { File = _folder.Write("my.json", json) }).Options;

        var expected = new ListenerSection("mx", ListenerProtocol.Smtp, IPAddress.Loopback, 25, ListenerTls.None);
        Assert.Equal(expected, Assert.Single(options.Listeners));
    }

    [Fact]
    public void Lists_come_as_arrays_or_with_commas()
    {
        var file = _folder.Write("my.json", """{ "Smtp": { "RelayNetworks": ["10.0.0.0/8", "::1"] } }""");

        var fromFile = Load(new() { File = file }).Options;
        var overridden = Load(new() { File = file, Assignments = ["Smtp:RelayNetworks=192.0.2.0/24, 198.51.100.7"] }).Options;
        var emptied = Load(new() { File = file, Assignments = ["Smtp:RelayNetworks="] }).Options;

        Assert.Equal("10.0.0.0/8 ::1/128", string.Join(' ', fromFile.Smtp.RelayNetworks));
        Assert.Equal("192.0.2.0/24 198.51.100.7/32", string.Join(' ', overridden.Smtp.RelayNetworks));
        Assert.Empty(emptied.Smtp.RelayNetworks);
    }

    [Fact]
    public void Routes_are_read_with_their_login()
    {
        var password = _folder.Write("password", "ketchup\n");
        var file = _folder.Write("my.json", $$"""
            { "Relay": {
                "SmartHost": { "Host": "smart.example", "Port": 587, "Tls": "required" },
                "Routes": [ { "Domain": ".Crepes.fr", "Host": "127.0.0.1", "Port": 2526, "Tls": "none",
                              "UserName": "bob", "PasswordFile": "{{password}}" } ] } }
            """);

        var relay = Load(new() { File = file }).Options.Relay;

        var expected = new NextHopSection("127.0.0.1", 2526, Queue.RouteTls.None, "bob", password);
        Assert.Equal(new RouteSection(".crepes.fr", expected), Assert.Single(relay.Routes));
        Assert.Equal(new NextHopSection("smart.example", 587, Queue.RouteTls.Required, null, null), relay.SmartHost);
        Assert.Equal("ketchup", relay.Routes[0].NextHop.ReadPassword());
    }

    [Theory]
    [InlineData("""{ "Smtp": { "MaxErors": 5 } }""", "Smtp:MaxErors = \"5\": no such setting; did you mean Smtp:MaxErrors?")]
    [InlineData("""{ "Imap": { "Port": 143 } }""", "Imap:Port = \"143\": no such setting; did you mean Http:Port?")]
    [InlineData("""{ "Smtp": 5 }""", "Smtp = \"5\": no such setting")]
    [InlineData("""{ "Smtp": { "MaxErrors": { "Soft": 1 } } }""", "Smtp:MaxErrors:Soft = \"1\": no such setting")]
    [InlineData("""{ "Smtp": { "MaxErrors": [ 1 ] } }""", "Smtp:MaxErrors:0 = \"1\": no such setting; did you mean Smtp:MaxErrors?")]
    [InlineData("""{ "Relay": { "Routes": [ { "Domain": "a.b" } ] } }""", "Relay:Routes:0:Host = null: a host name, or an IP address in brackets")]
    [InlineData("""{ "Relay": { "SmartHost": { "Host": "a", "Password": "geheim" } } }""", "Relay:SmartHost:Password = (hidden): no such setting")]
    [InlineData("""{ "Relay": { "SmartHost": { "Host": "a", "UserName": "bob" } } }""", "Relay:SmartHost:UserName = \"bob\": only beside Relay:SmartHost:PasswordFile")]
    [InlineData("""{ "Relay": { "MinBackOff": "2h" } }""", "Relay:MaxBackOff = \"30m\": not shorter than Relay:MinBackOff")]
    [InlineData("""{ "Listeners": { "mx": { "Protocol": "smtp" } } }""", "Listeners:mx:Port = null: a whole number from 0 to 65535")]
    [InlineData("""{ "Listeners": { "a": { "Protocol": "smtp", "Port": 25 }, "b": { "Protocol": "pop3", "Port": 25 } } }""", "Listeners:b:Port = \"25\": a port that listener a does not have already")]
    [InlineData("""{ "Queue": { "RetryDelays": [] } }""", "Queue:RetryDelays = \"\": at least one duration such as 30m")]
    [InlineData("""{ "Queue": { "RetryDelays": [ "1m", "soon" ] } }""", "Queue:RetryDelays:1 = \"soon\": a duration such as 30m, from 100ms to 5d")]
    public void A_wrong_file_is_refused_with_one_line(string json, string line)
    {
        var file = _folder.Write("my.json", json);

        var refusal = Assert.Throws<ConfigurationException>(() => Load(new() { File = file }));

        Assert.StartsWith(line, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("{ \"Smtp\": {\n \"MaxErrors\": 5,, } }", "not valid JSON (line 2)")]
    [InlineData("", "not valid JSON")]
    [InlineData("[1]", "not valid JSON")]
    [InlineData("""{ "Smtp": { "MaxErrors": 5, "maxerrors": 6 } }""", "not valid JSON")]
    public void A_file_that_is_no_JSON_is_refused_with_one_line(string json, string line)
    {
        var file = _folder.Write("my.json", json);

        var refusal = Assert.Throws<ConfigurationException>(() => Load(new() { File = file }));

        Assert.StartsWith($"{file}: {line}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void A_file_that_is_named_must_exist()
    {
        var missing = _folder.File("missing.json");

        var refusal = Assert.Throws<ConfigurationException>(() => Load(new() { File = missing }));

        Assert.Equal($"--config \"{missing}\": the path of a file that exists", refusal.Message);
    }

    [Fact]
    public void An_assignment_without_value_is_refused()
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Load(new() { Assignments = ["Smtp:MaxErrors"] }));

        Assert.StartsWith("--set \"Smtp:MaxErrors\": a key and a value", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_setting_in_the_environment_is_refused()
    {
        var environment = new Dictionary<string, string> { ["MAILCLUSTER__SMTP__PORT"] = "25" };

        var refusal = Assert.Throws<ConfigurationException>(() => Load(new() { Environment = environment }));

        Assert.StartsWith("SMTP:PORT = \"25\": no such setting", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private LoadedConfiguration Load(ConfigurationSources sources) =>
        LoadedConfiguration.Load(sources with { DataFolder = _folder.Path });
}
