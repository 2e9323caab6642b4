using MailCluster.Actors.Serialization.Proto;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Actors.Serialization;

/// <summary>One message for another (RFC 8508).</summary>
internal static partial class MailboxCodec
{
    private static ReplaceData ToData(MailboxChange.Replace replace) => new()
    {
        From = replace.From.Value,
        Uid = replace.Uid.Value,
        To = replace.To.Text,
        Entry = ToData(replace.Entry),
    };

    private static MailboxChange.Replace FromData(ReplaceData data) => new(
        new FolderId(data.From), new Uid(data.Uid), FolderName.Parse(data.To), FromData(data.Entry));

    private static ReplaceResultData ToData(ReplaceResult result)
    {
        var data = new ReplaceResultData { Outcome = (int)result.Outcome };
        if (result is { Appended: { } appended, Expunged: { } expunged })
        {
            data.Appended = new AppendResultData
            {
                Outcome = (int)appended.Outcome,
                Folder = appended.Folder.Value,
                UidValidity = appended.UidValidity.Value,
                Uids = appended.Uids is { } uids ? ToData(uids) : null,
                Modseq = appended.ModSeq,
                Before = appended.Before,
            };
            data.Expunged = new ExpungeResultData
            {
                Outcome = (int)expunged.Outcome,
                Uids = ToData(expunged.Uids),
                Modseq = expunged.ModSeq,
                Before = expunged.Before,
            };
        }

        return data;
    }

    private static ReplaceResult FromData(ReplaceResultData data) => data is { Appended: { } added, Expunged: { } gone }
        ? new ReplaceResult(
            (FolderOutcome)data.Outcome,
            new AppendResult(
                (FolderOutcome)added.Outcome,
                new FolderId(added.Folder),
                new UidValidity(added.UidValidity),
                added.Uids is { } uids ? FromData(uids) : null,
                added.Modseq,
                added.Before),
            new ExpungeResult((FolderOutcome)gone.Outcome, FromData(gone.Uids), gone.Modseq, gone.Before))
        : new ReplaceResult((FolderOutcome)data.Outcome);
}
