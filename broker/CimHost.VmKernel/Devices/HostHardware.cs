using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Hid;
using CimHost.VmKernel.Devices.Ipmi.Lan;
using CimHost.VmKernel.Devices.Ipmi.Linux;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Devices;

/// <summary>
/// The hardware ports of the host: this computer's (the Linux drivers) or an emulated machine's, and the configured remote BMCs. The local
/// BMC may come and go while the host runs; nothing is opened before it is used.
/// </summary>
public sealed partial class HostHardware : IHardware, IAsyncDisposable
{
    // Where distributions and the driver's own udev rules put the node.
    private static readonly string[] s_nodes = ["dev/ipmi0", "dev/ipmi/0", "dev/ipmidev/0"];
    private static readonly TimeSpan s_scanInterval = TimeSpan.FromSeconds(5);

    private readonly HardwareOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly LanIpmiPort[] _remote;
    private readonly HidrawPorts _hidraw;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _scanning;
    private LinuxIpmiPort? _local;
    private volatile IReadOnlyList<IIpmiPort> _ports = [];

    private HostHardware(HardwareOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        _options = options;
        _logger = loggers.CreateLogger<HostHardware>();
        _time = time;
        _hidraw = new HidrawPorts(options.SystemRoot, time);
        Files = options.Machine?.Files ?? new LinuxFileTree(options.SystemRoot);
        ILogger lan = loggers.CreateLogger<LanIpmiPort>();
        _remote = [.. options.RemoteBmcs.Select(bmc => new LanIpmiPort(bmc, lan, timing: null, time))];
        string? node = FindNode();
        _local = node is null ? null : new LinuxIpmiPort(node);
        _ports = List();
        _scanning = options.Machine is null ? ScanAsync() : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public event EventHandler? Changed;

    /// <inheritdoc/>
    public IReadOnlyList<IIpmiPort> IpmiPorts => _ports;

    /// <inheritdoc/>
    public IReadOnlyList<IHidPort> HidDevices => _options.Machine is { } machine ? machine.HidDevices : _hidraw.Ports;

    /// <inheritdoc/>
    public IFileTree Files { get; }

    /// <summary>Finds the hardware. Dispose it before the machine that it was opened on.</summary>
    public static HostHardware Open(HardwareOptions options, ILoggerFactory loggers, TimeProvider? time = null) =>
        new(options, loggers, time ?? TimeProvider.System);

    /// <summary>Closes sessions and devices.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _scanning;
        await Task.WhenAll(_remote.Select(port => port.DisposeAsync().AsTask()));
        _local?.Dispose();
        _hidraw.Dispose();
        if (_options.Machine is null)
        {
            (Files as IDisposable)?.Dispose();
        }

        _stop.Dispose();
    }

    private string? FindNode() =>
        _options.Machine is null ? s_nodes.Select(node => Path.Combine(_options.SystemRoot, node)).FirstOrDefault(File.Exists) : null;

    private IReadOnlyList<IIpmiPort> List() =>
        _options.Machine is { } machine ? [.. machine.IpmiPorts, .. _remote] : _local is null ? _remote : [_local, .. _remote];

    private async Task ScanAsync()
    {
        using var timer = new PeriodicTimer(s_scanInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                Rescan();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The hardware is being closed.
            return;
        }
    }

    private void Rescan()
    {
        string? node = FindNode();
        LinuxIpmiPort? gone = _local;
        if (node == gone?.Path)
        {
            return;
        }

        _local = node is null ? null : new LinuxIpmiPort(node);
        _ports = List();
        gone?.Dispose();
        if (gone is not null)
        {
            LogGone(gone.Path);
        }

        if (node is not null)
        {
            LogFound(node);
        }

        try
        {
            Changed?.Invoke(this, EventArgs.Empty);
        }
        catch (Exception e)
        {
            LogListener(e);
        }
    }

    [LoggerMessage(4001, LogLevel.Information, "{Node} appeared: there is a local BMC.")]
    private partial void LogFound(string node);

    [LoggerMessage(4002, LogLevel.Information, "{Node} is gone.")]
    private partial void LogGone(string node);

    [LoggerMessage(4003, LogLevel.Error, "A listener to hardware changes failed.")]
    private partial void LogListener(Exception exception);
}
