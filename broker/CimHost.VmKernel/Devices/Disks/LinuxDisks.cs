using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Disks;

/// <summary>
/// The disks and enclosures of this computer. A device that stays keeps its port; one that goes fails what is in flight. Nothing is opened
/// before the first command.
/// </summary>
public sealed class LinuxDisks(string systemRoot) : IDisposable
{
    private readonly Dictionary<DiskNode, LinuxDiskPort> _open = [];
    private volatile IReadOnlyList<IDiskPort> _ports = [];

    /// <summary>The devices that the last scan found, ordered by name.</summary>
    public IReadOnlyList<IDiskPort> Ports => _ports;

    /// <summary>Looks which devices are there now. True when one came or went. Called by one thread at a time.</summary>
    public bool Rescan()
    {
        IReadOnlyList<DiskNode> nodes = DiskNodes.Find(systemRoot);
        DiskNode[] gone = [.. _open.Keys.Except(nodes)];
        DiskNode[] came = [.. nodes.Except(_open.Keys)];
        if (gone.Length == 0 && came.Length == 0)
        {
            return false;
        }

        foreach (DiskNode node in gone)
        {
            _open.Remove(node, out LinuxDiskPort? port);
            port!.Dispose();
        }

        foreach (DiskNode node in came)
        {
            _open.Add(node, new LinuxDiskPort(node));
        }

        _ports = [.. nodes.Select(node => _open[node])];
        return true;
    }

    /// <summary>Closes every device.</summary>
    public void Dispose()
    {
        foreach (LinuxDiskPort port in _open.Values)
        {
            port.Dispose();
        }

        _open.Clear();
        _ports = [];
    }
}
