using Xunit;

namespace CimHost.VmKernel.Tests.Conformance.Processes;

/// <summary>
/// What POSIX.1-2017 says of pipes, signals and waiting for children. Each scenario runs on the kernel's worlds and on processes of the
/// real Linux and has to give the same answers, except for what <see cref="PosixDifferences"/> lists.
/// </summary>
public sealed class ProcessConformanceTests
{
    [Theory, MemberData(nameof(PipeCases.All), MemberType = typeof(PipeCases))]
    public Task Pipes_of_the_kernel(string name, string script) => OnKernelAsync(name, script);

    [ProcessTheory, MemberData(nameof(PipeCases.All), MemberType = typeof(PipeCases))]
    public Task Pipes_of_Linux(string name, string script) => OnLinuxAsync(name, script);

    [Theory, MemberData(nameof(SignalCases.All), MemberType = typeof(SignalCases))]
    public Task Signals_of_the_kernel(string name, string script) => OnKernelAsync(name, script);

    [ProcessTheory, MemberData(nameof(SignalCases.All), MemberType = typeof(SignalCases))]
    public Task Signals_of_Linux(string name, string script) => OnLinuxAsync(name, script);

    [Theory, MemberData(nameof(WaitCases.All), MemberType = typeof(WaitCases))]
    public Task Waiting_in_the_kernel(string name, string script) => OnKernelAsync(name, script);

    [ProcessTheory, MemberData(nameof(WaitCases.All), MemberType = typeof(WaitCases))]
    public Task Waiting_on_Linux(string name, string script) => OnLinuxAsync(name, script);

    private static async Task OnKernelAsync(string name, string script)
    {
        ProcessScript read = Read(name, script);
        read.Check(await KernelProcesses.RunAsync(read), isLinux: false);
    }

    private static async Task OnLinuxAsync(string name, string script)
    {
        ProcessScript read = Read(name, script);
        read.Check(await LinuxProcesses.RunAsync(read), isLinux: true);
    }

    private static ProcessScript Read(string name, string script)
    {
        var read = new ProcessScript(script);
        Assert.True(read.Assertions > 0, $"'{name}' asserts nothing.");
        return read;
    }
}
