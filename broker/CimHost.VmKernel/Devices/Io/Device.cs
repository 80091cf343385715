using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Requests;
using CimHost.VmKernel.Devices.Io.Statistics;

namespace CimHost.VmKernel.Devices.Io;

/// <summary>A device with its driver, from attach to detach. One that comes back is a new <see cref="Device"/> with new statistics.</summary>
public sealed class Device
{
    private readonly TimeProvider _time;
    private volatile StateChange _state;

    internal Device(FoundDevice found, IDeviceDriver driver, object port, IoPath path, TimeProvider time)
    {
        (Found, Driver, Port, Path, _time) = (found, driver, port, path, time);
        _state = new StateChange(DeviceState.Attached, time.GetUtcNow(), null);
    }

    internal Device(FoundDevice found, IDeviceDriver driver, string reason, TimeProvider time)
    {
        (Found, Driver, _time) = (found, driver, time);
        _state = new StateChange(DeviceState.Failed, time.GetUtcNow(), reason);
    }

    /// <summary>Stable name.</summary>
    public DeviceId Id => Found.Id;

    /// <summary>Name of its node below /dev; null for none.</summary>
    public string? Node => Found.Node;

    /// <summary>Name of its driver.</summary>
    public string DriverName => Driver.Name;

    /// <summary>What it is attached to, for people.</summary>
    public string Description => Found.Description;

    /// <summary>Whether it has a driver.</summary>
    public DeviceState State => _state.State;

    /// <summary>Since when it is in that state.</summary>
    public DateTimeOffset Since => _state.Since;

    /// <summary>Why it failed or was detached; null while it is attached.</summary>
    public string? Reason => _state.Reason;

    internal FoundDevice Found { get; }

    internal IDeviceDriver Driver { get; }

    /// <summary>The driver's port; null when it could not be attached.</summary>
    internal object? Port { get; }

    /// <summary>The way of requests to the driver; null when it could not be attached.</summary>
    internal IoPath? Path { get; }

    /// <summary>Counts and latencies since it was attached, as a whole and by world.</summary>
    public DeviceStatistics GetStatistics() => Path?.GetStatistics() ?? DeviceStatistics.None;

    /// <summary>Makes requests fail, wait or hang until the rule is removed or used up. Rules apply in the order in which they were added; the first that fits counts.</summary>
    /// <exception cref="HardwareException">Unavailable: no driver is attached. Unsupported: too many rules.</exception>
    public void AddFault(IoFaultRule rule) =>
        (Path ?? throw new HardwareException(HardwareFault.Unavailable, $"{Id} has no driver: {Reason}")).Faults.Add(rule);

    /// <summary>Removes a rule; false when it was not in force. What hangs by it goes on.</summary>
    public bool RemoveFault(IoFaultRule rule) => Path?.Faults.Remove(rule) ?? false;

    internal void Detach(string reason) => _state = new StateChange(DeviceState.Detached, _time.GetUtcNow(), reason);

    private sealed record StateChange(DeviceState State, DateTimeOffset Since, string? Reason);
}
