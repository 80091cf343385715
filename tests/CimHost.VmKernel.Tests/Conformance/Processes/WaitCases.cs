using Xunit;

namespace CimHost.VmKernel.Tests.Conformance.Processes;

/// <summary>wait(), waitpid(), _exit(), process groups, job control (POSIX.1-2017, the page of each function).</summary>
public static class WaitCases
{
    /// <summary>Name and script of each scenario.</summary>
    public static TheoryData<string, string> All { get; } = new()
    {
        { "waitpid: the exit status", "spawn c { exit 3 }; wait c = exited 3; wait c = ECHILD" },
    };
}
