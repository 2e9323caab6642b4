using System.Diagnostics;
using System.Globalization;
using MailCluster.Ledger;

// Kills the server at random instants while senders send, starts it again, and counts every message that was answered
// with 250: MailCluster.Ledger NODE_DLL DATA_FOLDER PASSWORD_OF_BOB ROUNDS [SEED]
const int Senders = 20;
const string Bob = "bob@hamburger.edu";
var (dll, folder, password) = (args[0], Path.GetFullPath(args[1]), args[2]);
var rounds = int.Parse(args[3], CultureInfo.InvariantCulture);
var seed = args.Length > 4 ? int.Parse(args[4], CultureInfo.InvariantCulture) : Environment.TickCount;
var random = new Random(seed);
var ledger = new Ledger();
using var sink = new SmtpSink(ledger);
using var node = new NodeProcess(
    dll, folder,
    "Smtp:RelayNetworks:0=127.0.0.0/8", "Relay:SmartHost:Host=127.0.0.1", $"Relay:SmartHost:Port={sink.Port}",
    "Relay:SmartHost:Tls=none", "Queue:RetryDelays:0=2s", "Queue:ResendAfter=2s", "Relay:MinBackOff=500ms",
    "Relay:MaxBackOff=1s", "Logging:Level=Warning");

await node.StartAsync();
using var stopped = new CancellationTokenSource();
var senders = Enumerable.Range(0, Senders)
    .Select(i => new SmtpSender(node.SmtpPort, $"s{i}", [Bob, "someone@sink.example"], ledger).RunAsync(stopped.Token))
    .ToArray();

var clock = Stopwatch.StartNew();
for (var round = 1; round <= rounds; round++)
{
    using var load = StartLoad(node.SmtpPort);
    // The instant is what is random here: anywhere in the work of up to two seconds.
    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 2000)));
    await node.KillAsync();
    await load.WaitForExitAsync();
    var killed = clock.Elapsed;
    await node.StartAsync();
    Console.WriteLine($"# round {round}: {ledger.Accepted} accepted so far, ready again after {(clock.Elapsed - killed).TotalSeconds:0.0} s");
}

await stopped.CancelAsync();
await Task.WhenAll(senders);
using (var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3)))
using (var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200)))
{
    while (await node.CountQueuedAsync() is var queued && queued > 0)
    {
        if (patience.IsCancellationRequested)
        {
            Console.WriteLine($"not ok kill9: {queued} messages still queued after three minutes");
            return 1;
        }

        await poll.WaitForNextTickAsync();
    }
}

var inMaildrop = await MaildropReader.ReadAsync(node.Pop3Port, Bob, password, ledger);
var lost = ledger.Lost();
Console.WriteLine(
    $"# kill9: {rounds} rounds, seed {seed}: {ledger.Accepted} accepted, {lost.Length} lost, {ledger.Duplicates()} duplicates, "
    + $"{ledger.Unacknowledged()} arrived without their 250 heard, {inMaildrop} in the maildrop");
foreach (var id in lost.Take(10))
{
    Console.WriteLine($"# lost: {id}");
}

return lost.Length == 0 && ledger.Accepted > rounds ? 0 : 1;

// Postfix's load generator sends beside the senders that keep the ledger; it gives up when the server is killed.
static Process StartLoad(int port)
{
    string[] arguments = ["-s", "5", "-m", "1000000", "-l", "2048", "-t", "load@sink.example", $"127.0.0.1:{port}"];
    return Process.Start(new ProcessStartInfo("smtp-source", arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
