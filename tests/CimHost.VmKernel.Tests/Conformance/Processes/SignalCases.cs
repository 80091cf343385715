using Xunit;

namespace CimHost.VmKernel.Tests.Conformance.Processes;

/// <summary>Signals (POSIX.1-2017 §2.4 "Signal Concepts" and the page of each function).</summary>
public static class SignalCases
{
    /// <summary>Name and script of each scenario.</summary>
    public static TheoryData<string, string> All { get; } = new()
    {
        { "kill: a handler of the own process runs before kill() returns", "catch USR1; kill self USR1; caught = USR1" },
    };
}
