using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Capture.Recording;
using CimHost.VmKernel.Devices.Hid;
using CimHost.VmKernel.Devices.Io;
using CimHost.VmKernel.Devices.Io.Drivers;
using CimHost.VmKernel.Devices.Io.Worlds;
using CimHost.VmKernel.Devices.Ipmi.Lan;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Devices;

/// <summary>
/// The hardware of the host: the drivers of this computer or of an emulated machine, and of the configured remote BMCs. The local BMC may
/// come and go while the host runs; nothing is opened before it is used. The ports here are the drivers' own; a world gets its ports from
/// <see cref="For"/>.
/// </summary>
public sealed class HostHardware : IHardware, IAsyncDisposable
{
    // The reads of an emulated machine hold no threads; the limit only bounds what is in flight.
    private const int MachineReads = 64;
    private static readonly TimeSpan s_scanInterval = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly IMachine? _machine;
    private readonly HardwareRecorder? _recorder;
    private readonly LinuxFileTree? _ownFiles;
    private readonly HidrawPorts? _ownHidDevices;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _scanning;

    private HostHardware(HardwareOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        _time = time;
        _recorder = options.Recorder;
        Devices = new DeviceRegistry(loggers.CreateLogger<DeviceRegistry>(), time);
        if (options.Machine is { } machine)
        {
            _machine = machine;
            Files = machine.Files;
            Register(new MachineDriver(machine));
            Register(new FileTreeDriver("emulated machine", machine.SystemName, Files, MachineReads));
        }
        else
        {
            Files = _ownFiles = new LinuxFileTree(options.SystemRoot);
            Register(new LinuxIpmiDriver(options.SystemRoot));
            Register(new LinuxDiskDriver(options.SystemRoot));
            _ownHidDevices = new HidrawPorts(options.SystemRoot, time);
            Register(new LinuxHidDriver(_ownHidDevices));
            Register(new FileTreeDriver("Linux files", options.SystemRoot, Files, BlockingReads.MaxThreads));
        }

        Register(new LanIpmiDriver(options.RemoteBmcs, loggers.CreateLogger<LanIpmiPort>(), time));
        Devices.Changed += change => Changed?.Invoke(this, EventArgs.Empty);

        // There is nothing to detach yet, and so nothing to wait for.
        ValueTask scan = Devices.RescanAsync();
        System.Diagnostics.Debug.Assert(scan.IsCompletedSuccessfully, "The first scan waits.");
        if (_machine is not null)
        {
            _machine.Changed += OnMachineChanged;
        }

        _scanning = ScanAsync();
    }

    /// <inheritdoc/>
    public event EventHandler? Changed;

    /// <summary>Drivers and devices, for administrators.</summary>
    public DeviceRegistry Devices { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IIpmiPort> IpmiPorts =>
        [.. Devices.Devices.Where(device => device is { Id.Kind: DeviceKind.Ipmi, State: DeviceState.Attached }).Select(device => (IIpmiPort)device.Port!)];

    /// <inheritdoc/>
    public IReadOnlyList<IDiskPort> Disks =>
        [.. Devices.Devices.Where(device => device is { Id.Kind: DeviceKind.Disk, State: DeviceState.Attached }).Select(device => (IDiskPort)device.Port!)];

    /// <inheritdoc/>
    public IReadOnlyList<IHidPort> HidDevices =>
        [.. Devices.Devices.Where(device => device is { Id.Kind: DeviceKind.Hid, State: DeviceState.Attached }).Select(device => (IHidPort)device.Port!)];

    /// <inheritdoc/>
    public IFileTree Files { get; }

    /// <summary>Finds the hardware. Dispose it before the machine that it was opened on.</summary>
    public static HostHardware Open(HardwareOptions options, ILoggerFactory loggers, TimeProvider? time = null) =>
        new(options, loggers, time ?? TimeProvider.System);

    /// <summary>The hardware as a world has it. Dispose it when the world ends.</summary>
    /// <param name="world">Name under which its requests queue and are counted: that of the package.</param>
    /// <param name="declaration">The devices that it declares.</param>
    public WorldHardware For(string world, DeviceDeclaration declaration) => new(Devices, world, declaration);

    /// <summary>Closes sessions and devices.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_machine is not null)
        {
            _machine.Changed -= OnMachineChanged;
        }

        await _stop.CancelAsync();
        await _scanning;
        await Devices.DisposeAsync();
        _ownHidDevices?.Dispose();
        _ownFiles?.Dispose();
        _stop.Dispose();
    }

    private void Register(IDeviceDriver driver) => Devices.Register(_recorder?.Wrap(driver) ?? driver);

    // Told by whoever noticed, in the middle of a request: the scan must not hold it up.
    private void OnMachineChanged(object? sender, EventArgs e) => _ = Task.Run(() => Devices.RescanAsync().AsTask());

    private async Task ScanAsync()
    {
        using var timer = new PeriodicTimer(s_scanInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await Devices.RescanAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The hardware is being closed.
            return;
        }
    }
}
