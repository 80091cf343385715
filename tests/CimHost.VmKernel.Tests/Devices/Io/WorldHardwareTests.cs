using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io;
using CimHost.VmKernel.Devices.Io.Requests;
using CimHost.VmKernel.Devices.Io.Statistics;
using CimHost.VmKernel.Devices.Io.Worlds;
using CimHost.VmKernel.Tests.Emulation;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Io;

/// <summary>The management controllers that a world has.</summary>
public sealed class WorldHardwareTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly FakeDriver _driver = new();
    private DeviceRegistry _registry = null!;

    public async Task InitializeAsync()
    {
        _registry = new DeviceRegistry(NullLogger.Instance, new ManualTime());
        _registry.Register(_driver);
        _driver.Present.AddRange([FakeDriver.Bmc("rack1"), FakeDriver.Bmc("rack2"), FakeDriver.Bmc("lab")]);
        await _registry.RescanAsync();
    }

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    [Fact]
    public async Task A_device_that_is_not_declared_is_not_there_and_its_coming_is_not_told()
    {
        using WorldHardware world = For("world", "ipmi:rack*");
        int changes = 0;
        world.Changed += (_, _) => changes++;
        Assert.Equal(["rack1", "rack2"], world.IpmiPorts.Select(p => p.Name));

        _driver.Present.Add(FakeDriver.Bmc("lab2"));
        await _registry.RescanAsync();
        Assert.Equal(0, changes);
        _driver.Present.Add(FakeDriver.Bmc("rack3"));
        await _registry.RescanAsync();
        Assert.Equal(1, changes);
        Assert.Equal(["rack1", "rack2", "rack3"], world.IpmiPorts.Select(p => p.Name));
        Assert.Empty(For("nothing").IpmiPorts);
    }

    [Fact]
    public async Task A_command_goes_to_the_driver_and_is_counted_for_the_world()
    {
        using WorldHardware world = For("world", "ipmi:*");
        using WorldHardware idle = For("idle", "ipmi:*");
        IIpmiPort port = world.IpmiPorts[0];
        IpmiResponse answer = await port.SendAsync(new IpmiRequest(0x06, 0x01, new byte[] { 1, 2, 3 }), default);

        Assert.Equal([1, 2, 3], answer.Data.ToArray());
        Assert.Equal(("rack1", "fake", 2), (port.Name, port.Description, port.Concurrency));
        DeviceStatistics statistics = _registry.Devices[0].GetStatistics();
        Assert.Equal((1, 11, 0), (statistics.Worlds["world"].Succeeded, statistics.Worlds["world"].Bytes, statistics.Worlds["idle"].Requests));
    }

    [Fact]
    public async Task A_port_outlives_other_changes_but_not_its_device()
    {
        using WorldHardware world = For("world", "ipmi:*");
        IIpmiPort kept = world.IpmiPorts[0];
        IIpmiPort lost = world.IpmiPorts[1];
        _driver.Present.RemoveAt(1);
        await _registry.RescanAsync();

        Assert.Same(kept, world.IpmiPorts[0]);
        Assert.Equal(["rack1", "lab"], world.IpmiPorts.Select(p => p.Name));
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => lost.SendAsync(new IpmiRequest(0x06, 0x01), default).AsTask());
        Assert.Equal((HardwareFault.Unavailable, "ipmi:rack2 cannot be used: it is gone."), (e.Fault, e.Message));
        await kept.SendAsync(new IpmiRequest(0x06, 0x01), default);
    }

    [Fact]
    public async Task A_malformed_answer_is_asked_for_again_unless_the_command_may_do_harm()
    {
        var port = new MalformedOnce();
        using var path = new IoPath("ipmi:test", 1, new IoOptions(), new ManualTime());
        var world = new IoIpmiPort(port, path, path.Open("world"));

        Assert.True((await world.SendAsync(new IpmiRequest(0x04, 0x2D), default)).IsSuccess);
        port.Fresh = true;
        await Assert.ThrowsAsync<HardwareException>(() => world.SendAsync(new IpmiRequest(0x00, 0x02), default).AsTask());
        Assert.Equal((3, 1), (port.Commands, path.GetStatistics().Total.Retries));
    }

    [Fact]
    public async Task A_world_that_ended_has_nothing()
    {
        WorldHardware world = For("world", "ipmi:*");
        IIpmiPort kept = world.IpmiPorts[0];
        await kept.SendAsync(new IpmiRequest(0x06, 0x01), default);
        world.Dispose();
        _driver.Present.Add(FakeDriver.Bmc("more"));
        await _registry.RescanAsync();

        Assert.Empty(world.IpmiPorts);
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => kept.SendAsync(new IpmiRequest(0x06, 0x01), default).AsTask());
        Assert.Equal((HardwareFault.Unavailable, "ipmi:rack1: world gave its devices up."), (e.Fault, e.Message));
        Assert.Empty(_registry.Devices[0].GetStatistics().Worlds);
        Assert.Equal(1, _registry.Devices[0].GetStatistics().Total.Succeeded);
    }

    [Fact]
    public async Task A_fault_of_an_administrator_reaches_the_provider()
    {
        using WorldHardware world = For("world", "ipmi:*");
        var rule = new IoFaultRule { Effect = IoFaultEffect.Fail, Fault = HardwareFault.TimedOut };
        _registry.Devices[0].AddFault(rule);
        await Assert.ThrowsAsync<HardwareException>(() => world.IpmiPorts[0].SendAsync(new IpmiRequest(0x06, 0x01), default).AsTask());
        await world.IpmiPorts[1].SendAsync(new IpmiRequest(0x06, 0x01), default);
        Assert.True(_registry.Devices[0].RemoveFault(rule));
        await world.IpmiPorts[0].SendAsync(new IpmiRequest(0x06, 0x01), default);
    }

    private WorldHardware For(string world, params string[] devices) => new(_registry, world, DeviceDeclaration.Parse(devices));

    private sealed class MalformedOnce : IIpmiPort
    {
        public bool Fresh { get; set; } = true;

        public int Commands { get; private set; }

        public string Name => "test";

        public string Description => "test";

        public int Concurrency => 1;

        public ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken)
        {
            Commands++;
            bool fails = Fresh;
            Fresh = false;
            return fails ? throw new HardwareException(HardwareFault.Malformed, "wrong checksum") : ValueTask.FromResult(new IpmiResponse(0, default));
        }
    }
}
