using FluentMigrator;

namespace MailCluster.Storage.Schema;

/// <summary>
/// The text of bodies for SEARCH, one row for a body however many copies there are, with an index of trigrams. It begins
/// empty: the indexer fills it.
/// </summary>
[Tags(SchemaMigrator.Mail)]
[Migration(2026_11_23_0110)]
public sealed class TextTables : Migration
{
    // The index only says which texts may have a needle, so it keeps no places (detail=none) and no text (content=''),
    // and forgets a text without reading it again. Triggers keep it in the transaction of its table.
    // Merging because of what was removed (deletemerge) would cost a large expunge more than the space is worth.
    private const string Sqlite = """
        CREATE TABLE body_text (
            id INTEGER NOT NULL PRIMARY KEY,
            body_id BLOB NOT NULL UNIQUE,
            header TEXT NOT NULL,
            body TEXT NOT NULL
        );
        CREATE VIRTUAL TABLE body_trigram USING fts5(
            header, body, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1');
        INSERT INTO body_trigram (body_trigram, rank) VALUES ('deletemerge', 0);
        CREATE TRIGGER body_text_added AFTER INSERT ON body_text BEGIN
            INSERT INTO body_trigram (rowid, header, body) VALUES (new.id, new.header, new.body);
        END;
        CREATE TRIGGER body_text_removed AFTER DELETE ON body_text BEGIN
            DELETE FROM body_trigram WHERE rowid = old.id;
        END;
        """;

    // pg_trgm is trusted since PostgreSQL 13 and part of every distribution's contrib package. Where it cannot be had,
    // the same queries answer the same and read all texts of the folder; the server's log says so.
    // New texts are taken into the index in portions: without them each costs five times as much, with the usual ones of
    // 4 MB a transaction lasts for a second now and then.
    private const string Postgres = """
        CREATE TABLE body_text (
            body_id bytea NOT NULL PRIMARY KEY,
            header text COLLATE "C" NOT NULL,
            body text COLLATE "C" NOT NULL
        );
        DO $$
        BEGIN
            CREATE EXTENSION IF NOT EXISTS pg_trgm;
            CREATE INDEX body_trigram ON body_text USING gin (header gin_trgm_ops, body gin_trgm_ops)
                WITH (gin_pending_list_limit = 512);
            RAISE LOG 'mailcluster: texts are searched with pg_trgm';
        EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object THEN
            RAISE WARNING 'mailcluster: no pg_trgm (%), searches will read all texts of a folder', SQLERRM;
        END $$;
        """;

    public override void Up()
    {
        IfDatabase(ProcessorIdConstants.SQLite).Execute.Sql(Sqlite);
        IfDatabase(SchemaMigrator.IsPostgres).Execute.Sql(Postgres);
    }

    public override void Down()
    {
        IfDatabase(ProcessorIdConstants.SQLite).Execute.Sql("DROP TABLE body_trigram");
        Delete.Table("body_text");
    }
}
