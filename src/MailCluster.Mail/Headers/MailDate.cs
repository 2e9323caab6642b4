using System.Globalization;

namespace MailCluster.Mail.Headers;

/// <summary>date-time of RFC 5322 §3.3.</summary>
public static class MailDate
{
    /// <summary>Such as <c>Mon, 23 Nov 2026 03:32:28 +0000</c>.</summary>
    public static string Format(DateTimeOffset at)
    {
        var offset = (int)at.Offset.TotalMinutes;
        var zone = ((Math.Abs(offset) / 60) * 100) + (Math.Abs(offset) % 60);
        var sign = offset < 0 ? '-' : '+';
        return string.Create(CultureInfo.InvariantCulture, $"{at:ddd, d MMM yyyy HH:mm:ss} {sign}{zone:0000}");
    }
}
