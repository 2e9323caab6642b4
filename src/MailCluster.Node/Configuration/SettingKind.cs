namespace MailCluster.Node.Configuration;

internal delegate bool SettingParser<T>(string text, out T value);

/// <summary>One kind of value: how it is read and written, and what an operator is told who got it wrong.</summary>
internal sealed record SettingKind<T>(string Allowed, SettingParser<T> TryParse, Func<T, string> Write);
