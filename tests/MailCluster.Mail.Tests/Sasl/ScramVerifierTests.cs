using MailCluster.Mail.Sasl;

namespace MailCluster.Mail.Tests.Sasl;

public sealed class ScramVerifierTests
{
    [Fact]
    public void Verifier_knows_its_password_and_no_other()
    {
        var verifier = ScramVerifier.Create("pencil", iterations: 4);
        Assert.True(verifier.Matches("pencil"));
        Assert.False(verifier.Matches("Pencil"));
        Assert.False(verifier.Matches(""));
        Assert.False(verifier.Matches("pencil\0"));
    }

    [Fact]
    public void Defaults_are_a_long_salt_and_4096_rounds()
    {
        var verifier = ScramVerifier.Create("pencil");
        Assert.Equal(16, verifier.Salt.Length);
        Assert.Equal(4096, verifier.Iterations);
    }

    [Fact]
    public void Same_password_twice_gives_two_verifiers() =>
        Assert.False(ScramVerifier.Create("a", 1).StoredKey.SequenceEqual(ScramVerifier.Create("a", 1).StoredKey));

    [Fact]
    public void Same_salt_gives_the_same_verifier()
    {
        var left = ScramVerifier.Derive("pencil", [1, 2, 3], 2);
        var right = ScramVerifier.Derive("pencil", [1, 2, 3], 2);
        Assert.True(left.StoredKey.SequenceEqual(right.StoredKey));
        Assert.True(left.ServerKey.SequenceEqual(right.ServerKey));
    }

    [Theory]
    [InlineData("I\u00ADX", "IX")] // RFC 4013 §3, example 1: a soft hyphen is mapped to nothing
    [InlineData("a\u00A0b", "a b")] // RFC 4013 §2.1: other blanks are blanks
    [InlineData("p\u00E4ss", "p\u00E4ss")]
    public void Passwords_that_look_the_same_match(string stored, string typed) =>
        Assert.True(ScramVerifier.Create(stored, 1).Matches(typed));

    [Theory]
    [InlineData("bell\u0007")] // RFC 4013 §3, example 6
    [InlineData("del\u007F")]
    [InlineData("c1\u0085")]
    [InlineData("private\uE000")]
    [InlineData("lone\uD800")]
    [InlineData("left\u200E")]
    public void Prohibited_characters_are_refused_in_a_new_password(string password)
    {
        Assert.Throws<ArgumentException>(() => ScramVerifier.Create(password, 1));
        Assert.False(ScramVerifier.Create("x", 1).Matches(password));
    }

    [Fact]
    public void Decoy_is_the_same_for_one_name_and_looks_like_an_account()
    {
        var decoy = ScramVerifier.Decoy("nobody@example.org");
        var real = ScramVerifier.Create("x");
        Assert.True(decoy.Salt.SequenceEqual(ScramVerifier.Decoy("nobody@example.org").Salt));
        Assert.False(decoy.Salt.SequenceEqual(ScramVerifier.Decoy("somebody@example.org").Salt));
        Assert.Equal(
            (real.Salt.Length, real.Iterations, real.StoredKey.Length),
            (decoy.Salt.Length, decoy.Iterations, decoy.StoredKey.Length));
        Assert.False(decoy.Matches(""));
    }

    [Fact]
    public void Decoys_of_nodes_with_one_secret_agree() => Assert.True(
        ScramVerifier.Decoy("a", [1, 2]).Salt.SequenceEqual(ScramVerifier.Decoy("a", [1, 2]).Salt)
        && !ScramVerifier.Decoy("a", [1, 2]).Salt.SequenceEqual(ScramVerifier.Decoy("a", [1, 3]).Salt));

    [Fact]
    public void Keys_are_not_in_the_text() =>
        Assert.Equal("SCRAM-SHA-256 verifier", ScramVerifier.Create("pencil", 1).ToString());
}
