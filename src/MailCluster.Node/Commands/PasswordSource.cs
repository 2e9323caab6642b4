using System.CommandLine;
using MailCluster.Mail.Sasl;
using MailCluster.Node.FirstStart;

namespace MailCluster.Node.Commands;

/// <summary>
/// Where a new password comes from: standard input, a prompt, or the program, which then prints it. Never an argument,
/// which every user of the machine could see.
/// </summary>
internal sealed class PasswordSource(Terminal terminal)
{
    public Option<bool> FromInput { get; } = new("--password-stdin")
    {
        Description = "Reads the password from the first line of standard input.",
    };

    public Option<bool> Generated { get; } = new("--generate-password")
    {
        Description = "Makes a password and prints it. So does an empty answer to the prompt.",
    };

    /// <exception cref="CommandRefusedException">There is no password, or one that cannot be used.</exception>
    public ChosenPassword Choose(ParseResult parsed)
    {
        if (parsed.GetValue(FromInput))
        {
            return Of(terminal.Input.ReadLine() ?? "");
        }

        if (!parsed.GetValue(Generated)
            && terminal.ReadSecret is { } ask
            && ask("Password (empty makes one): ") is { Length: > 0 } typed)
        {
            return ask("Once more: ") == typed
                ? Of(typed)
                : throw new CommandRefusedException("the two passwords differ");
        }

        var made = ReadablePassword.New();
        return Of(made) with { Made = made };
    }

    private static ChosenPassword Of(string password)
    {
        if (password.Length == 0)
        {
            throw new CommandRefusedException("the password is empty");
        }

        try
        {
            return new ChosenPassword(ScramVerifier.Create(password), null);
        }
        catch (ArgumentException)
        {
            throw new CommandRefusedException("the password has characters that a password may not have (RFC 4013)");
        }
    }
}

/// <summary>
/// What is stored of a password; <paramref name="Made"/> is the password itself where the program made it.
/// </summary>
internal sealed record ChosenPassword(ScramVerifier Verifier, string? Made)
{
    public override string ToString() => nameof(ChosenPassword); // no password in a log
}
