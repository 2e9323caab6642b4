using System.Collections.Immutable;

namespace MailCluster.Mail.Mailboxes;

/// <summary>
/// The name of an entry of METADATA (RFC 5464 §3.2), in lower case: a path that begins with <c>/private</c> or
/// <c>/shared</c>.
/// </summary>
public readonly record struct EntryName
{
    /// <summary>Characters; RFC 5464 sets no bound.</summary>
    public const int MaxLength = 256;

    /// <summary>Behind it stands the name of a vendor and one of its own making.</summary>
    private const string Vendor = "vendor";

    private EntryName(string text) => Text = text;

    public string Text { get; }

    public bool IsShared => Text.StartsWith("/shared", StringComparison.Ordinal);

    /// <summary>RFC 5464 §3.2: two components, or four where a vendor made the name. What is shorter only stands above.</summary>
    public bool MayHaveValue => Text.Split('/') is { Length: > 2 } parts && (parts[2] != Vendor || parts.Length > 4);

    public static bool TryParse(string text, out EntryName name)
    {
#pragma warning disable CA1308 // Names are ASCII and without regard to case; in lower case is how they are written.
        var lower = text.ToLowerInvariant();
#pragma warning restore CA1308
        var isName = text.Length <= MaxLength
            && lower.Split('/') is ["", "private" or "shared", ..] parts
            && !parts.Skip(1).Contains("")
            && lower.All(c => c is >= ' ' and <= '~' and not '*' and not '%');
        name = isName ? new EntryName(lower) : default;
        return isName;
    }

    /// <summary>A name that was parsed before it was stored or sent; not looked at again.</summary>
    public static EntryName OfStored(string text) => new(text);

    /// <summary>How many components it stands below the other: 0 for itself, null where it does not.</summary>
    public int? DepthBelow(EntryName other) =>
        Text == other.Text ? 0
        : Text.StartsWith(other.Text + "/", StringComparison.Ordinal) ? Text.AsSpan(other.Text.Length).Count('/')
        : null;

    public override string ToString() => Text;
}

/// <summary>An entry with its value.</summary>
/// <param name="Folder">0 for the server's own (RFC 5464 §3.1).</param>
public sealed record Annotation(FolderId Folder, EntryName Name, ReadOnlyMemory<byte> Value)
{
    /// <summary>Octets of one value; RFC 5464 §4.1 asks for 1024 at least.</summary>
    public const int MaxValue = 16 * 1024;

    /// <summary>Entries of one folder, or of the server; RFC 5464 §4.1 asks for 10 at least.</summary>
    public const int MaxEntries = 100;

    /// <summary>Octets of all values of an account.</summary>
    public const long MaxOctets = 4 * 1024 * 1024;
}

/// <summary>An entry that is set, or removed where the value is null.</summary>
public sealed record AnnotationChange(EntryName Name, ReadOnlyMemory<byte>? Value);

/// <summary>What was set or removed since a MODSEQ.</summary>
/// <param name="ModSeq">The account's highest: nothing up to it is missing.</param>
public sealed record AnnotationNews(long ModSeq, ImmutableArray<ChangedAnnotation> Changed);

/// <param name="ModSeq">Of the change, which no other one has.</param>
public readonly record struct ChangedAnnotation(FolderId Folder, EntryName Name, long ModSeq);
