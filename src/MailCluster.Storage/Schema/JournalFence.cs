using FluentMigrator;

namespace MailCluster.Storage.Schema;

/// <summary>
/// Closes the last fence behind snapshots. The key of the journal refuses a number that is there; but the events behind a
/// snapshot are deleted, so that a copy of a partition that was left far behind could write its next number all the same,
/// where no recovery would ever read it. Nobody who is up to date writes below what is there.
/// </summary>
[Tags(SchemaMigrator.Cluster)]
[Migration(2026_11_25_0001)]
public sealed class JournalFence : Migration
{
    // Once for a statement, not for a row: with a trigger before each row COPY would give up its batches. A journal's
    // writer has one write of an actor under way at a time, so what is above it was written by somebody else.
    private const string Postgres = """
        CREATE FUNCTION journal_refuse_stale() RETURNS trigger LANGUAGE plpgsql AS $fence$
        DECLARE
            stale text;
        BEGIN
            SELECT w.persistence_id INTO stale
                FROM (SELECT persistence_id, max(sequence_number) AS last FROM written GROUP BY persistence_id) w
                WHERE EXISTS (
                    SELECT 1 FROM journal j WHERE j.persistence_id = w.persistence_id AND j.sequence_number > w.last)
                LIMIT 1;
            IF stale IS NOT NULL THEN
                RAISE EXCEPTION 'another writer of % has gone on', stale USING ERRCODE = 'unique_violation';
            END IF;
            RETURN NULL;
        END
        $fence$;
        CREATE TRIGGER journal_fence AFTER INSERT ON journal REFERENCING NEW TABLE AS written
            FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_stale();
        """;

    public override void Up() => Execute.Sql(Postgres);

    public override void Down() => Execute.Sql("DROP TRIGGER journal_fence ON journal; DROP FUNCTION journal_refuse_stale;");
}
