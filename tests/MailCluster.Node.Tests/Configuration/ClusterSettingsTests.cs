using MailCluster.Node.Configuration;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Configuration;

/// <summary>Settings of storage and cluster that only make sense together.</summary>
public sealed class ClusterSettingsTests : IDisposable
{
    private const string Postgres = "Storage:Provider=postgres";
    private const string Database = "Storage:ConnectionString=Host=db;Username=mail;Database=mail";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_connection_string_is_taken_beside_postgres()
    {
        var storage = Load(Postgres, Database).Storage;
        Assert.Equal("db:5432/mail", storage.Postgres().ConnectionString.ToString());
    }

    [Fact]
    public void A_connection_string_may_stand_in_a_file_with_its_password()
    {
        var file = Path.Combine(_folder.Path, "database");
        File.WriteAllText(file, "Host=db;Username=mail;Password=secret;Database=mail\n");
        var connection = Load(Postgres, $"Storage:ConnectionStringFile={file}").Storage.Postgres().ConnectionString;
        Assert.Equal("db:5432/mail", connection.ToString());
        Assert.Contains("Password=secret", connection.JournalText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_among_the_settings_is_refused_and_not_repeated()
    {
        var refusal = Refused(Postgres, "Storage:ConnectionString=Host=db;Password=secret;Database=mail");
        Assert.Contains("Storage:ConnectionStringFile", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage:ConnectionString", Postgres)]
    [InlineData("Storage:ConnectionString", Database)]
    [InlineData("Storage:Provider", "Cluster:Seeds=10.0.0.2:4053")]
    [InlineData("Storage:Provider", "Cluster:Discovery=nodes.example", "Cluster:Port=4053")]
    [InlineData("Cluster:Port", "Cluster:Discovery=nodes.example", Postgres, Database)]
    [InlineData("Cluster:Seeds", "Cluster:Seeds=somewhere", Postgres, Database)]
    public void Settings_that_do_not_fit_together_are_refused_by_name(string key, params string[] settings) =>
        Assert.StartsWith(key, Refused(settings), StringComparison.Ordinal);

    [Fact]
    public void A_part_of_the_certificates_is_none()
    {
        var file = Path.Combine(_folder.Path, "node.pem");
        File.WriteAllText(file, "");
        Assert.Contains("all three or none", Refused($"Cluster:Certificate={file}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Seeds_are_addresses_with_ports()
    {
        var cluster = Load(Postgres, Database, "Cluster:Seeds=10.0.0.1:4053,[2001:db8::1]:4053").Cluster;
        Assert.Equal(["10.0.0.1:4053", "[2001:db8::1]:4053"], cluster.Seeds.Select(seed => seed.ToString()));
    }

    [Theory]
    [InlineData("smtp", "smtp", "submission", "submissions")]
    [InlineData("access", "imap", "imaps", "pop3", "pop3s")]
    [InlineData("queue")]
    public void A_node_opens_the_listeners_of_its_roles(string role, params string[] listeners) =>
        Assert.Equal(listeners.Order(), Load($"Cluster:Roles={role}").OpenListeners.Select(l => l.Name).Order());

    private string Refused(params string[] settings) =>
        Assert.Throws<ConfigurationException>(() => Load(settings)).Message;

    private MailClusterOptions Load(params string[] settings) =>
        LoadedConfiguration.Load(new() { DataFolder = _folder.Path, Assignments = [.. settings] }).Options;
}
