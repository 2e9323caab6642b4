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

    /// <summary>The newest migration with the tag.</summary>
    public static long Newest(string tag) => typeof(SchemaMigrator).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<TagsAttribute>()?.TagNames.Contains(tag) == true)
        .Max(type => type.GetCustomAttribute<MigrationAttribute>()!.Version);

    /// <summary>
    /// Runs the migrations that are missing. The runner is started only where there are some: it costs more time than
    /// all else that a node does before it listens.
    /// </summary>
    /// <exception cref="StorageException">The database is of a newer program, or cannot be changed.</exception>
    public static void Apply(
        SqlDatabase database, string tag, string connectionString, Action<IMigrationRunnerBuilder> useDialect)
    {
        var newest = Newest(tag);
        var current = Current(database);
        if (current > newest)
        {
            throw new StorageException(
                $"The {tag} database has schema {current}, which is newer than {newest}, the newest that this program knows:"
                + " start the newer program, or restore a backup.");
        }

        if (current < newest)
        {
            Migrate(tag, connectionString, useDialect);
        }
    }

    /// <summary>The newest migration that has run, or zero.</summary>
    private static long Current(SqlDatabase database)
    {
        try
        {
            using var connection = database.Open();
            using var tables = new Statement(connection, database.FindsTable);
            if (tables.Scalar("VersionInfo") is null)
            {
                return 0;
            }

            using var version = new Statement(connection, "SELECT max(\"Version\") FROM \"VersionInfo\"");
            return (long)(version.Scalar() ?? 0L);
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
