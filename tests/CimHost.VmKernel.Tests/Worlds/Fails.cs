using Xunit;

namespace CimHost.VmKernel.Tests.Worlds;

/// <summary>Asserts error numbers.</summary>
internal static class Fails
{
    public static async Task WithAsync(Errno errno, Func<ValueTask> call) =>
        Assert.Equal(errno, (await Assert.ThrowsAsync<KernelException>(async () => await call())).Errno);

    public static async Task WithAsync<T>(Errno errno, Func<ValueTask<T>> call) =>
        Assert.Equal(errno, (await Assert.ThrowsAsync<KernelException>(async () => await call())).Errno);
}
