using System.Data.Common;

namespace MailCluster.Storage.Sql;

/// <summary>
/// One prepared statement of one connection. Its parameters, written as <c>@name</c>, are numbered as they first appear.
/// Used by one thread at a time.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly DbCommand _command;
    private readonly StatementBatch? _deferred;
    private bool _prepared;

    /// <param name="connection">Open; stays the caller's.</param>
    /// <param name="sql">A constant of this project.</param>
    /// <param name="deferred">Where <see cref="Defer"/> puts what it is given; null runs it at once.</param>
    public Statement(DbConnection connection, string sql, StatementBatch? deferred = null)
    {
        _deferred = deferred;
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are constants of this project; values only come in as parameters.
        _command.CommandText = sql;
#pragma warning restore CA2100
        for (var at = sql.IndexOf('@', StringComparison.Ordinal); at >= 0; at = sql.IndexOf('@', at + 1))
        {
            AddParameter(sql.AsSpan(at));
        }
    }

    /// <summary>The driver prepares what is used often; it knows the types of the parameters only when it runs.</summary>
    public bool PreparesItself { private get; init; }

    /// <summary>Runs the statement; returns how many rows it changed.</summary>
    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Runs the statement at the latest before the next one that is not deferred, or before the commit.</summary>
    public void Defer(params ReadOnlySpan<object?> values)
    {
        if (_deferred is null)
        {
            Execute(values);
            return;
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, _command.Parameters.Count);
        _deferred.Add(_command.CommandText, _command.Parameters, values);
    }

    /// <summary>Runs the statement; its rows must be read and disposed before another statement runs.</summary>
    public DbDataReader Query(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteReader();
    }

    /// <summary>The first column of the first row, or null where there is none or it holds none.</summary>
    public object? Scalar(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteScalar() is var value && value is DBNull ? null : value;
    }

    public void Dispose() => _command.Dispose();

    private void AddParameter(ReadOnlySpan<char> text)
    {
        var length = 1;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] == '_'))
        {
            length++;
        }

        var name = text[..length].ToString();
        if (!_command.Parameters.Contains(name))
        {
            var parameter = _command.CreateParameter();
            parameter.ParameterName = name;
            _command.Parameters.Add(parameter);
        }
    }

    private void Bind(ReadOnlySpan<object?> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, _command.Parameters.Count);
        _deferred?.Flush();
        for (var i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        if (!_prepared && !PreparesItself)
        {
            _command.Prepare();
            _prepared = true;
        }
    }
}
