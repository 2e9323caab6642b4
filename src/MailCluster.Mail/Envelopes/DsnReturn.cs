namespace MailCluster.Mail.Envelopes;

/// <summary>RET= of RFC 3461 §4.3: how much of the message a failure notice carries; numbers are stored, never reused.</summary>
public enum DsnReturn
{
    Unspecified = 0,
    Headers = 1,
    Full = 2,
}
