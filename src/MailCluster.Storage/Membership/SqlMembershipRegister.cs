using System.Collections.Immutable;
using System.Data.Common;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Membership;

/// <summary>The register in PostgreSQL. A connection for each call: there is one every few seconds.</summary>
internal sealed class SqlMembershipRegister(SqlDatabase database) : IMembershipRegister
{
    public Task<KnownNodes> EnterAsync(string address, CancellationToken cancellation) =>
        RunAsync(static (session, address) => session.Enter(address), address, cancellation);

    public Task<ImmutableArray<string>> ConfirmAsync(string address, CancellationToken cancellation) =>
        RunAsync(static (session, address) => session.Confirm(address), address, cancellation);

    public Task LeaveAsync(string address, CancellationToken cancellation) => RunAsync(
        static (session, address) =>
        {
            session.Remove(address);
            return true;
        },
        address,
        cancellation);

    private Task<TResult> RunAsync<TResult>(
        Func<MembershipSession, string, TResult> work, string address, CancellationToken cancellation) =>
        Task.Run(
            () =>
            {
                try
                {
                    using var session = new MembershipSession(database);
                    return work(session, address);
                }
                catch (DbException failure)
                {
                    throw database.Translate(failure);
                }
            },
            cancellation);
}
