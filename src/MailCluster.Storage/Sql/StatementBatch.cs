using System.Data.Common;

namespace MailCluster.Storage.Sql;

/// <summary>
/// Statements whose results nobody looks at, kept back until the transaction's next query or its commit: they go to the
/// server together, where each alone would wait for its answer. Used by one thread at a time.
/// </summary>
internal sealed class StatementBatch(DbConnection connection) : IDisposable
{
    private DbBatch? _batch;

    public void Add(string sql, DbParameterCollection parameters, ReadOnlySpan<object?> values)
    {
        _batch ??= connection.CreateBatch();
        var command = _batch.CreateBatchCommand();
#pragma warning disable CA2100 // Statements are constants of this project; values only come in as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = parameters[i].ParameterName;
            parameter.Value = values[i] ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        _batch.BatchCommands.Add(command);
    }

    public void Flush()
    {
        if (_batch is not { BatchCommands.Count: > 0 } batch)
        {
            return;
        }

        _batch = null; // A failed batch is not sent again.
        using (batch)
        {
            batch.ExecuteNonQuery();
        }
    }

    /// <summary>Drops what was not sent.</summary>
    public void Clear()
    {
        _batch?.Dispose();
        _batch = null;
    }

    public void Dispose() => Clear();
}
