using System.Reflection;

namespace MailCluster.Architecture.Tests;

/// <summary>Dependencies point down only, and each layer knows its own kind of world and no other.</summary>
public sealed class ProjectDependencies
{
    /// <summary>Each project, and the projects of ours that it may use.</summary>
    public static TheoryData<string, string[]> Allowed => new()
    {
        { "MailCluster.Mail", [] },
        { "MailCluster.Smtp", ["MailCluster.Mail"] },
        { "MailCluster.Pop3", ["MailCluster.Mail"] },
        { "MailCluster.Imap", ["MailCluster.Mail"] },
        { "MailCluster.Queue", ["MailCluster.Mail"] },
        { "MailCluster.Storage", ["MailCluster.Mail"] },
        {
            "MailCluster.Actors",
            [
                "MailCluster.Mail", "MailCluster.Smtp", "MailCluster.Pop3", "MailCluster.Imap", "MailCluster.Queue",
                "MailCluster.Storage",
            ]
        },
    };

    public static TheoryData<string> PureProjects =>
        ["MailCluster.Mail", "MailCluster.Smtp", "MailCluster.Pop3", "MailCluster.Imap", "MailCluster.Queue"];

    public static TheoryData<string> AllProjects =>
    [
        "MailCluster.Mail", "MailCluster.Smtp", "MailCluster.Pop3", "MailCluster.Imap", "MailCluster.Queue",
        "MailCluster.Storage", "MailCluster.Actors", "MailCluster.Node",
    ];

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_project_uses_only_those_below_it(string project, string[] allowed)
    {
        var used = References(project).Where(name => name.StartsWith("MailCluster.", StringComparison.Ordinal));
        Assert.Empty(used.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(PureProjects))]
    public void Protocols_and_the_queues_decisions_know_no_actors_sockets_or_databases(string project)
    {
        var used = References(project).Where(name =>
            name.StartsWith("Akka", StringComparison.Ordinal)
            || name.StartsWith("linq2db", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Data", StringComparison.Ordinal)
            || name is "System.Net.Sockets" or "System.Data.Common" or "System.Net.Security");
        Assert.Empty(used);
    }

    [Fact]
    public void Only_actors_and_node_know_akka() =>
        Assert.DoesNotContain(References("MailCluster.Storage"), name => name.StartsWith("Akka", StringComparison.Ordinal));

    [Fact]
    public void Only_the_node_opens_sockets()
    {
        Assert.DoesNotContain("System.Net.Sockets", References("MailCluster.Storage"));
        Assert.DoesNotContain("System.Net.Sockets", References("MailCluster.Actors"));
    }

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void No_project_reads_the_clock_itself(string project)
    {
        string[] clocks = ["DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "Stopwatch.", "Environment.TickCount"];
        var readers =
            from file in SourceTree.SourceFiles(project)
            from clock in clocks
            where File.ReadAllText(file).Contains(clock, StringComparison.Ordinal)
            select $"{Path.GetFileName(file)}: {clock}";
        Assert.Empty(readers);
    }

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void No_source_file_is_longer_than_400_lines(string project) =>
        Assert.DoesNotContain(SourceTree.SourceFiles(project), file => File.ReadLines(file).Count() > 400);

    private static IEnumerable<string> References(string project) =>
        Assembly.Load(project).GetReferencedAssemblies().Select(name => name.Name!);
}
