using System.Globalization;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>Nodes that start at once with different settings must agree on one.</summary>
public sealed class FixedSettings : PostgresTest
{
    [SkippableFact]
    public async Task Of_ten_that_start_at_once_all_hear_the_same_value()
    {
        var heard = await Task.WhenAll(Enumerable.Range(1, 10).Select(i => Postgres.FixedSettings.FixAsync(
            "Queue:Partitions", i.ToString(CultureInfo.InvariantCulture), default)));

        var value = Assert.Single(heard.Distinct());
        Assert.Equal(value, await Postgres.FixedSettings.FixAsync("Queue:Partitions", "99", default));
        Assert.Equal("x", await Postgres.FixedSettings.FixAsync("Another", "x", default));
    }
}
