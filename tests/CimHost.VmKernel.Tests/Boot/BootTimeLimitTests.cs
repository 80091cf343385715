using CimHost.VmKernel.Boot;
using Xunit;

namespace CimHost.VmKernel.Tests.Boot;

public sealed class BootTimeLimitTests
{
    [Fact]
    public async Task A_start_that_takes_longer_is_told_with_the_pool_blocked_too()
    {
        var told = new TaskCompletionSource<bool>();
        using var limit = new BootTimeLimit(TimeSpan.FromMilliseconds(1), () => told.SetResult(Thread.CurrentThread.IsThreadPoolThread));
        Assert.False(await told.Task);
    }
}
