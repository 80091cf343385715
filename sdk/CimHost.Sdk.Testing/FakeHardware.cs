using CimHost.Sdk.Hardware;

namespace CimHost.Sdk.Testing;

/// <summary>Hardware that a test puts together.</summary>
public sealed class FakeHardware : IHardware
{
    private volatile IReadOnlyList<IIpmiPort> _ports = [];
    private volatile IReadOnlyList<IDiskPort> _disks = [];
    private volatile IReadOnlyList<IHidPort> _hidDevices = [];

    /// <inheritdoc/>
    public event EventHandler? Changed;

    /// <inheritdoc/>
    public IReadOnlyList<IIpmiPort> IpmiPorts => _ports;

    /// <inheritdoc/>
    public IReadOnlyList<IDiskPort> Disks => _disks;

    /// <inheritdoc/>
    public IReadOnlyList<IHidPort> HidDevices => _hidDevices;

    /// <summary>The kernel's files.</summary>
    public FakeFileTree Files { get; } = new();

    IFileTree IHardware.Files => Files;

    /// <summary>Replaces the management controllers and tells the listeners of <see cref="Changed"/>.</summary>
    public void SetIpmiPorts(params IReadOnlyList<IIpmiPort> ports)
    {
        _ports = [.. ports];
        RaiseChanged();
    }

    /// <summary>Replaces the disks and tells the listeners of <see cref="Changed"/>.</summary>
    public void SetDisks(params IReadOnlyList<IDiskPort> disks)
    {
        _disks = [.. disks];
        RaiseChanged();
    }

    /// <summary>Replaces the HID devices, as plugging in and out does, and tells the listeners of <see cref="Changed"/>.</summary>
    public void SetHidDevices(params IReadOnlyList<IHidPort> ports)
    {
        _hidDevices = [.. ports];
        RaiseChanged();
    }

    /// <summary>Tells the listeners of <see cref="Changed"/> that a device came or went.</summary>
    public void RaiseChanged() => Changed?.Invoke(this, EventArgs.Empty);
}
