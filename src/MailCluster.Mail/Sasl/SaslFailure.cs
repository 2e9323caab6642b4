namespace MailCluster.Mail.Sasl;

/// <summary>Why an authentication ended without success.</summary>
public enum SaslFailure
{
    /// <summary>The response does not fit the mechanism's grammar, or asks for what is not offered.</summary>
    Malformed,

    /// <summary>User name or password is wrong; never says which.</summary>
    WrongCredentials,
}
