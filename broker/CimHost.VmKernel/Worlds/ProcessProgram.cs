namespace CimHost.VmKernel.Worlds;

/// <summary>
/// A program that runs as a process world: a child process of the host, which makes its system calls over a socket
/// (SystemCalls/PROTOCOL.md).
/// </summary>
/// <param name="FileName">Absolute path of the executable on the host.</param>
/// <param name="LeadingArguments">Arguments that come before those of the world, as the assembly for <c>dotnet</c>.</param>
public sealed record ProcessProgram(string FileName, IReadOnlyList<string> LeadingArguments)
{
    /// <summary>Name of the environment variable that tells the program where its system calls go: <c>fd:3</c>.</summary>
    public const string SystemCallVariable = "CIMHOST_SYSTEM_CALLS";

    /// <summary>
    /// Variables for the process besides those of the world; nothing else of the host's environment reaches it.
    /// </summary>
    public IReadOnlyDictionary<string, string> HostEnvironment { get; init; } = new Dictionary<string, string>();
}
