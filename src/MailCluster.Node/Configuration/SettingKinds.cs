using System.Globalization;
using System.Net;
using MailCluster.Mail.Addresses;

namespace MailCluster.Node.Configuration;

/// <summary>The kinds of values that settings have.</summary>
internal static class SettingKinds
{
    private const string None = "none";

    public static readonly SettingKind<bool> Flag = new(
        "true or false", bool.TryParse, value => value ? "true" : "false");

    public static readonly SettingKind<string> Text = new(
        "a text that is not empty", TryParseText, value => value);

    public static readonly SettingKind<string> Host = new(
        "a host name, or an IP address in brackets", TryParseHost, value => value);

    public static readonly SettingKind<DomainName> Domain = new(
        "a domain such as mail.example.org", TryParseDomain, value => value.Text);

    public static readonly SettingKind<string> DomainPattern = new(
        "a domain such as example.org, or .example.org for all below it", TryParseDomainPattern, value => value);

    public static readonly SettingKind<IPAddress> Address = new(
        "an IP address such as 127.0.0.1 or ::", TryParseAddress, value => value.ToString());

    public static readonly SettingKind<IPEndPoint> DnsServer = new(
        "an IP address, with a port where it is not 53, such as 127.0.0.1:5353",
        TryParseDnsServer,
        value => value.ToString());

    public static readonly SettingKind<IPEndPoint> AddressAndPort = new(
        "an IP address and a port, such as 10.0.0.1:4053",
        (string text, out IPEndPoint value) => IPEndPoint.TryParse(text, out value!) && value.Port > 0,
        value => value.ToString());

    public static readonly SettingKind<IPNetwork> Network = new(
        "a network such as 192.0.2.0/24 or 2001:db8::/32, or an IP address",
        TryParseNetwork,
        value => value.ToString());

    /// <summary>Relative to the current directory; read as the full path.</summary>
    public static readonly SettingKind<string> Folder = new("a path", TryParsePath, value => value);

    public static readonly SettingKind<string> ExistingFile = new(
        "the path of a file that exists", TryParseExistingFile, value => value);

    /// <summary>0 lets the system choose a port, which tests do.</summary>
    public static readonly SettingKind<int> ListenPort = Count(0, 65535);

    public static readonly SettingKind<int> Port = Count(1, 65535);

    public static SettingKind<int> Count(int min, int max) => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
        (string text, out int value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= min && value <= max,
        value => value.ToString(CultureInfo.InvariantCulture));

    public static SettingKind<long> Size(string example, string min, string max)
    {
        var (from, to) = (SizeText.Parse(min), SizeText.Parse(max));
        return new(
            $"a size such as {example}, from {min} to {max}",
            (string text, out long value) => SizeText.TryParse(text, out value) && value >= from && value <= to,
            SizeText.Write);
    }

    public static SettingKind<TimeSpan> Duration(string example, string min, string max)
    {
        var (from, to) = (DurationText.Parse(min), DurationText.Parse(max));
        return new(
            $"a duration such as {example}, from {min} to {max}",
            (string text, out TimeSpan value) => DurationText.TryParse(text, out value) && value >= from && value <= to,
            DurationText.Write);
    }

    public static SettingKind<double> Percentage(int max) => new(
        string.Create(CultureInfo.InvariantCulture, $"a percentage such as 3%, from 0% to {max}%"),
        (string text, out double value) => TryParsePercentage(text, max, out value),
        value => string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.##}%"));

    public static SettingKind<T> OneOf<T>()
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        return new(
            $"one of {string.Join(", ", names.Select(n => n.ToLowerInvariant()))}",
            (string text, out T value) => TryParseName(names, text, out value),
            value => value.ToString().ToLowerInvariant());
    }

    /// <summary>A value, or <c>none</c>.</summary>
    public static SettingKind<T?> OptionalValue<T>(SettingKind<T> kind)
        where T : struct => new(
        $"{kind.Allowed}, or none",
        (string text, out T? value) =>
        {
            value = null;
            if (IsNone(text))
            {
                return true;
            }

            var read = kind.TryParse(text, out var some);
            value = some;
            return read;
        },
        value => value is { } some ? kind.Write(some) : None);

    /// <summary>A text, or <c>none</c>.</summary>
    public static SettingKind<string?> Optional(SettingKind<string> kind) => new(
        $"{kind.Allowed}, or none",
        (string text, out string? value) =>
        {
            value = null;
            return IsNone(text) || kind.TryParse(text, out value!);
        },
        value => value is null ? None : kind.Write(value));

    private static bool IsNone(string text) => text.Equals(None, StringComparison.OrdinalIgnoreCase);

    private static bool TryParseText(string text, out string value)
    {
        value = text;
        return text.Length > 0 && !text.Any(char.IsControl);
    }

    private static bool TryParseHost(string text, out string value)
    {
        value = text;
        return IPAddress.TryParse(text, out _) || DomainName.TryParse(text, allowUtf8: true, out _);
    }

    private static bool TryParseDomain(string text, out DomainName value) =>
        DomainName.TryParse(text, allowUtf8: true, out value) && !value.IsLiteral;

    private static bool TryParseDomainPattern(string text, out string value)
    {
        value = text.ToLowerInvariant();
        return DomainName.TryParse(text.StartsWith('.') ? text[1..] : text, allowUtf8: true, out _);
    }

    // IPAddress takes "1" for 0.0.0.1: nobody who writes that means it.
    private static bool TryParseAddress(string text, out IPAddress value) =>
        IPAddress.TryParse(text, out value!) && text.AsSpan().ContainsAny('.', ':');

    private static bool TryParseDnsServer(string text, out IPEndPoint value)
    {
        const int dnsPort = 53;
        if (TryParseAddress(text, out var address))
        {
            value = new IPEndPoint(address, dnsPort);
            return true;
        }

        return IPEndPoint.TryParse(text, out value!) && value.Port > 0;
    }

    private static bool TryParseNetwork(string text, out IPNetwork value)
    {
        if (TryParseAddress(text, out var address))
        {
            value = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out value);
    }

    private static bool TryParsePath(string text, out string value)
    {
        var valid = text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal);
        value = valid ? Path.GetFullPath(text) : text;
        return valid;
    }

    private static bool TryParseExistingFile(string text, out string value) =>
        TryParsePath(text, out value) && File.Exists(value);

    private static bool TryParsePercentage(string text, int max, out double value)
    {
        const NumberStyles plain = NumberStyles.AllowDecimalPoint;
        value = 0;
        if (!text.EndsWith('%')
            || !double.TryParse(text.AsSpan(0, text.Length - 1), plain, CultureInfo.InvariantCulture, out var percent)
            || !(percent <= max))
        {
            return false;
        }

        value = percent / 100;
        return true;
    }

    // Enum.TryParse alone would take numbers and lists.
    private static bool TryParseName<T>(string[] names, string text, out T value)
        where T : struct, Enum
    {
        value = default;
        return names.Contains(text, StringComparer.OrdinalIgnoreCase)
            && Enum.TryParse(text, ignoreCase: true, out value);
    }
}
