namespace MailCluster.Node.Tls;

internal static partial class TlsLog
{
    [LoggerMessage(
        EventId = 110, Level = LogLevel.Information,
        Message = "Certificate {File} read anew, valid until {NotAfter:u}")]
    public static partial void CertificateReloaded(this ILogger logger, string file, DateTime notAfter);

    [LoggerMessage(
        EventId = 111, Level = LogLevel.Warning,
        Message = "Certificate {File} has changed and cannot be used: {Reason}")]
    public static partial void CertificateNotReloaded(this ILogger logger, string file, string reason);
}
