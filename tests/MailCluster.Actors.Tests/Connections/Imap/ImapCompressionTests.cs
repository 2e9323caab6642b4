using Akka.Actor;
using MailCluster.Actors.Connections;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Tests.Fakes;

namespace MailCluster.Actors.Tests.Connections.Imap;

/// <summary>COMPRESS=DEFLATE (RFC 4978) in all that a connection does, and against peers that mean harm.</summary>
public sealed class ImapCompressionTests : ImapConnectionKit
{
    private DeflatePeer Peer => field ??= new DeflatePeer(Transport);

    [Fact]
    public async Task Both_ways_are_compressed_behind_the_ok()
    {
        Deliver("Subject: one\r\n\r\nbody\r\n");
        await BeginCompressedAsync();
        await Peer.SendAsync("x FETCH 1 (UID BODY.PEEK[])\r\n");
        await Peer.ExpectAsync("* 1 FETCH (UID 1 BODY[] {22}");
        await Peer.ExpectAsync("Subject: one");
        await Peer.ExpectAsync("");
        await Peer.ExpectAsync("body");
        await Peer.ExpectAsync(")");
        await Peer.ExpectAsync("x OK ");
        await Peer.SendAsync("y COMPRESS DEFLATE\r\n");
        await Peer.ExpectAsync("y BAD [COMPRESSIONACTIVE] ");
    }

    [Fact]
    public async Task Octets_that_came_with_the_command_are_compressed_already()
    {
        await BeginSelectedAsync();
        await Peer.SendRawAsync([.. "c COMPRESS DEFLATE\r\n"u8, .. Peer.Compress("d NOOP\r\ne NOOP\r\n")]);
        await Peer.ExpectPlainAsync("c OK ");
        await Peer.ExpectAsync("d OK ");
        await Peer.ExpectAsync("e OK ");
    }

    [Fact]
    public async Task A_message_comes_in_compressed()
    {
        var connection = await BeginCompressedAsync();
        await Peer.SendAsync("p APPEND INBOX {300000}\r\n");
        await Peer.ExpectAsync("+ ");
        await Peer.SendAsync(new string('x', 300_000) + "\r\n");
        var question = await Mailbox.ExpectMsgAsync<ChangeMailbox>();
        Assert.Equal(300_000, Spool.Bodies.Values.Single().Length);
        connection.Tell(new MailboxChangeFailed(question.Request));
        await Peer.ExpectAsync("p NO ");
    }

    [Fact]
    public async Task Idle_and_a_stopping_service_are_told_compressed()
    {
        var connection = await BeginCompressedAsync();
        await Peer.SendAsync("i IDLE\r\n");
        await Peer.ExpectAsync("+ idling");
        DeliverAndTell(connection, "one\r\n");
        await Peer.ExpectAsync("* 1 EXISTS");
        await SettleAsync(connection);
        connection.Tell(ServiceStopping.Instance);
        await Peer.ExpectAsync("* BYE [UNAVAILABLE] ");
        Watch(connection);
        await ExpectTerminatedAsync(connection);
    }

    [Fact]
    public async Task Octets_that_are_no_deflate_end_the_connection()
    {
        var connection = await BeginCompressedAsync();
        Watch(connection);
        await Peer.SendRawAsync([.. "x NOOP\r\n"u8, .. Enumerable.Repeat((byte)0xFF, 100)]);
        await ExpectTerminatedAsync(connection);
    }

    [Fact]
    public async Task A_stream_that_ends_ends_the_connection()
    {
        var connection = await BeginCompressedAsync();
        Watch(connection);
        await Peer.SendRawAsync([3, 0]); // RFC 1951 §3.2.3: an empty last block
        await ExpectTerminatedAsync(connection);
    }

    /// <summary>A thousand times as much comes out of it: too long a line is one however few octets it came in.</summary>
    [Fact]
    public async Task A_line_is_as_long_as_what_it_was_before()
    {
        var connection = await BeginCompressedAsync();
        Watch(connection);
        var bomb = Peer.Compress(new string('x', 50_000_000));
        Assert.InRange(bomb.Length, 1, 500_000);
        var before = GC.GetTotalAllocatedBytes();
        _ = Transport.PeerOutput.WriteAsync(bomb).AsTask();
        await Peer.ExpectAsync("* BYE Line is too long");
        await ExpectTerminatedAsync(connection);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 20_000_000);
    }

    [Fact]
    public async Task Flushes_of_nothing_are_no_progress()
    {
        var connection = await BeginCompressedAsync();
        Watch(connection);
        for (var i = 0; i < 3; i++)
        {
            await Peer.SendRawAsync([0, 0, 0, 0xFF, 0xFF]);
            await SettleAsync(connection);
            Advance(IdleTimeout / 3);
        }

        await Peer.ExpectAsync("* BYE Idle");
        await ExpectTerminatedAsync(connection);
    }

    [Fact]
    public async Task Only_so_many_connections_are_compressed_and_each_gives_back_its_place()
    {
        Assert.True(Compression.TryTake());
        var connection = await BeginSelectedAsync();
        await SayAsync("c COMPRESS DEFLATE", "c NO [UNAVAILABLE] ");
        Compression.Return();
        await SayAsync("d COMPRESS DEFLATE", "d OK ");
        Assert.False(Compression.TryTake());
        Watch(connection);
        Transport.HangUp();
        await ExpectTerminatedAsync(connection);
        Assert.True(Compression.TryTake());
    }

    [Fact]
    public async Task Unauthenticate_ends_compression_and_the_watch_of_the_mailbox()
    {
        var connection = await BeginCompressedAsync();
        await Peer.SendAsync("u UNAUTHENTICATE\r\n");
        await Peer.ExpectAsync("u OK ");
        Assert.Equal(new UnwatchMailbox(Chris), await Mailbox.ExpectMsgAsync<UnwatchMailbox>());
        Assert.True(Compression.TryTake());
        Compression.Return();
        await SayAsync("v NOOP", "v OK ");
        await SayAsync("w SELECT INBOX", "w BAD Log in first");
        DeliverAndTell(connection, "late\r\n");
        Sys.Stop(Incarnation);
        await SayAsync("x LOGIN dana@hamburger.edu secret", "x OK ");
        await Client.SendAsync("y SELECT INBOX\r\n");
        Assert.Equal(new WatchMailbox(SmallDirectory.IdOf("dana")), await Mailbox.ExpectMsgAsync<WatchMailbox>());
        connection.Tell(new MailboxWatched(Chris), CreateTestProbe());
        await SettleAsync(connection);
        Client.ExpectSilence();
        connection.Tell(new MailboxWatched(SmallDirectory.IdOf("dana")), CreateTestProbe());
        await ExpectTaggedAsync("y OK ");
        await SayAsync("z COMPRESS DEFLATE", "z OK ");
    }

    [Fact]
    public async Task What_follows_unauthenticate_in_the_same_read_is_as_it_is()
    {
        await BeginCompressedAsync();
        await Peer.SendRawAsync(
            [.. Peer.Compress("u UNAUTHENTICATE\r\n"), .. "v LOGIN dana@hamburger.edu secret\r\n"u8]);
        await Peer.ExpectPlainAsync("v OK ", behind: [0, 0, 0xFF, 0xFF]);
    }

    private async Task<IActorRef> BeginCompressedAsync()
    {
        var connection = await BeginSelectedAsync();
        await SayAsync("c COMPRESS DEFLATE", "c OK ");
        return connection;
    }
}
