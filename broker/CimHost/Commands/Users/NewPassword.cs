using System.Text;

namespace CimHost.Commands.Users;

/// <summary>
/// Where a new password comes from: the environment variable, or a person who types it twice and does not see it. Never the command
/// line, which every process of the computer can read.
/// </summary>
internal static class NewPassword
{
    /// <summary>The variable.</summary>
    public const string Variable = "CIMHOST_NEW_PASSWORD";

    private const int MaxLength = 1024;

    /// <summary>For help texts.</summary>
    public const string Help = "The password is read from " + Variable + ", or asked for twice on the terminal.";

    /// <summary>Reads it.</summary>
    /// <exception cref="UsageException">There is none, the two differ, or the connection would show it to others.</exception>
    public static string Read(CommandContext context, string userName)
    {
        if (!context.IsConfidential)
        {
            throw new UsageException($"A password is not sent over {context.Session.ComputerName}, where others can read it; use https:// or the host's own socket.");
        }

        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return given;
        }

        if (System.Console.IsInputRedirected || System.Console.IsErrorRedirected)
        {
            throw new UsageException($"The new password of {userName} is missing; put it into the environment variable {Variable}.");
        }

        string first = Ask(context, $"New password of {userName}: ");
        return Ask(context, "Again: ") == first ? first : throw new UsageException("The two passwords differ; nothing was changed.");
    }

    private static string Ask(CommandContext context, string prompt)
    {
        context.Error.Write(prompt);
        var text = new StringBuilder();
        while (System.Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar) && text.Length < MaxLength)
            {
                text.Append(key.KeyChar);
            }
        }

        context.Error.WriteLine();
        return text.ToString();
    }
}
