using CsCheck;
using MailCluster.Mail.Identity;

namespace MailCluster.Queue.Tests.Partitions;

public sealed class AgendaTests
{
    private static readonly DateTimeOffset Start = PartitionFixture.Start;

    [Fact]
    public void It_does_what_a_plain_table_would_do() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 9], Gen.Int[0, 20]).Array[1, 300].Sample(steps =>
        {
            var agenda = new Agenda();
            var table = new Dictionary<QueueId, DateTimeOffset>();
            foreach (var (kind, which, minutes) in steps)
            {
                var (id, at) = (new QueueId((UInt128)which), Start + TimeSpan.FromMinutes(minutes));
                if (kind == 0)
                {
                    agenda.Set(id, at);
                    table[id] = at;
                }
                else if (kind == 1)
                {
                    agenda.Set(id, null);
                    table.Remove(id);
                }
                else if (agenda.TryTake(at, out var taken))
                {
                    Assert.Equal(table.Values.Min(), table[taken]);
                    Assert.True(table[taken] <= at);
                    table.Remove(taken);
                }
                else
                {
                    Assert.DoesNotContain(table.Values, due => due <= at);
                }

                Assert.Equal(table.Count == 0 ? null : table.Values.Min(), agenda.Earliest);
            }
        });

    [Fact]
    public void Times_that_change_again_and_again_leave_no_pile_behind()
    {
        var agenda = new Agenda();
        for (var i = 0; i < 100_000; i++)
        {
            agenda.Set(new QueueId((UInt128)(i % 10)), Start + TimeSpan.FromSeconds(i));
        }

        Assert.InRange(agenda.Places, 10, 1_100);
        Assert.Equal(Start + TimeSpan.FromSeconds(99_990), agenda.Earliest);
    }
}
