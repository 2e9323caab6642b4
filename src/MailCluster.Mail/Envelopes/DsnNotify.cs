namespace MailCluster.Mail.Envelopes;

/// <summary>
/// NOTIFY= of RFC 3461 §4.1; numbers are stored, never reused. <see cref="Unspecified"/> means failures, and delays as
/// the server sees fit.
/// </summary>
[Flags]
public enum DsnNotify
{
    Unspecified = 0,
    Never = 1,
    Success = 2,
    Failure = 4,
    Delay = 8,
}
