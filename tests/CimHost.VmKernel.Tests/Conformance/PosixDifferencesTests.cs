using CimHost.VmKernel.Tests.Conformance.Processes;
using Xunit;

namespace CimHost.VmKernel.Tests.Conformance;

/// <summary>The list of differences is short and each is used and explained.</summary>
public sealed class PosixDifferencesTests
{
    [Fact]
    public void Every_difference_is_explained_used_and_really_one()
    {
        string[] scripts =
        [
            .. PosixCases.Open, .. PosixCases.Data, .. PosixCases.Directories, .. PosixCases.Links,
            .. PosixCases.Rename, .. PosixCases.Paths, .. PosixCases.Permissions, .. PosixCases.Attributes,
            .. PipeCases.All.Concat(SignalCases.All).Concat(WaitCases.All).Select(c => (string)c[1]),
        ];

        Assert.All(PosixDifferences.All, difference =>
        {
            Assert.Contains(scripts, s => s.Contains("?" + difference.Key, StringComparison.Ordinal));
            Assert.NotEqual(difference.Value.Vfs, difference.Value.Linux);
            Assert.NotEmpty(difference.Value.Why);
        });
    }
}
