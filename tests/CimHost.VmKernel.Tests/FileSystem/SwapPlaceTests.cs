using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Layout;
using CimHost.VmKernel.FileSystem.Paging;
using Xunit;
using static CimHost.VmKernel.Tests.FileSystem.TestFiles;

namespace CimHost.VmKernel.Tests.FileSystem;

/// <summary>
/// The rules for the swap file of user worlds with real directories and data: three times the memory is written to the tree of a host in
/// each of the four cases.
/// </summary>
public sealed class SwapPlaceTests : IDisposable
{
    private const int MiB = 1 << 20;
    private const int Memory = 4 * MiB;
    private const int Files = 12;

    private readonly string _directory = Directory.CreateTempSubdirectory("cimhost-place-").FullName;
    private readonly List<PageBudget> _budgets = [];

    public void Dispose()
    {
        _budgets.ForEach(b => b.Swap?.Dispose());
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task On_a_local_disk_it_is_in_the_scratch_partition()
    {
        HostLayout host = await StartAsync(Path.Combine(_directory, "scratch"), Path.Combine(_directory, "datastore"), "esx1");

        await FillAsync(host, seed: 1);

        AssertSwap(host, Path.Combine(_directory, "scratch", "swap", "uwswap.swp"));
        await AssertHoldsAsync(host, seed: 1);
        Assert.False(Directory.Exists(Path.Combine(_directory, "datastore")));
    }

    [Fact]
    public async Task Without_a_local_disk_it_is_below_the_configured_scratch_location_in_a_directory_of_the_host()
    {
        HostLayout host = await StartAsync(null, Path.Combine(_directory, "datastore"), "ESX1.example.org");

        await FillAsync(host, seed: 2);

        AssertSwap(host, Path.Combine(_directory, "datastore", "esx1.example.org", "swap", "uwswap.swp"));
        await AssertHoldsAsync(host, seed: 2);
    }

    [Fact]
    public async Task Without_both_memory_is_the_limit_and_what_was_written_stays()
    {
        HostLayout host = await StartAsync(null, null, "esx1");

        Assert.Null(host.Budget.Swap);
        await FailsAsync(Errno.ENOSPC, () => host.Vfs.WriteAsync("/tmp/all", Pattern(Files * MiB, 3)));

        byte[] kept = await host.Vfs.ReadBytesAsync("/tmp/all");
        Assert.Equal(Memory, kept.Length);
        Assert.True(kept.AsSpan().SequenceEqual(Pattern(Files * MiB, 3).AsSpan(0, kept.Length)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
        await FailsAsync(Errno.ENOSPC, () => host.Vfs.WriteAsync("/var/log/more", [1]));
        await host.Vfs.UnlinkAsync(FileCaller.Root, "/tmp/all");
        await host.Vfs.WriteAsync("/var/log/more", Pattern(Memory, 4));
    }

    [Fact]
    public async Task Two_hosts_that_share_a_datastore_have_a_file_each_and_neither_sees_the_other_s_data()
    {
        string datastore = Path.Combine(_directory, "datastore");
        HostLayout first = await StartAsync(null, datastore, "esx1");
        HostLayout second = await StartAsync(null, datastore, "esx2");

        await Task.WhenAll(Task.Run(() => FillAsync(first, seed: 5)), Task.Run(() => FillAsync(second, seed: 500)));

        AssertSwap(first, Path.Combine(datastore, "esx1", "swap", "uwswap.swp"));
        AssertSwap(second, Path.Combine(datastore, "esx2", "swap", "uwswap.swp"));
        await Task.WhenAll(Task.Run(() => AssertHoldsAsync(first, seed: 5)), Task.Run(() => AssertHoldsAsync(second, seed: 500)));

        // A third one by the name of the first is told so and does not touch the file.
        Assert.Equal(Errno.EBUSY, (await Assert.ThrowsAsync<KernelException>(() => StartAsync(null, datastore, "ESX1."))).Errno);
        await AssertHoldsAsync(first, seed: 5);
    }

    private static async Task FillAsync(HostLayout host, int seed)
    {
        for (int i = 0; i < Files; i++)
        {
            await host.Vfs.WriteAsync($"/tmp/f{i}", Pattern(MiB, seed + i));
        }
    }

    private static async Task AssertHoldsAsync(HostLayout host, int seed)
    {
        for (int i = 0; i < Files; i++)
        {
            Assert.True((await host.Vfs.ReadBytesAsync($"/tmp/f{i}")).AsSpan().SequenceEqual(Pattern(MiB, seed + i)), $"/tmp/f{i} holds other bytes.");
        }

        Assert.True(host.Budget.PagesSwappedIn > 0);
        Assert.True(host.Budget.ResidentBytes <= Memory);
    }

    private static void AssertSwap(HostLayout host, string path)
    {
        var file = new FileInfo(path);
        Assert.Equal((path, SwapFile.DefaultSize, 1L << 30), (host.Budget.Swap!.Path, file.Length, SwapFile.DefaultSize));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
        Assert.True(host.Budget.Swap.UsedBytes >= (Files * MiB) - Memory, $"{host.Budget.Swap.UsedBytes} bytes are in the swap file.");
        Assert.Single(file.Directory!.EnumerateFileSystemInfos());
    }

    private async Task<HostLayout> StartAsync(string? scratchPartition, string? configuredLocation, string hostName)
    {
        var budget = new PageBudget(Memory);
        _budgets.Add(budget);
        if (SwapLocation.Choose(scratchPartition, configuredLocation, hostName).Directory is { } place)
        {
            budget.AttachSwap(SwapFile.Open(place));
        }

        return await HostLayout.CreateAsync(budget);
    }
}
