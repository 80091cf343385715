using Xunit;

namespace CimHost.VmKernel.Tests.Conformance;

/// <summary>
/// What POSIX.1-2017 says of files, as scripts (see <see cref="PosixScript"/>). Each runs on the in-memory file system and on the real
/// Linux and has to give the same answers, except for what <see cref="PosixDifferences"/> lists.
/// </summary>
public abstract class PosixFilesConformance
{
    /// <summary>Where the scripts run.</summary>
    internal abstract IPosixFiles Create();

    [PosixTheory, MemberData(nameof(PosixCases.Open), MemberType = typeof(PosixCases))]
    public Task Opening(string script) => RunAsync(script);

    [PosixTheory, MemberData(nameof(PosixCases.Data), MemberType = typeof(PosixCases))]
    public Task Reading_and_writing(string script) => RunAsync(script);

    [PosixTheory, MemberData(nameof(PosixCases.Directories), MemberType = typeof(PosixCases))]
    public Task Directories(string script) => RunAsync(script);

    [PosixTheory, MemberData(nameof(PosixCases.Links), MemberType = typeof(PosixCases))]
    public Task Links(string script) => RunAsync(script);

    [PosixTheory, MemberData(nameof(PosixCases.Rename), MemberType = typeof(PosixCases))]
    public Task Renaming(string script) => RunAsync(script);

    [PosixTheory, MemberData(nameof(PosixCases.Paths), MemberType = typeof(PosixCases))]
    public Task Resolving_paths(string script) => RunAsync(script);

    [PosixTheory, MemberData(nameof(PosixCases.Permissions), MemberType = typeof(PosixCases))]
    public Task Permissions(string script) => RunAsync(script);

    [PosixTheory, MemberData(nameof(PosixCases.Attributes), MemberType = typeof(PosixCases))]
    public Task Attributes_and_times(string script) => RunAsync(script);

    /// <summary>Runs a script that holds everywhere.</summary>
    protected virtual async Task RunAsync(string script)
    {
        await using IPosixFiles files = Create();
        Assert.True(await new PosixScript(files).RunAsync(script) > 0, "A script without a statement tests nothing.");
    }
}
