using Google.Protobuf;
using MailCluster.Actors.Serialization.Proto;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Actors.Serialization;

/// <summary>Changes of METADATA entries, between our types and protobuf's.</summary>
internal static class AnnotationCodec
{
    public static AnnotateData ToData(MailboxChange.Annotate annotate)
    {
        var data = new AnnotateData();
        if (annotate.Folder is { } folder)
        {
            data.Folder = folder.Text;
        }

        foreach (var (name, value) in annotate.Entries)
        {
            var entry = new AnnotationChangeData { Name = name.Text };
            if (value is { } octets)
            {
                entry.Value = ByteString.CopyFrom(octets.Span);
            }

            data.Entries.Add(entry);
        }

        return data;
    }

    public static MailboxChange.Annotate FromData(AnnotateData data) => new(
        data.HasFolder ? FolderName.Parse(data.Folder) : null,
        [.. data.Entries.Select(entry => new AnnotationChange(
            EntryName.OfStored(entry.Name), entry.HasValue ? (ReadOnlyMemory<byte>?)entry.Value.Memory : null))]);
}
