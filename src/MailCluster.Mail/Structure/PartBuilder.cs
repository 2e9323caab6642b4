using System.Collections.Immutable;
using System.Text;

namespace MailCluster.Mail.Structure;

/// <summary>A part that is still open while the octets go by. Touched by <see cref="StructureScanner"/> only.</summary>
internal sealed class PartBuilder(PartBuilder? parent, bool isMessage, long start, HeaderAllowance allowance)
{
    private const int LongestBoundary = 1_000;

    private readonly ImmutableArray<MessagePart>.Builder _children = ImmutableArray.CreateBuilder<MessagePart>();
    private ContentField _contentType;
    private ContentField _disposition;
    private string _type = "text";
    private string _subtype = "plain";
    private string _encoding = "7bit";

    public PartBuilder? Parent => parent;

    /// <summary>Root of a message: the one read, or one embedded in it.</summary>
    public bool IsMessage => isMessage;

    public HeaderFields Fields { get; private set; } = new(isMessage, allowance);

    public bool InHeader { get; private set; } = true;

    public bool HeaderHasLines { get; set; }

    public long HeaderStart => start;

    public long BodyStart { get; private set; }

    /// <summary>Line ends seen before the body.</summary>
    public long BodyStartLines { get; private set; }

    /// <summary>What divides the children; null if there are none, or no more.</summary>
    public byte[]? Boundary { get; set; }

    public bool IsEmbedding { get; private set; }

    public bool IsDigest => _type == "multipart" && _subtype == "digest";

    public MessageEnvelope? Envelope { get; private set; }

    public EmbeddedMessage? Embedded { get; set; }

    public string? References { get; private set; }

    /// <summary>Something that a person reads at once (RFC 8970 §3).</summary>
    public bool IsReadable =>
        _type == "text" && _subtype is "plain" or "html" && _disposition.Value != "attachment";

    public bool IsHtml => _subtype == "html";

    public string TransferEncoding => _encoding;

    public string? Charset => MessagePart.ValueOf(_contentType.Parameters, "charset");

    public void Add(MessagePart child) => _children.Add(child);

    /// <summary>The header is complete and says what the body is.</summary>
    /// <param name="mayNest">Whether the limits allow parts in this one.</param>
    public void BeginBody(long at, long lines, bool mayNest)
    {
        InHeader = false;
        BodyStart = at;
        BodyStartLines = lines;
        _disposition = ContentField.Parse(Fields.Value("content-disposition") ?? "");
        _encoding = FirstWord(Fields.Value("content-transfer-encoding")) ?? "7bit";
        if (isMessage)
        {
            Envelope = HeaderReading.Envelope(Fields);
            References = Fields.Value("references");
        }

        SetType(Fields.Value("content-type"));
        SetNesting(mayNest);
    }

    /// <summary>All that follows in one piece.</summary>
    public void BeOpaque(long at, long lines)
    {
        InHeader = false;
        BodyStart = at;
        BodyStartLines = lines;
        _contentType = new ContentField("", []);
        _disposition = _disposition.Value is null ? new ContentField("", []) : _disposition;
        (_type, _subtype) = ("application", "octet-stream");
    }

    public MessagePart Build(long end, long lines)
    {
        if (_type == "multipart" && _children.Count == 0)
        {
            // The delimiter never came. A reader still sees the octets as text.
            BePlainText();
        }

        return new MessagePart
        {
            MediaType = _type,
            MediaSubtype = _subtype,
            Parameters = _contentType.Parameters,
            ContentId = Fields.Value("content-id"),
            Description = Fields.Value("content-description"),
            TransferEncoding = _encoding,
            Disposition = _disposition.Value.Length == 0 ? null : _disposition.Value,
            DispositionParameters = _disposition.Value.Length == 0 ? [] : _disposition.Parameters,
            Languages = Words(Fields.Value("content-language")),
            Location = Fields.Value("content-location"),
            Md5 = Fields.Value("content-md5"),
            Header = new OctetRange(HeaderStart, BodyStart - HeaderStart),
            Body = new OctetRange(BodyStart, end - BodyStart),
            Lines = _type == "text" || Embedded is not null ? lines : 0,
            Children = _children.DrainToImmutable(),
            Embedded = Embedded,
        };
    }

    private void SetType(string? field)
    {
        _contentType = ContentField.Parse(field ?? "");
        var words = _contentType.Value.Split('/');
        if (words.Length == 2 && words[0].Trim().Length > 0 && words[1].Trim().Length > 0)
        {
            (_type, _subtype) = (words[0].Trim(), words[1].Trim());
            return;
        }

        BePlainText();
        if (field is null && parent is { IsDigest: true } && !isMessage)
        {
            // RFC 2046 §5.1.5: what is in a digest is a message if it does not say otherwise.
            _contentType = new ContentField("", []);
            (_type, _subtype) = ("message", "rfc822");
        }
    }

    /// <summary>RFC 2045 §5.2: so is read what has no type, or one that is none.</summary>
    private void BePlainText()
    {
        _contentType = new ContentField("", [new MimeParameter("charset", "us-ascii")]);
        (_type, _subtype) = ("text", "plain");
    }

    private void SetNesting(bool mayNest)
    {
        if (Fields.LostContentType)
        {
            BeOpaque(BodyStart, BodyStartLines);
        }
        else if (_type == "multipart")
        {
            var boundary = MessagePart.ValueOf(_contentType.Parameters, "boundary")?.TrimEnd();
            if (string.IsNullOrEmpty(boundary) || boundary.Length > LongestBoundary)
            {
                BePlainText();
            }
            else if (mayNest)
            {
                Boundary = Encoding.UTF8.GetBytes(boundary);
            }
            else
            {
                BeOpaque(BodyStart, BodyStartLines);
            }
        }
        else if (_type == "message" && _subtype is "rfc822" or "global")
        {
            // An encoded message (RFC 6532 §3.7 allows one) has no octets of its own that a section could name.
            IsEmbedding = mayNest && _encoding is "7bit" or "8bit" or "binary";
            if (!IsEmbedding)
            {
                BeOpaque(BodyStart, BodyStartLines);
            }
        }
    }

    private static string? FirstWord(string? field)
    {
        var word = field?.Split([' ', '\t', ';', '('], 2)[0].ToLowerInvariant();
        return string.IsNullOrEmpty(word) ? null : word;
    }

    private static ImmutableArray<string> Words(string? field) =>
        [.. (field ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
