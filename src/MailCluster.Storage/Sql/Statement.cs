using System.Data.Common;

namespace MailCluster.Storage.Sql;

/// <summary>
/// One prepared statement of one connection. Its parameters, written as <c>@name</c>, are numbered as they first appear.
/// Used by one thread at a time.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly DbCommand _command;
    private bool _prepared;

    public Statement(DbConnection connection, string sql)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are constants of this project; values only come in as parameters.
        _command.CommandText = sql;
#pragma warning restore CA2100
        for (var at = sql.IndexOf('@', StringComparison.Ordinal); at >= 0; at = sql.IndexOf('@', at + 1))
        {
            AddParameter(sql.AsSpan(at));
        }
    }

    /// <summary>Runs the statement; returns how many rows it changed.</summary>
    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Runs the statement; its rows must be read and disposed before it runs again.</summary>
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
        for (var i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        if (!_prepared)
        {
            _command.Prepare();
            _prepared = true;
        }
    }
}
