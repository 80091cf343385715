using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io;
using CimHost.VmKernel.Tests.Emulation;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Io;

/// <summary>Drivers are asked what is there; devices come, go, fail and are taken away.</summary>
public sealed class DeviceRegistryTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly DeviceId s_bmc = new(DeviceKind.Ipmi, "bmc1");
    private readonly ManualTime _time = new();
    private readonly FakeDriver _driver = new();
    private readonly DeviceRegistry _registry;
    private readonly List<string> _changes = [];

    public DeviceRegistryTests()
    {
        _registry = new DeviceRegistry(NullLogger.Instance, _time);
        _registry.Register(_driver);
        _registry.Changed += change => _changes.Add($"{change.Device.Id} {change.State}");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    [Fact]
    public async Task A_device_that_appears_is_attached_once_and_one_that_goes_is_detached()
    {
        _driver.Present.Add(FakeDriver.Bmc("bmc1"));
        _time.Advance(TimeSpan.FromMinutes(1));
        await _registry.RescanAsync();
        await _registry.RescanAsync();
        Device device = Assert.Single(_registry.Devices);
        Assert.Equal(("ipmi:bmc1", DeviceState.Attached, "fake", "slot 1", "bmc1"), (device.Id.ToString(), device.State, device.DriverName, device.Description, device.Node));
        Assert.Equal((_time.GetUtcNow(), null), (device.Since, device.Reason));

        _driver.Present.Clear();
        await _registry.RescanAsync();
        Assert.Empty(_registry.Devices);
        Assert.Equal((DeviceState.Detached, "it is gone"), (device.State, device.Reason));
        Assert.Same(device.Port, Assert.Single(_driver.Detached));
        Assert.Equal(["ipmi:bmc1 Attached", "ipmi:bmc1 Detached"], _changes);
    }

    [Fact]
    public async Task A_device_that_moved_is_another_one_under_the_same_name()
    {
        _driver.Present.Add(FakeDriver.Bmc("bmc1"));
        await _registry.RescanAsync();
        Device before = _registry.Devices[0];
        _driver.Present[0] = FakeDriver.Bmc("bmc1", "slot 2");
        await _registry.RescanAsync();

        Assert.NotSame(before, Assert.Single(_registry.Devices));
        Assert.Equal("slot 2", _registry.Devices[0].Description);
        Assert.Same(before.Port, Assert.Single(_driver.Detached));
        Assert.Equal(["ipmi:bmc1 Attached", "ipmi:bmc1 Detached", "ipmi:bmc1 Attached"], _changes);
    }

    [Fact]
    public async Task A_device_that_cannot_be_attached_is_listed_as_failed_and_tried_again()
    {
        _driver.Present.Add(FakeDriver.Bmc("bmc1"));
        _driver.AttachFailure = new HardwareException(HardwareFault.Unavailable, "it is locked");
        await _registry.RescanAsync();
        await _registry.RescanAsync();
        Device failed = Assert.Single(_registry.Devices);
        Assert.Equal((DeviceState.Failed, "it is locked"), (failed.State, failed.Reason));
        Assert.Equal(0, failed.GetStatistics().Total.Requests);
        Assert.Throws<HardwareException>(() => failed.AddFault(new()));

        _driver.AttachFailure = null;
        await _registry.RescanAsync();
        Assert.Equal(DeviceState.Attached, Assert.Single(_registry.Devices).State);
        Assert.Equal(["ipmi:bmc1 Failed", "ipmi:bmc1 Attached"], _changes);
    }

    [Fact]
    public async Task A_driver_that_cannot_look_keeps_its_devices()
    {
        _driver.Present.Add(FakeDriver.Bmc("bmc1"));
        await _registry.RescanAsync();
        _driver.ProbeFailure = new IOException("no /sys");
        await _registry.RescanAsync();

        Assert.Equal(DeviceState.Attached, Assert.Single(_registry.Devices).State);
        Assert.Equal(["ipmi:bmc1 Attached"], _changes);
    }

    [Fact]
    public async Task What_an_administrator_detached_stays_detached_until_it_is_given_back()
    {
        _driver.Present.Add(FakeDriver.Bmc("bmc1"));
        await _registry.RescanAsync();
        Assert.True(await _registry.DetachAsync(s_bmc));
        Assert.False(await _registry.DetachAsync(s_bmc));
        await _registry.RescanAsync();
        Assert.Equal((DeviceState.Detached, "an administrator detached it"), (_registry.Devices[0].State, _registry.Devices[0].Reason));

        Assert.True(await _registry.AttachAsync(s_bmc));
        Assert.False(await _registry.AttachAsync(s_bmc));
        Assert.Equal(DeviceState.Attached, _registry.Find(s_bmc)!.State);
        Assert.Equal(["ipmi:bmc1 Attached", "ipmi:bmc1 Detached", "ipmi:bmc1 Attached"], _changes);
    }

    [Fact]
    public async Task The_first_driver_has_a_name_and_devices_are_listed_in_the_order_of_drivers()
    {
        var second = new FakeDriver("second");
        _registry.Register(second);
        second.Present.AddRange([FakeDriver.Bmc("bmc1", "elsewhere"), FakeDriver.Bmc("bmc0")]);
        _driver.Present.AddRange([FakeDriver.Bmc("bmc2"), FakeDriver.Bmc("bmc1")]);
        await _registry.RescanAsync();

        Assert.Equal(["bmc2 fake", "bmc1 fake", "bmc0 second"], _registry.Devices.Select(d => $"{d.Id.Name} {d.DriverName}"));
    }

    [Fact]
    public async Task A_listener_that_fails_harms_no_other()
    {
        var registry = new DeviceRegistry(NullLogger.Instance, _time);
        int heard = 0;
        registry.Changed += _ => throw new InvalidOperationException("listener");
        registry.Changed += _ => heard++;
        registry.Register(_driver);
        _driver.Present.Add(FakeDriver.Bmc("bmc1"));
        await registry.RescanAsync();
        await registry.DisposeAsync();

        Assert.Equal(2, heard);
        Assert.Single(_driver.Detached);
        await registry.RescanAsync();
        Assert.Empty(registry.Devices);
    }
}
