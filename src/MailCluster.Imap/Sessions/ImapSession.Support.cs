using System.Diagnostics.CodeAnalysis;
using MailCluster.Imap.Framing;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>What several commands do alike.</summary>
public sealed partial class ImapSession
{
    private int _loginFailures;
    private string _tag = "*";
    private string? _line;
    private bool _isCompleted;

    /// <summary>The tagged OK goes out before the command is at its end: STARTTLS answers, and then acts.</summary>
    internal void CompleteNow(string text)
    {
        _isCompleted = true;
        Complete(_tag, new CommandResult("OK", text));
    }

    /// <summary>A line within a command: a SASL response, DONE. False where it has not come yet.</summary>
    internal bool TryReadLine()
    {
        switch (_framer.Read(ref _input))
        {
            case FrameResult.NeedMore when !IsTooMuchBeforeLogin(0):
                return false;
            case FrameResult.Command:
                _line = System.Text.Encoding.Latin1.GetString(_framer.Text[..^2]);
                return true;
            case FrameResult.Literal:
                DropLiteral();
                _line = null;
                return true;
            default:
                Bye("Line is too long");
                _line = null;
                return true;
        }
    }

    /// <summary>
    /// Octets of one command or response that somebody may make us keep whom we do not know; the longest name and password
    /// fit in many times.
    /// </summary>
    private const int MaxBeforeLogin = 16 * 1024;

    private bool IsTooMuchBeforeLogin(long announced) =>
        State == ImapState.NotAuthenticated && _framer.Text.Length + announced > MaxBeforeLogin;

    /// <summary>The line that was read; null where it is none.</summary>
    internal string? TakeLine() => _line;

    /// <summary>RFC 9051 §6.2: the client may know what it can do now.</summary>
    internal void Accept(LoginAccount? account)
    {
        if (account is null)
        {
            RefuseLogin();
            return;
        }

        Login = account;
        State = ImapState.Authenticated;
        Ok("Logged in", "CAPABILITY " + Capabilities.Of(this));
    }

    internal void RefuseLogin()
    {
        No("Wrong name or password", "AUTHENTICATIONFAILED");
        if (++_loginFailures >= Options.MaxLoginFailures)
        {
            Bye("Wrong name or password, too often");
        }
    }

    /// <summary>A name that a folder can have; else the command has failed, since there is none.</summary>
    internal bool Named(string text, out FolderName name)
    {
        if (FolderName.TryParse(text, out name))
        {
            return true;
        }

        No("No such mailbox", "NONEXISTENT");
        return false;
    }

    internal bool MayWrite()
    {
        if (Selected is { IsReadOnly: true })
        {
            No("The mailbox was opened read-only", "READ-ONLY");
            return false;
        }

        return true;
    }

    /// <summary>The change is done; else the command has failed, and the client is told why.</summary>
    internal bool Succeeded<T>([NotNullWhen(true)] out T? result)
        where T : ChangeResult
    {
        result = null;
        if (!Got(out EffectAnswer.Changed changed))
        {
            return false;
        }

        switch (changed.Result.Outcome)
        {
            case FolderOutcome.Done:
                result = (T)changed.Result;
                return true;
            case FolderOutcome.NoSuchFolder:
                No("No such mailbox", "NONEXISTENT");
                return false;
            case FolderOutcome.AlreadyExists:
                No("There is a mailbox with this name", "ALREADYEXISTS");
                return false;
            case FolderOutcome.HasChildren:
                No("There are mailboxes below it", "HASCHILDREN");
                return false;
            case FolderOutcome.OverQuota:
                No("Over quota", "OVERQUOTA");
                return false;
            case FolderOutcome.NoRight:
                Refuse();
                return false;
            case FolderOutcome.TooManyAnnotations:
                No("Too many entries, or too much in them", "METADATA TOOMANY"); // RFC 5464 §4.3
                return false;
            case FolderOutcome.NoSuchMessage:
                No("No such message", "EXPUNGEISSUED"); // RFC 5530 §3: somebody else was faster
                return false;
            case FolderOutcome.TooManyKeywords:
                No("Too many keywords", "LIMIT");
                return false;
            default:
                No("Not allowed with this mailbox", "CANNOT");
                return false;
        }
    }

    /// <summary>The command has failed: what it had still to do is left undone.</summary>
    internal bool HasFailed => _result.Status != "OK";

    /// <summary>The store, or the account's writer, could not say.</summary>
    internal bool IsUnavailable => _result.Code == Unavailable;

    private const string Unavailable = "UNAVAILABLE";

    /// <summary>RFC 9051 §6.4.7: a target that there is not may be made and tried again.</summary>
    internal void OfferCreation()
    {
        if (_result.Code == "NONEXISTENT")
        {
            _result = _result with { Code = "TRYCREATE" };
        }
    }

    internal void Unselect()
    {
        if (Selected is { } left)
        {
            Watch?.Folders?.NoteLeft(left);
        }

        Selected = null;
        State = ImapState.Authenticated;
    }
}
