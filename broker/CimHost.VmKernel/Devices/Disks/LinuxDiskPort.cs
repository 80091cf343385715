using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Disks;

/// <summary>
/// A disk or enclosure through its device node. The node is opened with the first command, and again when the device has gone and come
/// back; commands are carried out one at a time on a thread of the port's own.
/// </summary>
public sealed class LinuxDiskPort : IDiskPort, IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    // The kernel ends a command at its limit by itself; the rest is for its error handling.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    private readonly DiskNode _node;
    private readonly Func<ILinuxDisk> _open;
    private readonly CommandThread _thread;
    private ILinuxDisk? _disk;
    private volatile bool _closed;

    /// <summary>Creates the port of a device; its node is not opened before the first command.</summary>
    public LinuxDiskPort(DiskNode node)
        : this(node, () => LinuxDisk.Open(node.Path))
    {
    }

    internal LinuxDiskPort(DiskNode node, Func<ILinuxDisk> open)
    {
        _node = node;
        _open = open;
        _thread = new CommandThread(node.Path);
    }

    /// <inheritdoc/>
    public string Name => _node.Name;

    /// <inheritdoc/>
    public string Description => _node.Path;

    /// <inheritdoc/>
    public DiskProtocol Protocol => _node.Protocol;

    /// <inheritdoc/>
    public string Location => _node.Location;

    /// <inheritdoc/>
    public async ValueTask<ScsiResponse> ScsiAsync(ScsiCommand command, CancellationToken cancellationToken)
    {
        Check(DiskProtocol.Scsi, command.TransferLength, command.Data.Length, ScsiCommand.MaxTransfer);
        if (command.Cdb.Length is < 6 or > 16)
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{_node.Path}: a command descriptor block has 6 to 16 bytes, not {command.Cdb.Length}.");
        }

        TimeSpan limit = command.TimeLimit > TimeSpan.Zero ? command.TimeLimit : s_limit;
        return await _thread.RunAsync(() => Use(disk => disk.Scsi(command, limit)), limit + s_grace, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<NvmeAdminResponse> NvmeAdminAsync(NvmeAdminCommand command, CancellationToken cancellationToken)
    {
        Check(DiskProtocol.Nvme, command.TransferLength, command.Data.Length, NvmeAdminCommand.MaxTransfer);
        TimeSpan limit = command.TimeLimit > TimeSpan.Zero ? command.TimeLimit : s_limit;
        return await _thread.RunAsync(() => Use(disk => disk.NvmeAdmin(command, limit)), limit + s_grace, cancellationToken);
    }

    /// <summary>Closes the device; what waits fails.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;

        // Closed on the thread that uses it, so that its descriptor cannot be another file's while a command is under way.
        _ = _thread.RunAsync<bool>(Close, Timeout.InfiniteTimeSpan, CancellationToken.None);
        _thread.Dispose();
    }

    private void Check(DiskProtocol protocol, int transfer, int data, int most)
    {
        if (protocol != _node.Protocol)
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{_node.Path} takes no {protocol} commands.");
        }

        if (transfer < 0 || transfer > most || data > most)
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{_node.Path}: a command moves at most {most} bytes.");
        }
    }

    private T Use<T>(Func<ILinuxDisk, T> command)
    {
        if (_closed)
        {
            throw new HardwareException(HardwareFault.Unavailable, $"{_node.Path} is gone.");
        }

        _disk ??= _open();
        try
        {
            return command(_disk);
        }
        catch (HardwareException e) when (e.Fault == HardwareFault.Unavailable)
        {
            // The next command opens the node again: another device may be behind it by then.
            Close();
            throw;
        }
    }

    private bool Close()
    {
        _disk?.Dispose();
        _disk = null;
        return true;
    }
}
