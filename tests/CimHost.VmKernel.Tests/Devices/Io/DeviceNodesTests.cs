using System.Text;
using CimHost.VmKernel.Devices.Io;
using CimHost.VmKernel.Devices.Io.Worlds;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Generated;
using CimHost.VmKernel.FileSystem.Paging;
using CimHost.VmKernel.Tests.Emulation;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Io;

/// <summary>Devices as files of /dev.</summary>
public sealed class DeviceNodesTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly FakeDriver _driver = new();
    private DeviceRegistry _registry = null!;
    private readonly DevFs _dev = new(new PageBudget(1 << 20));
    private Vfs _tree = null!;

    public async Task InitializeAsync()
    {
        _tree = new Vfs(_dev.FileSystem);
        _registry = new DeviceRegistry(NullLogger.Instance, new ManualTime());
        _registry.Register(_driver);
        _driver.Present.AddRange([FakeDriver.Bmc("ipmi0"), FakeDriver.Bmc("rack1") with { Node = "bmc/rack1" }, FakeDriver.Bmc("odd") with { Node = "../odd" }, FakeDriver.Bmc("null")]);
        await _registry.RescanAsync();
    }

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    [Fact]
    public async Task A_node_tells_what_the_device_is_and_what_it_did()
    {
        using var nodes = new DeviceNodes(_registry, _dev, NullLogger<DeviceNodes>.Instance);
        using var world = new WorldHardware(_registry, "world", DeviceDeclaration.All);
        await world.IpmiPorts[0].SendAsync(new(0x06, 0x01), default);
        string[] lines = (await ReadAsync("/ipmi0")).Split('\n');

        Assert.Contains("device      ipmi:ipmi0", lines);
        Assert.Contains("driver      fake", lines);
        Assert.Contains("state       Attached since 2026-07-01T12:00:00Z", lines);
        Assert.Contains("requests    1", lines);
        Assert.Contains(lines, line => line.StartsWith("errors      TimedOut=0 Unavailable=0 "));
        Assert.Contains("service     mean=0us p50<1us p99<1us", lines);
        Assert.Contains("ipmi:rack1", await ReadAsync("/bmc/rack1"));
    }

    [Fact]
    public async Task Nodes_come_and_go_with_their_devices()
    {
        var nodes = new DeviceNodes(_registry, _dev, NullLogger<DeviceNodes>.Instance);
        await _registry.DetachAsync(new DeviceId(DeviceKind.Ipmi, "ipmi0"));
        Assert.Equal(Errno.ENOENT, (await Assert.ThrowsAsync<KernelException>(() => ReadAsync("/ipmi0"))).Errno);
        await _registry.AttachAsync(new DeviceId(DeviceKind.Ipmi, "ipmi0"));
        await ReadAsync("/ipmi0");

        nodes.Dispose();
        Assert.Equal(Errno.ENOENT, (await Assert.ThrowsAsync<KernelException>(() => ReadAsync("/ipmi0"))).Errno);
        Assert.Equal(Errno.ENOENT, (await Assert.ThrowsAsync<KernelException>(() => ReadAsync("/bmc/rack1"))).Errno);
    }

    [Fact]
    public async Task A_name_that_is_taken_or_no_name_gives_no_node()
    {
        using var nodes = new DeviceNodes(_registry, _dev, NullLogger<DeviceNodes>.Instance);
        Assert.Equal(string.Empty, await ReadAsync("/null"));
        Assert.Equal(Errno.ENOENT, (await Assert.ThrowsAsync<KernelException>(() => ReadAsync("/odd"))).Errno);
    }

    private async Task<string> ReadAsync(string path)
    {
        OpenFile file = await _tree.OpenAsync(FileCaller.Root, path, OpenFlags.O_RDONLY);
        var text = new StringBuilder();
        byte[] buffer = new byte[100];
        while (await file.ReadAsync(buffer) is > 0 and int length)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }

        file.Release();
        return text.ToString();
    }
}
