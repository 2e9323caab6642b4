using System.Data.Common;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Settings;

/// <summary>A row for each setting. A connection for each call: there is one when a node starts.</summary>
internal sealed class SqlFixedSettings(SqlDatabase database) : IFixedSettings
{
    public Task<string> FixAsync(string name, string value, CancellationToken cancellation) => Task.Run(
        () =>
        {
            try
            {
                using var session = new Session(database);
                return session.Fix(name, value);
            }
            catch (DbException failure)
            {
                throw database.Translate(failure);
            }
        },
        cancellation);

    private sealed class Session : SqlSession
    {
        private readonly Statement _find;
        private readonly Statement _add;

        public Session(SqlDatabase database)
            : base(database)
        {
            _find = Prepare("SELECT value FROM fixed_setting WHERE name = @name");
            _add = Prepare("INSERT INTO fixed_setting (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING");
        }

        public string Fix(string name, string value)
        {
            if (_find.Scalar(name) is string known)
            {
                return known;
            }

            _add.Execute(name, value);
            return (string)_find.Scalar(name)!; // another node's, where it was faster
        }
    }
}
