using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Worlds;

/// <summary>
/// The hardware as one world has it: the devices that its package declares, each behind the request path with the world's own queue and
/// counts. What is not declared is not there. Dispose it when the world ends.
/// </summary>
public sealed class WorldHardware : IHardware, IDisposable
{
    private readonly DeviceRegistry _registry;
    private readonly PortList<IIpmiPort> _ipmi;
    private readonly PortList<IDiskPort> _disks;
    private readonly PortList<IFileTree> _files;

    internal WorldHardware(DeviceRegistry registry, string world, DeviceDeclaration declaration)
    {
        _registry = registry;
        World = world;
        _ipmi = new(DeviceKind.Ipmi, world, declaration, (device, lane) => new IoIpmiPort((IIpmiPort)device.Port!, device.Path!, lane));
        _disks = new(DeviceKind.Disk, world, declaration, (device, lane) => new IoDiskPort((IDiskPort)device.Port!, device.Path!, lane));
        _files = new(DeviceKind.Files, world, declaration, (device, lane) => new IoFileTree((IFileTree)device.Port!, declaration.Files, device.Path!, lane));
        registry.Changed += OnChanged;
        Update();
    }

    /// <inheritdoc/>
    public event EventHandler? Changed;

    /// <summary>Name under which its requests are counted.</summary>
    public string World { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IIpmiPort> IpmiPorts => _ipmi.Ports;

    /// <inheritdoc/>
    public IReadOnlyList<IDiskPort> Disks => _disks.Ports;

    /// <inheritdoc/>
    public IFileTree Files => _files.Ports is [var files, ..] ? files : NoFiles.Instance;

    /// <summary>Gives the devices up: the lists are empty from now on, and ports that were taken from them take no more requests.</summary>
    public void Dispose()
    {
        _registry.Changed -= OnChanged;
        _ipmi.Close(_registry);
        _disks.Close(_registry);
        _files.Close(_registry);
    }

    // Not short-circuited: every list takes over what is there.
    private bool Update() => _ipmi.Update(_registry) | _disks.Update(_registry) | _files.Update(_registry);

    private void OnChanged(DeviceChange change)
    {
        if (Update())
        {
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }
}
