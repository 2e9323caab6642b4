using System.Globalization;
using FluentMigrator;
using MailCluster.Storage.Postgres;
using MailCluster.Storage.Spool;

namespace MailCluster.Storage.Schema;

/// <summary>The tables of the spool's database.</summary>
[Tags(SchemaMigrator.Spool)]
[Migration(2026_11_23_0001)]
public sealed class SpoolTables : Migration
{
    // body is small and chunk is large, so that listing ids reads no octets. WITHOUT ROWID makes the id the only B-tree
    // of its table: half the pages to write for each message.
    private const string Sqlite = """
        CREATE TABLE body (
            id BLOB NOT NULL PRIMARY KEY,
            state INTEGER NOT NULL,
            size INTEGER NOT NULL,
            place INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE chunk (
            place INTEGER NOT NULL PRIMARY KEY,
            octets BLOB NOT NULL
        );
        """;

    private static readonly string Sequence = string.Create(
        CultureInfo.InvariantCulture,
        $"CREATE SEQUENCE chunk_place START {ChunkPlaces.PerBody} INCREMENT {ChunkPlaces.PerBody * PlacesOfSequence.Bodies};");

    // Bodies are compressed badly or not at all: EXTERNAL spares the attempt. Both tables turn over completely within
    // minutes, so they are cleaned up long before the fifth of dead rows that is the default.
    private const string Postgres = """
        CREATE TABLE body (
            id bytea NOT NULL PRIMARY KEY,
            state integer NOT NULL,
            size bigint NOT NULL,
            place bigint NOT NULL
        ) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
        CREATE TABLE chunk (
            place bigint NOT NULL PRIMARY KEY,
            octets bytea NOT NULL
        ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
        ALTER TABLE chunk ALTER COLUMN octets SET STORAGE EXTERNAL;
        """;

    public override void Up()
    {
        IfDatabase(ProcessorIdConstants.SQLite).Execute.Sql(Sqlite);
        IfDatabase(SchemaMigrator.IsPostgres).Execute.Sql(Postgres + Sequence);
    }

    public override void Down()
    {
        IfDatabase(SchemaMigrator.IsPostgres).Execute.Sql("DROP SEQUENCE chunk_place");
        Delete.Table("chunk");
        Delete.Table("body");
    }
}
