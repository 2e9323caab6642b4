using System.Collections.Immutable;
using MailCluster.Imap.Commands;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;

namespace MailCluster.Imap.Syntax;

/// <summary>The conditions of SEARCH (RFC 9051 §9, search-key).</summary>
internal ref partial struct SyntaxReader
{
    /// <summary>NOT, OR and parentheses within each other.</summary>
    public const int MaxSearchDepth = 50;

    /// <summary>Conditions of one command.</summary>
    public const int MaxSearchKeys = 500;

    /// <summary>Characters that are sought: comparing costs as much as text times this, where somebody wants it to.</summary>
    public const int MaxSearchText = 4_000;

    /// <summary>One or more with a space between, all of which must be so.</summary>
    public SearchKey SearchKeys(DateTimeOffset now, int depth = 0)
    {
        var keys = ImmutableArray.CreateBuilder<SearchKey>();
        do
        {
            keys.Add(SearchKey(now, depth));
        }
        while (Try(' '));
        return keys.Count == 1 ? keys[0] : new SearchKey.And(keys.DrainToImmutable());
    }

    private SearchKey SearchKey(DateTimeOffset now, int depth)
    {
        if (depth > MaxSearchDepth || ++_searchKeys > MaxSearchKeys)
        {
            Fail("fewer conditions");
            return new SearchKey.Never();
        }

        if (Try('('))
        {
            var inner = SearchKeys(now, depth + 1);
            Expect(')');
            return inner;
        }

        if (IsNext('$') || IsNext('*') || (!IsAtEnd && char.IsAsciiDigit((char)_text[_at])))
        {
            return new SearchKey.Numbers(SequenceSet(), IsUid: false);
        }

        return SearchKey(Keyword(), now, depth);
    }

    private SearchKey SearchKey(string keyword, DateTimeOffset now, int depth) => keyword switch
    {
        "ALL" => Columns(new MessageCriteria()),
        "ANSWERED" => With(MessageFlags.Answered),
        "DELETED" => With(MessageFlags.Deleted),
        "DRAFT" => With(MessageFlags.Draft),
        "FLAGGED" => With(MessageFlags.Flagged),
        "SEEN" => With(MessageFlags.Seen),
        "UNANSWERED" => Without(MessageFlags.Answered),
        "UNDELETED" => Without(MessageFlags.Deleted),
        "UNDRAFT" => Without(MessageFlags.Draft),
        "UNFLAGGED" => Without(MessageFlags.Flagged),
        "UNSEEN" => Without(MessageFlags.Seen),
        "NEW" or "RECENT" => new SearchKey.Never(), // nobody is told that a message is recent
        "OLD" => Columns(new MessageCriteria()),
        "KEYWORD" => OfKeyword(isSet: true),
        "UNKEYWORD" => OfKeyword(isSet: false),
        "LARGER" => Columns(new MessageCriteria { MinSize = Argument64() + 1 }),
        "SMALLER" => Columns(new MessageCriteria { MaxSize = Argument64() - 1 }),
        "BEFORE" => Columns(new MessageCriteria { InternalBefore = Midnight(Day()) }),
        "SINCE" => Columns(new MessageCriteria { InternalFrom = Midnight(Day()) }),
        "ON" => On(),
        "SAVEDBEFORE" => Columns(new MessageCriteria { SavedBefore = Midnight(Day()) }),
        "SAVEDSINCE" => Columns(new MessageCriteria { SavedFrom = Midnight(Day()) }),
        "SAVEDON" => SavedOn(),
        "SAVEDATESUPPORTED" => Columns(new MessageCriteria()),
        "OLDER" => Columns(new MessageCriteria { InternalBefore = now - Seconds() }),
        "YOUNGER" => Columns(new MessageCriteria { InternalFrom = now - Seconds() }),
        "MODSEQ" => ModSeq(),
        "SENTBEFORE" => new SearchKey.Sent(DateOnly.MinValue, Day()),
        "SENTSINCE" => new SearchKey.Sent(Day(), DateOnly.MaxValue),
        "SENTON" => SentOn(),
        "UID" => new SearchKey.Numbers(Set(), IsUid: true),
        "EMAILID" => new SearchKey.EmailId(Argument()),
        "THREADID" => Nothing(Argument()),
        "BODY" => new SearchKey.Text(TextCriterion.InBody(Argument())),
        "TEXT" => new SearchKey.Text(TextCriterion.InText(Argument())),
        "SUBJECT" or "FROM" or "TO" or "CC" or "BCC" => new SearchKey.Text(TextCriterion.InField(keyword, Argument())),
        "HEADER" => new SearchKey.Text(TextCriterion.InField(Argument(), Argument())),
        "NOT" => Not(now, depth),
        "OR" => Or(now, depth),
        _ => UnknownKey(),
    };

    private static SearchKey.Columns Columns(MessageCriteria criteria) => new(criteria);

    private static SearchKey.Columns With(MessageFlags flags) => new(new MessageCriteria { With = flags });

    private static SearchKey.Columns Without(MessageFlags flags) => new(new MessageCriteria { Without = flags });

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static DateOnly After(DateOnly day) => day == DateOnly.MaxValue ? day : day.AddDays(1);

    private static SearchKey.Never Nothing(string _) => new();

    private SearchKey UnknownKey()
    {
        Fail("a search key before here");
        return new SearchKey.Never();
    }

    private SearchKey OfKeyword(bool isSet)
    {
        Space();
        var name = Flag();
        return (FlagNames.Find(name), isSet) switch
        {
            (MessageFlags.None, true) => Columns(new MessageCriteria { Keyword = name }),
            (MessageFlags.None, false) => Columns(new MessageCriteria { WithoutKeyword = name }),
            (var flag, true) => With(flag),
            (var flag, false) => Without(flag),
        };
    }

    private SearchKey On()
    {
        var day = Day();
        return Columns(new MessageCriteria { InternalFrom = Midnight(day), InternalBefore = Midnight(After(day)) });
    }

    private SearchKey SavedOn()
    {
        var day = Day();
        return Columns(new MessageCriteria { SavedFrom = Midnight(day), SavedBefore = Midnight(After(day)) });
    }

    private SearchKey SentOn()
    {
        var day = Day();
        return new SearchKey.Sent(day, After(day));
    }

    /// <summary>RFC 7162 §3.1.5: an entry's name and type may stand before it; we keep one counter for all.</summary>
    private SearchKey ModSeq()
    {
        Space();
        if (IsNext('"'))
        {
            String();
            Space();
            Atom();
            Space();
        }

        return new SearchKey.Columns(new MessageCriteria { ChangedSince = Number64() - 1 }, NamesModSeq: true);
    }

    private SearchKey Not(DateTimeOffset now, int depth)
    {
        Space();
        return new SearchKey.Not(SearchKey(now, depth + 1));
    }

    private SearchKey Or(DateTimeOffset now, int depth)
    {
        Space();
        var left = SearchKey(now, depth + 1);
        Space();
        return new SearchKey.Or(left, SearchKey(now, depth + 1));
    }

    private DateOnly Day()
    {
        Space();
        return Date();
    }

    private TimeSpan Seconds()
    {
        Space();
        return TimeSpan.FromSeconds(NzNumber());
    }

    private long Argument64()
    {
        Space();
        return Math.Min(Number64(), long.MaxValue - 1);
    }

    private string Argument()
    {
        Space();
        var text = AString();
        if (text.Length > MaxSearchText)
        {
            Fail($"a text of at most {MaxSearchText} characters before here");
        }

        return text;
    }

    private NumberSet Set()
    {
        Space();
        return SequenceSet();
    }
}
