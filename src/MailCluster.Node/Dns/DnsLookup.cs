using System.Net;
using DnsClient;
using DnsClient.Protocol;
using MailCluster.Actors.Delivery;
using MailCluster.Node.Configuration;
using MxRecord = MailCluster.Actors.Delivery.MxRecord;

namespace MailCluster.Node.Dns;

/// <summary>
/// Asks recursive resolvers. Answers are kept as long as their TTLs say; a truncated one is asked again by TCP.
/// </summary>
internal sealed class DnsLookup : IDnsLookup
{
    /// <summary>For a "no" without a SOA record, which RFC 2308 §5 would not keep at all.</summary>
    private static readonly TimeSpan NegativeTimeToLive = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FailureTimeToLive = TimeSpan.FromSeconds(5);

    /// <summary>RFC 6761 §6.3: this name is never asked for. Resolvers differ in what they would say.</summary>
    private static readonly DnsAnswer<IPAddress> Localhost = new(
        DnsStatus.Found, [IPAddress.Loopback, IPAddress.IPv6Loopback], TimeSpan.FromHours(1), null);

    private readonly LookupClient _client;

    public DnsLookup(DnsSection options)
    {
        var client = options.Servers.IsEmpty
            ? new LookupClientOptions()
            : new LookupClientOptions([.. options.Servers.Select(server => new NameServer(server))]);
        client.Timeout = options.Timeout;
        client.Retries = options.Retries;
        client.UseCache = true;
        client.UseTcpFallback = true;
        client.ThrowDnsErrors = false;
        // In the order of the configuration: the first is the one that the operator likes best.
        client.UseRandomNameServer = false;
        _client = new LookupClient(client);
    }

    public async Task<DnsAnswer<MxRecord>> FindMxAsync(string domain, CancellationToken cancellation)
    {
        var answer = await AskAsync(domain, QueryType.MX, cancellation);
        return answer.Select(
            answer.Records.OfType<DnsClient.Protocol.MxRecord>(),
            record => new MxRecord(record.Preference, record.Exchange.Value.TrimEnd('.')));
    }

    public async Task<DnsAnswer<IPAddress>> FindAddressesAsync(string host, CancellationToken cancellation)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return Localhost;
        }

        var asked = AskAsync(host, QueryType.AAAA, cancellation);
        var four = await AskAsync(host, QueryType.A, cancellation);
        var six = await asked;
        // IPv4 first: there are more mail servers without a good name on IPv6 than without one on IPv4.
        return Merge(Addresses(four), Addresses(six));
    }

    private static DnsAnswer<IPAddress> Addresses(RawAnswer answer) =>
        answer.Select(answer.Records.OfType<AddressRecord>(), record => record.Address);

    /// <summary>What is found counts; nothing found is certain only where both are.</summary>
    private static DnsAnswer<IPAddress> Merge(DnsAnswer<IPAddress> four, DnsAnswer<IPAddress> six)
    {
        var shorter = four.TimeToLive < six.TimeToLive ? four.TimeToLive : six.TimeToLive;
        return (four.Status, six.Status) switch
        {
            (DnsStatus.Found, DnsStatus.Found) =>
                four with { Records = [.. four.Records, .. six.Records], TimeToLive = shorter },
            (DnsStatus.Found, _) => four,
            (_, DnsStatus.Found) => six,
            (DnsStatus.Failed, _) => four,
            (_, DnsStatus.Failed) => six,
            _ => four with { TimeToLive = shorter },
        };
    }

    private async Task<RawAnswer> AskAsync(string name, QueryType type, CancellationToken cancellation)
    {
        try
        {
            var response = await _client.QueryAsync(name, type, QueryClass.IN, cancellation);
            return response.Header.ResponseCode switch
            {
                DnsHeaderResponseCode.NoError =>
                    new RawAnswer(DnsStatus.NoRecords, response.Answers, Negative(response), null),
                DnsHeaderResponseCode.NotExistentDomain =>
                    new RawAnswer(DnsStatus.NoSuchDomain, [], Negative(response), null),
                var code => Failed($"{type} {name}: the name server answered {DescribeCode(code)}"),
            };
        }
        catch (DnsResponseException failed)
        {
            var timedOut = failed.Code == DnsResponseCode.ConnectionTimeout
                || failed.InnerException is OperationCanceledException;
            return Failed($"{type} {name}: {(timedOut ? "no name server answered in time" : failed.DnsError)}");
        }
        catch (ArgumentException)
        {
            // Not a name that can stand in the DNS: an empty label, or one too long.
            return new RawAnswer(DnsStatus.NoSuchDomain, [], NegativeTimeToLive, null);
        }
    }

    private static RawAnswer Failed(string trouble) => new(DnsStatus.Failed, [], FailureTimeToLive, trouble);

    private static string DescribeCode(DnsHeaderResponseCode code) => code switch
    {
        DnsHeaderResponseCode.ServerFailure => "SERVFAIL",
        DnsHeaderResponseCode.Refused => "REFUSED",
        DnsHeaderResponseCode.FormatError => "FORMERR",
        DnsHeaderResponseCode.NotImplemented => "NOTIMP",
        _ => code.ToString(),
    };

    /// <summary>RFC 2308 §5: the smaller of the SOA's own TTL and its minimum field.</summary>
    private static TimeSpan Negative(IDnsQueryResponse response) =>
        response.Authorities.OfType<SoaRecord>().FirstOrDefault() is { } soa
            ? TimeSpan.FromSeconds(Math.Min(soa.TimeToLive, soa.Minimum))
            : NegativeTimeToLive;

    // The status is NoRecords until records of the right type are found; the TTL is that of finding nothing.
    private sealed record RawAnswer(
        DnsStatus Status, IReadOnlyList<DnsResourceRecord> Records, TimeSpan TimeToLive, string? Trouble)
    {
        public DnsAnswer<T> Select<TRecord, T>(IEnumerable<TRecord> records, Func<TRecord, T> convert)
            where TRecord : DnsResourceRecord
        {
            var found = records.ToArray();
            return found.Length == 0
                ? new DnsAnswer<T>(Status, [], TimeToLive, Trouble)
                : new DnsAnswer<T>(
                    DnsStatus.Found,
                    [.. found.Select(convert)],
                    TimeSpan.FromSeconds(found.Min(record => Math.Max(0, record.TimeToLive))),
                    null);
        }
    }
}
