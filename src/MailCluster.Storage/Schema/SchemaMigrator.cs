using System.Data.Common;
using System.Reflection;
using FluentMigrator;
using FluentMigrator.Runner;
using FluentMigrator.Runner.Initialization;
using MailCluster.Storage.Sql;
using Microsoft.Extensions.DependencyInjection;

namespace MailCluster.Storage.Schema;

/// <summary>Brings the tables of a database to what this program knows.</summary>
internal static class SchemaMigrator
{
    /// <summary>Tag of the migrations of the spool's database.</summary>
    public const string Spool = "spool";

    /// <summary>Tag of the migrations of the mail database.</summary>
    public const string Mail = "mail";

    /// <summary>Tag of the migrations that only a database of several nodes has.</summary>
    public const string Cluster = "cluster";

    /// <summary>Each version of PostgreSQL has a name of its own, such as PostgreSQL15_0.</summary>
    public static bool IsPostgres(string processor) => processor.StartsWith("Postgre", StringComparison.OrdinalIgnoreCase);

    /// <summary>The newest migration with one of the tags.</summary>
    public static long Newest(params ReadOnlySpan<string> tags) => Known(tags.ToArray()).Max();

    /// <summary>
    /// Runs the migrations that are missing. The runner is started only where there are some: it costs more time than
    /// all else that a node does before it listens.
    /// </summary>
    /// <exception cref="StorageException">The database is of a newer program, or cannot be changed.</exception>
    public static void Apply(
        SqlDatabase database, string[] tags, string connectionString, Action<IMigrationRunnerBuilder> useDialect)
    {
        if (!IsCurrent(database, tags))
        {
            foreach (var tag in tags)
            {
                Migrate(tag, connectionString, useDialect);
            }
        }
    }

    /// <summary>Refuses a database whose tables another program has made.</summary>
    /// <exception cref="StorageException">The database is of a newer or an older program.</exception>
    public static void RefuseOther(SqlDatabase database, string[] tags)
    {
        if (!IsCurrent(database, tags))
        {
            throw new StorageException(
                "The tables of the database are not there yet, or of an older program: run \"mailcluster schema apply\" first.");
        }
    }

    private static bool IsCurrent(SqlDatabase database, string[] tags)
    {
        var applied = Applied(database);
        var known = Known(tags);
        if (applied.Except(known).Order().LastOrDefault() is var newer and > 0)
        {
            throw new StorageException(
                $"The {string.Join(" and ", tags)} database has schema {newer}, which is newer than {known.Max()}, the newest"
                + " that this program knows: start the newer program, or restore a backup.");
        }

        return known.IsSubsetOf(applied);
    }

    private static HashSet<long> Known(string[] tags) => [.. typeof(SchemaMigrator).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<TagsAttribute>()?.TagNames.Intersect(tags).Any() == true)
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()!.Version)];

    /// <summary>The migrations that have run.</summary>
    private static HashSet<long> Applied(SqlDatabase database)
    {
        var versions = new HashSet<long>();
        try
        {
            using var connection = database.Open();
            using var tables = new Statement(connection, database.FindsTable);
            if (tables.Scalar("VersionInfo") is null)
            {
                return versions;
            }

            using var version = new Statement(connection, "SELECT \"Version\" FROM \"VersionInfo\"");
            using var rows = version.Query();
            while (rows.Read())
            {
                versions.Add(rows.GetInt64(0));
            }

            return versions;
        }
        catch (DbException failure)
        {
            throw database.Translate(failure);
        }
    }

    private static void Migrate(string tag, string connectionString, Action<IMigrationRunnerBuilder> useDialect)
    {
        using var services = new ServiceCollection()
            .AddFluentMigratorCore()
            .ConfigureRunner(runner =>
            {
                useDialect(runner);
                runner.WithGlobalConnectionString(connectionString)
                    .ScanIn(typeof(SchemaMigrator).Assembly).For.Migrations();
            })
            .Configure<RunnerOptions>(options => options.Tags = [tag])
            .BuildServiceProvider(validateScopes: false);
        using var scope = services.CreateScope();
        try
        {
            scope.ServiceProvider.GetRequiredService<IMigrationRunner>().MigrateUp();
        }
        catch (Exception failure)
        {
            throw new StorageException($"The tables of the {tag} database cannot be made: {failure.Message}", failure);
        }
    }
}
