using Google.Protobuf;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Serialization.Proto;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Actors.Serialization;

/// <summary>Changes of mailboxes, between our types and protobuf's.</summary>
internal static partial class MailboxCodec
{
    public static ChangeMailboxData ToData(ChangeMailbox command)
    {
        var data = new ChangeMailboxData { Account = command.Account.Value, Request = command.Request };
        switch (command.Change)
        {
            case MailboxChange.CreateFolder create:
                data.Create = new CreateFolderData { Name = create.Name.Text };
                if (create.SpecialUse is { } use)
                {
                    data.Create.SpecialUse = use;
                }

                break;
            case MailboxChange.DeleteFolder delete:
                data.Delete = delete.Name.Text;
                break;
            case MailboxChange.RenameFolder rename:
                data.Rename = new RenameFolderData { From = rename.From.Text, To = rename.To.Text };
                break;
            case MailboxChange.Subscribe subscribe:
                data.Subscribe = new SubscribeData { Name = subscribe.Name.Text, Subscribed = subscribe.Subscribed };
                break;
            case MailboxChange.Append append:
                data.Append = new AppendData { Folder = append.Folder.Text, Entries = { append.Entries.Select(ToData) } };
                break;
            case MailboxChange.Import import:
                data.Import = new ImportData
                {
                    Folder = import.Folder.Text,
                    Entry = ToData(import.Entry),
                    Key = ByteString.CopyFrom(import.Key.ToByteArray()),
                };
                break;
            case MailboxChange.StoreFlags store:
                data.Store = ToData(store);
                break;
            case MailboxChange.Copy copy:
                data.Copy = new CopyData { From = copy.From.Value, Uids = ToData(copy.Uids), To = copy.To.Text };
                break;
            case MailboxChange.Move move:
                data.Move = new CopyData { From = move.From.Value, Uids = ToData(move.Uids), To = move.To.Text };
                break;
            case MailboxChange.Expunge expunge:
                data.Expunge = new ExpungeData { Folder = expunge.Folder.Value, Uids = ToData(expunge.Uids) };
                break;
            case MailboxChange.SetRights set:
                data.SetRights = ToData(set);
                break;
            case MailboxChange.CopyFrom copy:
                data.CopyFrom = ToData(copy);
                break;
            case MailboxChange.Remove remove:
                data.Remove = new ExpungeData { Folder = remove.Folder.Value, Uids = ToData(remove.Uids) };
                break;
            case MailboxChange.Annotate annotate:
                data.Annotate = AnnotationCodec.ToData(annotate);
                break;
            case MailboxChange.Replace replace:
                data.Replace = ToData(replace);
                break;
            default:
                throw new ArgumentException($"{command.Change.GetType()} does not travel between nodes.");
        }

        return data;
    }

    public static ChangeMailbox FromData(ChangeMailboxData data) => new(
        new AccountId(data.Account),
        data.Request,
        data.ChangeCase switch
        {
            ChangeMailboxData.ChangeOneofCase.Create => new MailboxChange.CreateFolder(
                FolderName.Parse(data.Create.Name), data.Create.HasSpecialUse ? data.Create.SpecialUse : null),
            ChangeMailboxData.ChangeOneofCase.Delete => new MailboxChange.DeleteFolder(FolderName.Parse(data.Delete)),
            ChangeMailboxData.ChangeOneofCase.Rename => new MailboxChange.RenameFolder(
                FolderName.Parse(data.Rename.From), FolderName.Parse(data.Rename.To)),
            ChangeMailboxData.ChangeOneofCase.Subscribe => new MailboxChange.Subscribe(
                FolderName.Parse(data.Subscribe.Name), data.Subscribe.Subscribed),
            ChangeMailboxData.ChangeOneofCase.Append => new MailboxChange.Append(
                FolderName.Parse(data.Append.Folder), [.. data.Append.Entries.Select(FromData)]),
            ChangeMailboxData.ChangeOneofCase.Import => new MailboxChange.Import(
                FolderName.Parse(data.Import.Folder), FromData(data.Import.Entry), ToKey(data.Import.Key)),
            ChangeMailboxData.ChangeOneofCase.Store => FromData(data.Store),
            ChangeMailboxData.ChangeOneofCase.Copy => new MailboxChange.Copy(
                new FolderId(data.Copy.From), FromData(data.Copy.Uids), FolderName.Parse(data.Copy.To)),
            ChangeMailboxData.ChangeOneofCase.Move => new MailboxChange.Move(
                new FolderId(data.Move.From), FromData(data.Move.Uids), FolderName.Parse(data.Move.To)),
            ChangeMailboxData.ChangeOneofCase.Expunge => new MailboxChange.Expunge(
                new FolderId(data.Expunge.Folder), FromData(data.Expunge.Uids)),
            ChangeMailboxData.ChangeOneofCase.SetRights => FromData(data.SetRights),
            ChangeMailboxData.ChangeOneofCase.CopyFrom => FromData(data.CopyFrom),
            ChangeMailboxData.ChangeOneofCase.Remove => new MailboxChange.Remove(
                new FolderId(data.Remove.Folder), FromData(data.Remove.Uids)),
            ChangeMailboxData.ChangeOneofCase.Annotate => AnnotationCodec.FromData(data.Annotate),
            ChangeMailboxData.ChangeOneofCase.Replace => FromData(data.Replace),
            _ => throw new FormatException("a change of a newer version of this program"),
        });

    public static MailboxChangedData ToData(MailboxChanged changed)
    {
        var data = new MailboxChangedData { Request = changed.Request };
        switch (changed.Result)
        {
            case FolderChange folder:
                data.Folder = new FolderChangeData
                {
                    Outcome = (int)folder.Outcome,
                    Folder = folder.Folder.Value,
                    Moved = folder.Moved is { } moved ? ToData(moved) : null,
                };
                break;
            case AppendResult append:
                data.Append = new AppendResultData
                {
                    Outcome = (int)append.Outcome,
                    Folder = append.Folder.Value,
                    UidValidity = append.UidValidity.Value,
                    Uids = append.Uids is { } uids ? ToData(uids) : null,
                    Modseq = append.ModSeq,
                    Before = append.Before,
                };
                break;
            case FlagsResult flags:
                data.Flags = ToData(flags);
                break;
            case CopyResult copy:
                data.Copy = ToData(copy);
                break;
            case ReplaceResult replace:
                data.Replace = ToData(replace);
                break;
            case ExpungeResult expunge:
                data.Expunge = new ExpungeResultData
                {
                    Outcome = (int)expunge.Outcome,
                    Uids = ToData(expunge.Uids),
                    Modseq = expunge.ModSeq,
                    Before = expunge.Before,
                };
                break;
            case AnnotationResult annotation:
                data.Annotation = new AnnotationResultData { Outcome = (int)annotation.Outcome, Modseq = annotation.ModSeq };
                break;
        }

        return data;
    }

    public static MailboxChanged FromData(MailboxChangedData data) => new(
        data.Request,
        data.ResultCase switch
        {
            MailboxChangedData.ResultOneofCase.Folder => new FolderChange(
                (FolderOutcome)data.Folder.Outcome,
                new FolderId(data.Folder.Folder),
                data.Folder.Moved is { } moved ? FromData(moved) : null),
            MailboxChangedData.ResultOneofCase.Append => new AppendResult(
                (FolderOutcome)data.Append.Outcome,
                new FolderId(data.Append.Folder),
                new UidValidity(data.Append.UidValidity),
                data.Append.Uids is { } uids ? FromData(uids) : null,
                data.Append.Modseq,
                data.Append.Before),
            MailboxChangedData.ResultOneofCase.Flags => new FlagsResult(
                (FolderOutcome)data.Flags.Outcome,
                data.Flags.Modseq,
                [.. data.Flags.Changed.Select(c => new FlaggedUids((MessageFlags)c.Flags, [.. c.Keywords], FromData(c.Uids)))],
                FromData(data.Flags.Failed),
                data.Flags.Before),
            MailboxChangedData.ResultOneofCase.Copy => FromData(data.Copy),
            MailboxChangedData.ResultOneofCase.Expunge => new ExpungeResult(
                (FolderOutcome)data.Expunge.Outcome, FromData(data.Expunge.Uids), data.Expunge.Modseq, data.Expunge.Before),
            MailboxChangedData.ResultOneofCase.Annotation => new AnnotationResult(
                (FolderOutcome)data.Annotation.Outcome, data.Annotation.Modseq),
            MailboxChangedData.ResultOneofCase.Replace => FromData(data.Replace),
            _ => throw new FormatException("a result of a newer version of this program"),
        });

    private static UidSetData ToData(UidSet set) =>
        new() { Ends = { set.Ranges.SelectMany(range => new[] { range.First.Value, range.Last.Value }) } };

    private static UidSet FromData(UidSetData data) => UidSet.Of(data.Ends.Chunk(2).Select(ends =>
        ends is [var first, var last] && first <= last
            ? new UidRange(new Uid(first), new Uid(last))
            : throw new FormatException("a set of UIDs that is none")));

    private static AppendEntryData ToData(AppendEntry entry) => new()
    {
        Body = EntryCodec.ToData(entry.Body.QueueId),
        BodySize = entry.BodySize,
        Prefix = entry.Prefix,
        Flags = (int)entry.Flags,
        Keywords = { entry.Keywords },
        InternalDate = entry.InternalDate.ToUnixTimeMilliseconds(),
    };

    private static AppendEntry FromData(AppendEntryData data) => new(
        EntryCodec.ToQueueId(data.Body).Body,
        data.BodySize,
        data.Prefix,
        (MessageFlags)data.Flags,
        [.. data.Keywords],
        DateTimeOffset.FromUnixTimeMilliseconds(data.InternalDate));

    private static ImportKey ToKey(ByteString key) => key.Length == ImportKey.ByteLength
        ? ImportKey.FromBytes(key.Span)
        : throw new FormatException("a key of an import that is none");

    private static StoreFlagsData ToData(MailboxChange.StoreFlags store) => new()
    {
        Folder = store.Folder.Value,
        Uids = ToData(store.Uids),
        Action = (int)store.Change.Action,
        Flags = (int)store.Change.Flags,
        Keywords = { store.Change.Keywords },
        UnchangedSince = store.Change.UnchangedSince,
    };

    private static MailboxChange.StoreFlags FromData(StoreFlagsData data) => new(
        new FolderId(data.Folder),
        FromData(data.Uids),
        new FlagsChange((FlagsAction)data.Action, (MessageFlags)data.Flags, [.. data.Keywords], data.UnchangedSince));

    private static FlagsResultData ToData(FlagsResult result) => new()
    {
        Outcome = (int)result.Outcome,
        Modseq = result.ModSeq,
        Changed =
        {
            result.Changed.Select(c => new FlaggedUidsData
            {
                Flags = (int)c.Flags,
                Keywords = { c.Keywords },
                Uids = ToData(c.Uids),
            }),
        },
        Failed = ToData(result.Failed),
        Before = result.Before,
    };

    private static CopyResultData ToData(CopyResult result) => new()
    {
        Outcome = (int)result.Outcome,
        Folder = result.Folder.Value,
        UidValidity = result.UidValidity.Value,
        From = result.From is { } from ? ToData(from) : null,
        To = result.To is { } to ? ToData(to) : null,
        ToModseq = result.ToModSeq,
        FromModseq = result.FromModSeq,
        FromBefore = result.FromBefore,
    };

    private static CopyResult FromData(CopyResultData data) => new(
        (FolderOutcome)data.Outcome,
        new FolderId(data.Folder),
        new UidValidity(data.UidValidity),
        data.From is { } from ? FromData(from) : null,
        data.To is { } to ? FromData(to) : null,
        data.ToModseq,
        data.FromModseq,
        data.FromBefore);
}
