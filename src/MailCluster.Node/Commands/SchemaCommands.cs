using System.CommandLine;
using MailCluster.Node.Configuration;
using MailCluster.Storage.Postgres;

namespace MailCluster.Node.Commands;

/// <summary>The tables of a PostgreSQL database. Files of SQLite are made by the node itself.</summary>
internal static class SchemaCommands
{
    public static Command Create(SettingsOptions settings, Terminal terminal) => new ExampleCommand(
        "schema",
        "The tables of the database that the nodes of a cluster share.",
        """
          mailcluster schema apply --config mailcluster.json
          mailcluster schema apply --set Storage:Provider=postgres --set Storage:ConnectionStringFile=/run/secrets/db
        """)
    {
        Apply(settings, terminal),
    };

    private static Command Apply(SettingsOptions settings, Terminal terminal)
    {
        var command = new Command(
            "apply", "Makes the tables, or brings them up to this program. May run several times, and at the same time.");
        command.SetAction(async (parsed, _) =>
        {
            var storage = settings.Load(parsed).Options.Storage;
            if (storage.Provider != StorageProvider.Postgres)
            {
                throw new CommandRefusedException("Storage:Provider is sqlite, whose tables a node makes by itself.");
            }

            var connection = storage.Postgres();
            var version = await PostgresStorage.ApplySchemaAsync(connection);
            terminal.Output.WriteLine($"{connection.ConnectionString}: the tables are those of schema {version}.");
            return CommandLine.Done;
        });
        return command;
    }
}
