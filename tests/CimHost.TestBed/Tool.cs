using System.Diagnostics;

namespace CimHost.TestBed;

/// <summary>What a program printed and how it ended.</summary>
/// <param name="Command">The command line, for messages.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record ToolRun(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>Output by line, without empty lines.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>This run, if it ended with exit code 0.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message holds everything it printed.</exception>
    public ToolRun Succeeded() => ExitCode == 0 ? this : throw new InvalidOperationException(ToString());

    /// <inheritdoc/>
    public override string ToString() => $"{Command}\nexit code {ExitCode}\n{Output}\n{Error}".TrimEnd();
}

/// <summary>Runs a program to its end.</summary>
public static class Tool
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs a program; arguments are passed as they are, no shell in between.</summary>
    /// <exception cref="TimeoutException">It did not end in time; it was killed.</exception>
    public static Task<ToolRun> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, null, null);

    /// <summary>Runs a program with further environment variables (null removes one) and a limit of its own.</summary>
    /// <exception cref="TimeoutException">It did not end in time; it was killed.</exception>
    public static async Task<ToolRun> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment, TimeSpan? limit)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["LC_ALL"] = "C";
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        string command = string.Join(' ', [program, .. start.ArgumentList]);
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start.");
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(limit ?? s_limit);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{command} did not end within {(limit ?? s_limit).TotalSeconds:0} s. It printed:\n{await output}\n{await error}");
        }

        return new ToolRun(command, process.ExitCode, await output, await error);
    }
}
