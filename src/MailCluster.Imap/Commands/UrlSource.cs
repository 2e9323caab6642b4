using System.Text;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Commands;

/// <summary>The octets that an URL in CATENATE names (RFC 4469 §3): a message that may be read, or a section of it.</summary>
internal sealed class UrlSource(ImapSession session, string text)
{
    private ImapUrl? _url;
    private Folder? _folder;

    /// <summary>After <see cref="Find"/>, unless the command has failed; of <see cref="Fields"/> the whole header.</summary>
    public MessageSlice? Slice { get; private set; }

    /// <summary>Only some fields of the header are named.</summary>
    public SectionSpec? Fields => _url?.Section is { IsFields: true } section ? section : null;

    public IEnumerable<SessionEffect> Find()
    {
        if (!ImapUrl.TryParse(text, out _url) || !IsOurs(_url!) || (_url!.Mailbox is null && session.Selected is null))
        {
            Refuse();
            yield break;
        }

        foreach (var effect in FindFolder(_url!.Mailbox))
        {
            yield return effect;
        }

        if (session.IsUnavailable)
        {
            yield break;
        }

        if (_folder is not { } folder || (_url!.UidValidity ?? folder.UidValidity.Value) != folder.UidValidity.Value)
        {
            Refuse();
            yield break;
        }

        yield return new SessionEffect.Fetch(
            folder.Id, UidSet.Of([_url.Uid]), FetchColumns.Prefix | FetchColumns.Structure, default, 1);
        if (!session.Got(out EffectAnswer.Messages messages))
        {
            yield break;
        }

        if (messages.Page is not [var message])
        {
            Refuse();
            yield break;
        }

        var structure = message.Structure is null ? null : StructureFormat.Read(message.Structure);
        if (structure is null && !_url.Section.IsWhole)
        {
            yield return new SessionEffect.ReadStructure(message.Body);
            if (!session.Got(out EffectAnswer.Structure computed))
            {
                yield break;
            }

            structure = computed.Of;
        }

        Slice = structure is null && !_url.Section.IsWhole
            ? null
            : new MessageLayout(message, structure).Find(_url.Section, Fields is null ? _url.Partial : null);
        if (Slice is null)
        {
            Refuse();
        }
    }

    /// <summary>What the range of the URL leaves of the fields.</summary>
    public ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> octets)
    {
        if (_url!.Partial is not { } part)
        {
            return octets;
        }

        var skipped = (int)Math.Min(part.First, octets.Length);
        return octets.Slice(skipped, (int)Math.Min(part.Count, octets.Length - skipped));
    }

    /// <summary>Another server's, or another user's, are out of reach.</summary>
    private bool IsOurs(ImapUrl url) =>
        (url.Host is null || url.Host.Equals(session.Options.Hostname.ToString(), StringComparison.OrdinalIgnoreCase))
        && (url.User is null || url.User.Equals(session.Login!.Address, StringComparison.OrdinalIgnoreCase));

    private IEnumerable<SessionEffect> FindFolder(string? mailbox)
    {
        if (mailbox is null)
        {
            _folder = session.Selected!.Folder;
            yield break;
        }

        foreach (var effect in session.FindFolder(mailbox, FolderRights.Read))
        {
            yield return effect;
        }

        _folder = session.FoundFolder;
    }

    /// <summary>RFC 4469 §4: the response code tells the URL as it came, as far as a code can hold it.</summary>
    private void Refuse()
    {
        var told = new StringBuilder();
        foreach (var character in text)
        {
            told.Append(character is >= ' ' and <= '~' and not (']' or '\\' or '"') ? character : '?');
        }

        session.No("There is nothing at this URL", $"BADURL \"{told}\"");
    }
}
