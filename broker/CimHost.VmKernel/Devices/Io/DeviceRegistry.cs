using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Requests;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Devices.Io;

/// <summary>
/// Drivers and the devices that they serve. A scan asks every driver what is there, attaches what is new and detaches what is gone; a
/// device that a driver cannot be attached to stays in the list as failed and is tried again by the next scan.
/// </summary>
public sealed partial class DeviceRegistry : IAsyncDisposable
{
    private const int MaxDevices = 4_096;

    private readonly Lock _lock = new();
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly List<IDeviceDriver> _drivers = [];

    // Devices that an administrator took away from their drivers.
    private readonly HashSet<DeviceId> _heldBack = [];
    private readonly HashSet<string> _warned = [];
    private volatile Device[] _devices = [];
    private bool _disposed;

    internal DeviceRegistry(ILogger logger, TimeProvider time) => (_logger, _time) = (logger, time);

    /// <summary>Raised for each device that was attached, detached or could not be attached, after <see cref="Devices"/> shows it.</summary>
    public event Action<DeviceChange>? Changed;

    /// <summary>All devices in the order of their drivers, those that failed or were taken away included; a snapshot.</summary>
    public IReadOnlyList<Device> Devices => _devices;

    /// <summary>The device of that name, whatever its state; null when there is none.</summary>
    public Device? Find(DeviceId id) => Array.Find(_devices, device => device.Id == id);

    /// <summary>Takes a device away from its driver until <see cref="AttachAsync"/>; what is in flight fails. False when it is not attached.</summary>
    public async ValueTask<bool> DetachAsync(DeviceId id)
    {
        lock (_lock)
        {
            if (Find(id) is not { State: not DeviceState.Detached })
            {
                return false;
            }

            _heldBack.Add(id);
        }

        await RescanAsync();
        return true;
    }

    /// <summary>Gives a device back that was taken away. False when it was not, or is not attached now.</summary>
    public async ValueTask<bool> AttachAsync(DeviceId id)
    {
        lock (_lock)
        {
            if (!_heldBack.Remove(id))
            {
                return false;
            }
        }

        await RescanAsync();
        return Find(id) is { State: DeviceState.Attached };
    }

    /// <summary>Looks at what is there now. Completes at once when nothing has to be detached.</summary>
    public async ValueTask RescanAsync()
    {
        var changes = new List<DeviceChange>();
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _devices = Scan(changes);
        }

        await ApplyAsync(changes);
    }

    /// <summary>Detaches everything.</summary>
    public async ValueTask DisposeAsync()
    {
        var changes = new List<DeviceChange>();
        lock (_lock)
        {
            _disposed = true;
            foreach (Device device in _devices.Where(device => device.State != DeviceState.Detached))
            {
                Detach(device, "the hardware is closed", changes);
            }

            _devices = [];
        }

        await ApplyAsync(changes);
    }

    /// <summary>Adds a driver; its devices are attached by the next scan, and listed after those of earlier drivers.</summary>
    internal void Register(IDeviceDriver driver)
    {
        lock (_lock)
        {
            _drivers.Add(driver);
        }
    }

    private Device[] Scan(List<DeviceChange> changes)
    {
        var known = _devices.ToDictionary(device => device.Id);
        var now = new Dictionary<DeviceId, Device>();
        var order = new List<Device>();
        foreach (IDeviceDriver driver in _drivers)
        {
            foreach (FoundDevice found in Probe(driver))
            {
                if (now.Count == MaxDevices || now.ContainsKey(found.Id))
                {
                    WarnOnce(driver, found, now.Count == MaxDevices ? $"there are {MaxDevices} devices already" : "another driver has a device of that name");
                    continue;
                }

                Device device = Update(driver, found, known.GetValueOrDefault(found.Id), changes);
                now.Add(found.Id, device);
                order.Add(device);
            }
        }

        foreach (Device gone in _devices.Where(device => !now.ContainsKey(device.Id) && device.State != DeviceState.Detached))
        {
            Detach(gone, "it is gone", changes);
        }

        return [.. order];
    }

    private IReadOnlyList<FoundDevice> Probe(IDeviceDriver driver)
    {
        try
        {
            return driver.Probe();
        }
        catch (Exception e)
        {
            // Not knowing is no reason to take devices away that may well work.
            LogProbe(driver.Name, e);
            return [.. _devices.Where(device => device.Driver == driver).Select(device => device.Found)];
        }
    }

    private Device Update(IDeviceDriver driver, FoundDevice found, Device? known, List<DeviceChange> changes)
    {
        bool same = known is not null && known.Driver == driver && known.Found == found;
        if (_heldBack.Contains(found.Id))
        {
            Device device = known ?? new Device(found, driver, "it was taken away", _time);
            if (device.State != DeviceState.Detached)
            {
                Detach(device, "an administrator detached it", changes);
            }

            return device;
        }

        if (same && known!.State == DeviceState.Attached)
        {
            return known;
        }

        if (known is { State: DeviceState.Attached })
        {
            Detach(known, "it moved", changes);
        }

        Device attached = Attach(driver, found);
        if (attached.State == DeviceState.Failed && same && known!.State == DeviceState.Failed && known.Reason == attached.Reason)
        {
            return known;
        }

        changes.Add(new DeviceChange(attached, attached.State));
        return attached;
    }

    private Device Attach(IDeviceDriver driver, FoundDevice found)
    {
        try
        {
            object port = driver.Attach(found);
            return new Device(found, driver, port, new IoPath(found.Id.ToString(), Math.Max(1, found.Concurrency), IoOptions.For(found.Id.Kind), _time), _time);
        }
        catch (Exception e)
        {
            if (e is not HardwareException)
            {
                LogAttach(found.Id, e);
            }

            return new Device(found, driver, e is HardwareException ? e.Message : "its driver failed; the log says how", _time);
        }
    }

    private static void Detach(Device device, string reason, List<DeviceChange> changes)
    {
        device.Detach(reason);
        changes.Add(new DeviceChange(device, DeviceState.Detached));
    }

    private async ValueTask ApplyAsync(List<DeviceChange> changes)
    {
        await Task.WhenAll(changes.Where(change => change.State == DeviceState.Detached).Select(change => ReleaseAsync(change.Device)));
        foreach (DeviceChange change in changes)
        {
            LogChange(change.Device.Id, change.Device.Description, change.State, change.Device.Reason ?? string.Empty);
            Tell(change);
        }
    }

    private async Task ReleaseAsync(Device device)
    {
        device.Path?.Shut(device.Reason ?? "it is gone");
        try
        {
            if (device.Port is { } port)
            {
                await device.Driver.DetachAsync(port);
            }
        }
        catch (Exception e)
        {
            LogDetach(device.Id, e);
        }

        device.Path?.Dispose();
    }

    private void Tell(DeviceChange change)
    {
        foreach (Action<DeviceChange> listener in Changed?.GetInvocationList().Cast<Action<DeviceChange>>() ?? [])
        {
            try
            {
                listener(change);
            }
            catch (Exception e)
            {
                LogListener(e);
            }
        }
    }

    private void WarnOnce(IDeviceDriver driver, FoundDevice found, string reason)
    {
        if (_warned.Count < MaxDevices && _warned.Add($"{driver.Name} {found.Id}"))
        {
            LogIgnored(found.Id, found.Description, driver.Name, reason);
        }
    }

    [LoggerMessage(4001, LogLevel.Information, "Device {Device} ({Description}): {State}. {Reason}")]
    private partial void LogChange(DeviceId device, string description, DeviceState state, string reason);

    [LoggerMessage(4003, LogLevel.Error, "A listener to hardware changes failed.")]
    private partial void LogListener(Exception exception);

    [LoggerMessage(4004, LogLevel.Error, "The driver {Driver} could not look for devices; those that it has are kept.")]
    private partial void LogProbe(string driver, Exception exception);

    [LoggerMessage(4005, LogLevel.Error, "The driver of {Device} failed when it took it over.")]
    private partial void LogAttach(DeviceId device, Exception exception);

    [LoggerMessage(4006, LogLevel.Error, "The driver of {Device} failed when it let it go.")]
    private partial void LogDetach(DeviceId device, Exception exception);

    [LoggerMessage(4007, LogLevel.Warning, "{Device} ({Description}) of the driver {Driver} is not used: {Reason}.")]
    private partial void LogIgnored(DeviceId device, string description, string driver, string reason);
}
