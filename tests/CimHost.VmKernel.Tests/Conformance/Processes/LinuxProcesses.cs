using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using CimHost.VmKernel.FileSystem.Host;

namespace CimHost.VmKernel.Tests.Conformance.Processes;

/// <summary>Runs scenarios as real processes of Linux. A program of .NET cannot fork, so that one in C does, compiled once when it is needed.</summary>
internal static class LinuxProcesses
{
    private const int Aborted = 134; // 128 + SIGABRT: it does not know a statement
    private const string Source = "linux-processes.c";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<string>> s_program = new(CompileAsync);

    /// <summary>Why it cannot run here; null when it can.</summary>
    public static string? Missing { get; } =
        !LinuxPosixFiles.IsPossible ? "The conformance suite runs on Linux as root only: it starts processes of other users."
        : !(Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(static d => File.Exists(Path.Combine(d, "gcc")))
            ? "gcc is not installed; tests/install-peers installs it."
        : null;

    /// <summary>Runs a scenario until its first process has ended.</summary>
    /// <returns>What each statement answered.</returns>
    public static async Task<IReadOnlyList<(int Number, string Answer)>> RunAsync(ProcessScript script)
    {
        using Process process = Start(await s_program.Value, script.ToLines());
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(s_limit);
            await process.WaitForExitAsync().WaitAsync(s_limit);
            return process.ExitCode != Aborted
                ? [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)]
                : throw new InvalidOperationException($"{Source} ended with {process.ExitCode}: {await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static (int Number, string Answer) Parse(string line)
    {
        int space = line.IndexOf(' ');
        return (int.Parse(line.AsSpan(0, space), CultureInfo.InvariantCulture), line[(space + 1)..]);
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;

    private static async Task<string> CompileAsync()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("cimhost-processes-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => directory.Delete(recursive: true);

        // Children of other users execute it too.
        LinuxFileCalls.ChangeMode(LinuxFileCalls.WorkingDirectory, directory.FullName, 0x1ED, directory.FullName);
        string source = Path.Combine(directory.FullName, Source);
        string program = Path.ChangeExtension(source, null);
        await using (Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(Source)!)
        await using (FileStream file = File.Create(source))
        {
            await resource.CopyToAsync(file);
        }

        using Process compiler = Start("gcc", "-O1", "-Wall", "-o", program, source);
        string errors = await compiler.StandardError.ReadToEndAsync();
        await compiler.WaitForExitAsync();
        return compiler.ExitCode == 0 ? program : throw new InvalidOperationException($"gcc: {errors}");
    }
}
