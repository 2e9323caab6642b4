using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Serialization.Proto;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Actors.Serialization;

/// <summary>What concerns rights, and folders of others.</summary>
internal static partial class MailboxCodec
{
    public static ChangeMailboxAsData ToData(ChangeMailboxAs command) => new()
    {
        AskedBy = command.AskedBy.Value,
        Change = ToData(new ChangeMailbox(command.Account, command.Request, command.Change)),
    };

    public static ChangeMailboxAs FromData(ChangeMailboxAsData data)
    {
        if (data.Change is null || data.AskedBy == 0)
        {
            throw new FormatException("a change that nobody asks for");
        }

        var (account, request, change) = FromData(data.Change);
        return new ChangeMailboxAs(account, new AccountId(data.AskedBy), request, change);
    }

    private static SetRightsData ToData(MailboxChange.SetRights set) => new()
    {
        Folder = set.Folder.Text,
        Identifier = set.Identifier.Account.Value,
        Negative = set.Identifier.IsNegative,
        Action = (int)set.Action,
        Rights = (int)set.Rights,
    };

    private static MailboxChange.SetRights FromData(SetRightsData data) => new(
        FolderName.Parse(data.Folder),
        new AccessIdentifier(new AccountId(data.Identifier), data.Negative),
        (FlagsAction)data.Action,
        (FolderRights)data.Rights);

    private static CopyFromData ToData(MailboxChange.CopyFrom copy) => new()
    {
        Owner = copy.Owner.Value,
        From = copy.From.Value,
        Uids = ToData(copy.Uids),
        To = copy.To.Text,
    };

    private static MailboxChange.CopyFrom FromData(CopyFromData data) => new(
        new AccountId(data.Owner), new FolderId(data.From), FromData(data.Uids), FolderName.Parse(data.To));
}
