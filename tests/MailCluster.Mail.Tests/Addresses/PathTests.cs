using CsCheck;
using MailCluster.Mail.Addresses;

namespace MailCluster.Mail.Tests.Addresses;

public sealed class PathTests
{
    private static readonly DomainName Own = DomainName.Parse("own.example");

    private static readonly Gen<string> PathLikeText =
        Gen.Char["<>@:,.\"\\ abPostmaster[]1:\u00E9\r\n\0\uD800"].Array[0, 40].Select(c => new string(c));

    public static TheoryData<string> ValidPaths => new()
    {
        "<user@example.org>",
        "<\"a > b\"@example.org>",
        "<\"a\\\"b\"@example.org>",
        "<@hop.example,@other.example:user@example.org>",
        "<x@[IPv6:2001:db8::1]>",
        "<Postmaster>",
    };

    [Theory]
    [InlineData("<user@example.org> SIZE=1", "user@example.org", " SIZE=1")]
    [InlineData("<user@example.org>", "user@example.org", "")]
    [InlineData("<@a.example,@b.example:user@example.org>X", "user@example.org", "X")]
    [InlineData("<\"a>b\"@example.org> Y", "\"a>b\"@example.org", " Y")]
    public void Path_is_read_and_what_follows_is_left(string text, string address, string rest)
    {
        Assert.True(ReversePath.TryRead(text, allowUtf8: false, out var path, out var left));
        Assert.Equal(address, path.ToAddressText());
        Assert.Equal($"<{address}>", path.ToString());
        Assert.Equal(rest, left.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("<")]
    [InlineData("user@example.org")]
    [InlineData("< user@example.org>")]
    [InlineData("<user@example.org")]
    [InlineData("<user>")]
    [InlineData("<user@>")]
    [InlineData("<@example.org>")]
    [InlineData("<@hop.example user@example.org>")]
    [InlineData("<hop.example:user@example.org>")]
    [InlineData("<<user@example.org>>")]
    public void What_is_no_path_is_refused(string text)
    {
        Assert.False(ReversePath.TryRead(text, allowUtf8: false, out _, out _));
        Assert.False(ForwardPath.TryRead(text, allowUtf8: false, Own, out _, out _));
    }

    [Fact]
    public void Null_reverse_path_has_no_address()
    {
        Assert.True(ReversePath.TryRead("<> BODY=7BIT", allowUtf8: false, out var path, out var rest));
        Assert.True(path.IsNull);
        Assert.Equal("<>", path.ToString());
        Assert.Equal("", path.ToAddressText());
        Assert.Equal(" BODY=7BIT", rest.ToString());
    }

    [Fact]
    public void Null_forward_path_is_refused() => Assert.False(ForwardPath.TryRead("<>", false, Own, out _, out _));

    [Theory]
    [InlineData("<Postmaster>")]
    [InlineData("<postMASTER>")]
    public void Bare_postmaster_is_ours(string text)
    {
        Assert.True(ForwardPath.TryRead(text, allowUtf8: false, Own, out var path, out _));
        Assert.Equal("<postmaster@own.example>", path.ToString());
    }

    [Fact]
    public void Path_has_at_most_256_octets()
    {
        var local = new string('a', 64);
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 46), 4));
        var longest = $"<{local}@{domain}.b>";
        Assert.Equal(MailAddress.MaxPathLength, longest.Length);
        Assert.True(ReversePath.TryRead(longest, false, out _, out _));
        Assert.False(ReversePath.TryRead($"<{local}@{domain}.bb>", false, out _, out _));
    }

    [Theory]
    [MemberData(nameof(ValidPaths))]
    public void Every_prefix_of_a_path_is_refused(string text)
    {
        for (var length = 0; length < text.Length; length++)
        {
            Assert.False(ForwardPath.TryRead(text.AsSpan(0, length), allowUtf8: true, Own, out _, out _));
        }

        Assert.True(ForwardPath.TryRead(text, allowUtf8: true, Own, out _, out var rest));
        Assert.True(rest.IsEmpty);
    }

    [Fact]
    public void Any_text_is_read_or_refused_and_never_throws() =>
        Gen.Select(PathLikeText, Gen.Bool).Sample((text, allowUtf8) =>
        {
            if (ForwardPath.TryRead(text, allowUtf8, Own, out var path, out var rest))
            {
                Assert.EndsWith(rest.ToString(), text, StringComparison.Ordinal);
                Assert.True(ForwardPath.TryRead(path.ToString(), allowUtf8, Own, out var again, out _));
                Assert.Equal(path, again);
                Assert.DoesNotContain('\r', path.ToString());
            }
        });
}
