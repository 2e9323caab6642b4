using System.Collections.Immutable;
using MailCluster.Actors.Mailboxes;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Node.Http;

/// <summary>An account's folders, and the names that it is subscribed to.</summary>
/// <param name="MaxMessageSize">Octets of the largest message that it takes.</param>
internal sealed record MailboxJson(
    long MaxMessageSize, ImmutableArray<FolderJson> Folders, ImmutableArray<string> Subscribed);

internal sealed record FolderJson(string Name, string? SpecialUse, uint UidValidity, long Messages, long Size)
{
    public static FolderJson Of(Folder folder) =>
        new(folder.Name.Text, folder.SpecialUse, folder.UidValidity.Value, folder.Messages, folder.Size);
}

/// <summary>A page of a folder; what to ask for behind it is its last UID, and behind an empty one is nothing.</summary>
internal sealed record MessagePageJson(ImmutableArray<MessageJson> Messages);

/// <param name="Flags">As a list in parentheses, as IMAP has it.</param>
internal sealed record MessageJson(uint Uid, string Flags, long Size, DateTimeOffset InternalDate)
{
    public static MessageJson Of(FetchedMessage message) => new(
        message.Uid.Value, FlagText.Write(message.Flags, message.Keywords), message.Size, message.InternalDate);
}

/// <summary>What came of a folder that was to be made, or subscribed to.</summary>
internal sealed record FolderAnswerJson(FolderOutcome Outcome);

/// <summary>What became of a message that was sent.</summary>
internal sealed record ImportAnswerJson(ImportAnswer Answer);

/// <summary>Keys of messages: asked for, and those of them that are there.</summary>
internal sealed record ImportedJson(ImmutableArray<string> Keys);
