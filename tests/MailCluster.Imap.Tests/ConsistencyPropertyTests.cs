using CsCheck;
using MailCluster.ImapPlay;

namespace MailCluster.Imap.Tests;

/// <summary>
/// Random commands of two or three clients on one mailbox, with and without CONDSTORE and QRESYNC, beside a model of the
/// mailbox. A failure prints the seed, the shortest play that shows it, and all that was said.
/// </summary>
public sealed class ConsistencyPropertyTests
{
    [Fact]
    public void Every_client_knows_the_mailbox_from_what_it_was_told() => Sample(interleaves: false, failures: 0);

    [Fact]
    public void So_it_does_whoever_acts_between_any_two_steps() => Sample(interleaves: true, failures: 0);

    [Fact]
    public void So_it_does_when_the_store_has_failed_now_and_then() => Sample(interleaves: true, failures: 0.05);

    /// <summary>RFC 7162 §5.3: then more is told to be gone than went, and nothing less.</summary>
    [Fact]
    public void So_it_does_when_the_store_no_longer_knows_what_went() => Sample(interleaves: true, failures: 0, forgets: true);

    private static void Sample(bool interleaves, double failures, bool forgets = false) => Plays.All.Sample(
        play => new Play(new FakePlayedStore(forgets), new StoppedClock(), play.Kinds, play.Seed, interleaves, failures).Run(play.Deeds),
        iter: 1_000,
        print: Plays.Print);
}
