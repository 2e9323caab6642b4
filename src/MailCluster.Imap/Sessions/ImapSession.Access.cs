using System.Diagnostics.CodeAnalysis;
using MailCluster.Imap.Commands;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Sasl;

namespace MailCluster.Imap.Sessions;

/// <summary>
/// Whose folder it is, and what may be done with it (RFC 4314). Rights to somebody else's are read before each command
/// that works on it, and what changes a folder is checked once more by its owner's one writer: rights that were taken away are gone at once.
/// </summary>
public sealed partial class ImapSession
{
    /// <summary>Any of these makes a folder one that can be changed (RFC 4314 §5.2).</summary>
    private const FolderRights ToChange = FolderRights.Insert | FolderRights.Expunge | FolderRights.KeepSeen
        | FolderRights.Write | FolderRights.DeleteMessages;

    /// <summary>After <see cref="Locate"/>: where the folder is to be found; null where the command has failed.</summary>
    internal FolderPlace? Place { get; private set; }

    /// <summary>After <see cref="Identify"/>: whom an identifier means; null where the command has failed.</summary>
    internal AccessIdentifier? Identified { get; private set; }

    /// <summary>The command has failed since a right is missing.</summary>
    internal bool LacksRight => _result.Code == "NOPERM";

    /// <summary>Finds out whose folder the name means; the command has failed where it can be nobody's.</summary>
    internal IEnumerable<SessionEffect> Locate(string text)
    {
        Place = null;
        if (!OtherUsers.IsReserved(text))
        {
            Place = Named(text, out var own) ? new FolderPlace(default, Login!.Address, own) : null;
            yield break;
        }

        var (address, name) = OtherUsers.Split(text);
        if (!Named(name, out var theirs))
        {
            yield break;
        }

        yield return new SessionEffect.FindUser(address);
        if (!Got(out EffectAnswer.User user))
        {
            yield break;
        }

        if (user.Account is { } owner && owner.Id != Login!.Id)
        {
            Place = new FolderPlace(owner.Id, owner.Address, theirs);
        }
        else
        {
            No("No such mailbox", "NONEXISTENT");
        }
    }

    /// <summary>The same of a name that shall be: below somebody who is not known nobody has a right.</summary>
    internal IEnumerable<SessionEffect> LocateNew(string text)
    {
        foreach (var effect in Locate(text))
        {
            yield return effect;
        }

        if (Place is null && _result.Code == "NONEXISTENT")
        {
            if (text.StartsWith(OtherUsers.Prefix, StringComparison.Ordinal))
            {
                Refuse();
            }
            else
            {
                No("No mailbox can have this name", "CANNOT");
            }
        }
    }

    /// <summary>After <see cref="FindFolder"/>: the folder, as its owner calls it; null where the command has failed.</summary>
    internal Folder? FoundFolder { get; private set; }

    /// <summary>Finds a folder with which something may be done.</summary>
    internal IEnumerable<SessionEffect> FindFolder(string text, FolderRights needed)
    {
        FoundFolder = null;
        foreach (var effect in Locate(text))
        {
            yield return effect;
        }

        if (Place is not { } place)
        {
            yield break;
        }

        yield return new SessionEffect.FindFolder(place.Name) { Owner = place.Owner };
        if (Got(out EffectAnswer.Found found) && Allows(found.Folder, needed))
        {
            FoundFolder = found.Folder;
        }
    }

    /// <summary>
    /// Finds the account of an identifier (RFC 4314 §3), behind the check of the folder's rights: who has none of them shall
    /// not learn who has an account.
    /// </summary>
    internal IEnumerable<SessionEffect> Identify(string text)
    {
        Identified = null;
        var isNegative = text.StartsWith('-');
        if (!SaslPrep.TryPrepare(isNegative ? text[1..] : text, out var name) || name.Length == 0)
        {
            Bad("No identifier can be like this");
            yield break;
        }

        if (name.Equals("anyone", StringComparison.OrdinalIgnoreCase))
        {
            Identified = new AccessIdentifier(default, isNegative);
            yield break;
        }

        yield return new SessionEffect.FindUser(name);
        if (!Got(out EffectAnswer.User user))
        {
            yield break;
        }

        if (user.Account is { } account)
        {
            Identified = new AccessIdentifier(account.Id, isNegative);
        }
        else
        {
            No("No such user", "NONEXISTENT");
        }
    }

    /// <summary>The rights are there; else the command has failed, as if there were no folder where it is not seen.</summary>
    internal bool Allows([NotNullWhen(true)] Folder? folder, FolderRights needed)
    {
        if (folder is not null && (folder.Rights & needed) == needed)
        {
            return true;
        }

        if (folder is not null && folder.Rights.HasFlag(FolderRights.Lookup))
        {
            Refuse();
        }
        else
        {
            No("No such mailbox", "NONEXISTENT");
        }

        return false;
    }

    internal void Refuse() => No("You have not the right to do this", "NOPERM");

    /// <summary>RFC 4314 §5.2; RFC 9051 §7.1.</summary>
    internal static string AccessCode(SelectedFolder selected) =>
        selected.IsReadOnly || (selected.Folder.Rights & ToChange) == 0 ? "READ-ONLY" : "READ-WRITE";

    internal void TellPermanentFlags(SelectedFolder selected)
    {
        var rights = selected.IsReadOnly ? FolderRights.None : selected.Folder.Rights;
        Out.Text("* OK [PERMANENTFLAGS ").Flags(
            AllFlags & rights.ChangeableFlags(),
            rights.HasFlag(FolderRights.Write) ? [.. selected.Folder.Keywords, @"\*"] : []);
        Out.Line("] Flags that are kept");
    }

    /// <summary>Somebody else's folder may be closed to the client since its last command; a notice of that may come late.</summary>
    private IEnumerable<SessionEffect> LookAtRights(ImapCommand command)
    {
        if (Selected is not { } selected || selected.Owner == default || !(selected.MustLook || command.IsOfSelected))
        {
            yield break;
        }

        yield return new SessionEffect.ReadRights(selected.Folder.Id);
        if (_answer is EffectAnswer.Rights read)
        {
            TellRights(selected, read.What);
        }

        _answer = null;
    }

    /// <summary>RFC 4314 §5.1.1.</summary>
    private void TellRights(SelectedFolder selected, FolderRights rights)
    {
        var before = selected.Folder.Rights;
        if (rights == before)
        {
            return;
        }

        if (!rights.HasFlag(FolderRights.Read))
        {
            Bye("The mailbox may not be read any more");
            return;
        }

        var code = AccessCode(selected);
        selected.Folder = selected.Folder with { Rights = rights };
        if (before.ChangeableFlags() != rights.ChangeableFlags())
        {
            TellFlags(selected.Folder);
            TellPermanentFlags(selected);
        }

        if (AccessCode(selected) is var now && now != code)
        {
            Out.Text("* OK [").Text(now).Line("] Rights have changed");
        }
    }
}
