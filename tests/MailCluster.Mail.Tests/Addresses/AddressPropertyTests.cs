using System.Text;
using CsCheck;
using MailCluster.Mail.Addresses;

namespace MailCluster.Mail.Tests.Addresses;

/// <summary>Hostile addresses: never an exception, nothing longer than its bound, and what is read can be written.</summary>
public sealed class AddressPropertyTests
{
    private static readonly DomainName Own = DomainName.Parse("own.example");

    private static readonly string[] Seeds =
    [
        "<user@example.org>",
        "<a.b+c-d@sub.example.org>",
        "<\"a > b \\\" \\\\ c\"@example.org>",
        "<\"\"@example.org>",
        "<@hop.example,@other.example:user@example.org>",
        "<x@[192.0.2.255]>",
        "<x@[IPv6:2001:db8::192.0.2.1]>",
        "<jürgen@bücher.example>",
        "<用户@例え.テスト>",
        "<Postmaster>",
        "<>",
        $"<{new string('l', 64)}@{string.Join('.', Enumerable.Repeat(new string('d', 61), 3))}.e>",
    ];

    /// <summary>What the grammar turns on, and what no grammar expects.</summary>
    private static readonly Gen<char> Hostile = Gen.OneOf(
        Gen.Char["<>@:,.\"\\[]- \t\r\n\0aZ09%!_"],
        Gen.Char["\u00E9\u4F8B\u200B\u0130\u00DF\u3002\uFF0E\uD83D\uDD11\uDC00\uFEFF"],
        Gen.Char);

    private static readonly Gen<string> Mutated = Gen.Select(
        Gen.Int[0, Seeds.Length - 1], Gen.Select(Gen.Double[0, 1], Hostile, Gen.Int[0, 2]).Array[1, 8], Mutate);

    [Fact]
    public void Mutated_paths_are_refused_or_survive_writing() =>
        Gen.Select(Mutated, Gen.Bool).Sample(AssertSound, iter: 20_000);

    [Fact]
    public void Random_text_is_refused_or_survives_writing() =>
        Gen.Select(Hostile.Array[0, 400].Select(chars => $"<{new string(chars)}>"), Gen.Bool).Sample(AssertSound);

    [Fact]
    public void Every_prefix_and_every_rest_of_a_path_is_refused_or_survives_writing()
    {
        foreach (var seed in Seeds)
        {
            for (var at = 0; at <= seed.Length; at++)
            {
                AssertSound(seed[..at], true);
                AssertSound(seed[at..], true);
                AssertSound("<" + seed[at..], true);
                AssertSound(seed[..at] + ">", true);
            }
        }
    }

    [Fact]
    public void Only_the_source_route_is_forgotten_of_a_valid_path()
    {
        string[] special = ["<Postmaster>", "<@hop.example,@other.example:user@example.org>"];
        foreach (var seed in Seeds.Except(special))
        {
            Assert.True(ReversePath.TryRead(seed, allowUtf8: true, out var path, out var rest));
            Assert.Equal(seed, path.ToString(), ignoreCase: true); // a domain is kept in lower case
            Assert.True(rest.IsEmpty);
        }
    }

    [Fact]
    public void Any_domain_is_refused_or_fit_for_the_dns() =>
        Hostile.Array[0, 300].Select(chars => new string(chars)).Sample(text =>
        {
            if (DomainName.TryParse(text, allowUtf8: true, out var domain))
            {
                Assert.InRange(Encoding.UTF8.GetByteCount(domain.Text), 1, DomainName.MaxLength);
                Assert.True(domain.IsLiteral || Ascii.IsValid(domain.ToAscii()));
                Assert.Equal(domain, DomainName.Parse(domain.Text));
            }
        });

    [Fact]
    public void A_text_of_a_million_characters_is_refused_in_no_time()
    {
        var endless = new string('a', 1_000_000);
        string[] texts = [$"<{endless}@b>", $"<a@{endless}>", $"<\"{endless}\"@b>", $"<@{endless}:a@b>", endless];
        foreach (var text in texts)
        {
            Assert.False(ReversePath.TryRead(text, allowUtf8: true, out _, out _));
        }

        var dots = string.Concat(Enumerable.Repeat("a.", 500_000));
        Assert.False(DomainName.TryParse(dots + "b", allowUtf8: true, out _));
        Assert.False(MailAddress.TryParse(dots + "b@c", allowUtf8: true, out _));
    }

    private static void AssertSound(string text, bool allowUtf8)
    {
        if (ReversePath.TryRead(text, allowUtf8, out var reverse, out var rest) && !reverse.IsNull)
        {
            AssertSound(text, reverse.Address!.Value, rest.ToString(), allowUtf8);
            Assert.True(ReversePath.TryRead(reverse.ToString(), allowUtf8, out var again, out var nothing));
            Assert.Equal(reverse, again);
            Assert.True(nothing.IsEmpty);
        }

        if (ForwardPath.TryRead(text, allowUtf8, Own, out var forward, out rest))
        {
            AssertSound(text, forward.Address, rest.ToString(), allowUtf8);
            Assert.True(ForwardPath.TryRead(forward.ToString(), allowUtf8, Own, out var again, out _));
            Assert.Equal(forward, again);
        }
    }

    /// <summary>Nothing that it writes can end a line, a field or a path before its end.</summary>
    private static void AssertSound(string text, MailAddress address, string rest, bool allowUtf8)
    {
        Assert.EndsWith(rest, text, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(address.LocalPart), 0, MailAddress.MaxLocalPartLength);
        Assert.InRange(Encoding.UTF8.GetByteCount(address.Domain.Text), 1, DomainName.MaxLength);
        Assert.DoesNotContain(address.ToString(), char.IsControl);
        Assert.True(allowUtf8 || address.IsAscii);
        Assert.True(MailAddress.TryParse(address.ToString(), allowUtf8, out var again));
        Assert.Equal(address, again);
    }

    private static string Mutate(int seed, (double Place, char Value, int Kind)[] changes)
    {
        var text = new StringBuilder(Seeds[seed]);
        foreach (var (place, value, kind) in changes)
        {
            var at = (int)(place * (text.Length - 1));
            switch (kind)
            {
                case 0:
                    text[at] = value;
                    break;
                case 1:
                    text.Insert(at, value);
                    break;
                default:
                    text.Remove(at, text.Length > 1 ? 1 : 0);
                    break;
            }
        }

        return text.ToString();
    }
}
