namespace MailCluster.Mail.Structure;

/// <summary>
/// Whether a person would say that something is attached: a part that says so, has a file name and is not shown
/// within the text, or is a forwarded message. Signatures are none.
/// </summary>
internal static class Attachments
{
    public static bool AnyIn(MessagePart root)
    {
        var waiting = new Stack<MessagePart>([root]);
        while (waiting.TryPop(out var part))
        {
            if (IsAttachment(part))
            {
                return true;
            }

            foreach (var child in part.Children)
            {
                waiting.Push(child);
            }
        }

        return false;
    }

    private static bool IsAttachment(MessagePart part)
    {
        if (part.IsMultipart || part.MediaSubtype is "pgp-signature" or "pkcs7-signature" or "x-pkcs7-signature")
        {
            return false;
        }

        return part.Disposition == "attachment" || part.Embedded is not null
            || (part.ContentId is null && HasFileName(part));
    }

    /// <summary>RFC 2231 §3: "filename*", "filename*0" and so on are file names as well.</summary>
    private static bool HasFileName(MessagePart part) =>
        part.DispositionParameters.Any(p => p.Name.Split('*')[0] == "filename")
        || part.Parameters.Any(p => p.Name.Split('*')[0] == "name");
}
