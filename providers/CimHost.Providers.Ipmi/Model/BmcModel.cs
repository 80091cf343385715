using CimHost.Providers.Ipmi.Wire;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>
/// What is known of one management controller. The inventory is read once and again when the repository's timestamps or the controller
/// change; readings are swept anew for each request, one sweep for requests that come together.
/// </summary>
internal sealed class BmcModel
{
    // Requests that come together ask within this time of each other; a later one wants newer values.
    private static readonly TimeSpan s_joinSweep = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_readLimit = TimeSpan.FromMinutes(5);

    private readonly IpmiClient _client;
    private readonly IProviderHost _host;
    private readonly IpmiOptions _options;
    private readonly SingleFlight<InventoryState> _inventoryRun = new();
    private readonly SingleFlight<BmcAssets> _assetsRun = new();
    private readonly Lock _lock = new();
    private InventoryState? _state;
    private (BmcAssets Assets, BmcInventory Inventory, DateTimeOffset ReadAt)? _assets;
    private SharedSweep? _sweep;

    public BmcModel(IIpmiPort port, string machineName, IProviderHost host, IpmiOptions options)
    {
        _client = new IpmiClient(port);
        _host = host;
        _options = options;
        MachineName = machineName;
        Log = new EventLog(_client, host, options.EventLogWarningPercent);
        Chassis = new ChassisModel(_client);
        Watchdog = new WatchdogTimer(_client);
        Lan = new LanConfiguration(_client);
    }

    public IIpmiPort Port => _client.Port;

    /// <summary>Name of the managed machine: the key of its computer system.</summary>
    public string MachineName { get; }

    /// <summary>How full the event log may be before that is told, in percent.</summary>
    public int EventLogWarningPercent => _options.EventLogWarningPercent;

    /// <summary>The system event log.</summary>
    public EventLog Log { get; }

    /// <summary>Power, identify light and capabilities of the chassis.</summary>
    public ChassisModel Chassis { get; }

    /// <summary>The watchdog timer.</summary>
    public WatchdogTimer Watchdog { get; }

    /// <summary>How the controller is set up on its networks.</summary>
    public LanConfiguration Lan { get; }

    /// <summary>
    /// False when the controller is that of the computer on which the host runs and the configuration does not allow clients to switch it.
    /// </summary>
    public bool MayControl => _options.ControlThisComputer || !Port.LeadsToThisComputer;

    /// <summary>
    /// The inventory, checked against the controller when the last check is old. When the controller does not answer the check, the known
    /// inventory comes with the failure.
    /// </summary>
    /// <exception cref="HardwareException">The controller does not answer and no inventory is known.</exception>
    public Task<InventoryState> InventoryAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        InventoryState? state = _state;
        return state is { Failure: null } && _host.Time.GetUtcNow() - state.CheckedAt < _options.CheckInterval
            ? Task.FromResult(state)
            : _inventoryRun.RunAsync(CheckInventoryAsync, cancellationToken);
    }

    /// <summary>FRUs, GUID and BIOS version, kept for a while.</summary>
    public async Task<BmcAssets> AssetsAsync(BmcInventory inventory, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_assets is { } kept && ReferenceEquals(kept.Inventory, inventory) && _host.Time.GetUtcNow() - kept.ReadAt < _options.AssetsAge)
            {
                return kept.Assets;
            }
        }

        return await _assetsRun.RunAsync(() => ReadAssetsAsync(inventory), cancellationToken);
    }

    /// <summary>The power reading of DCMI now; null when the controller knows nothing of it.</summary>
    public async Task<GetPowerReading?> PowerReadingAsync(CancellationToken cancellationToken)
    {
        if (await _client.TryReadAsync(GetPowerReading.Request, cancellationToken) is not { } data)
        {
            return null;
        }

        return GetPowerReading.TryRead(data.Span, out GetPowerReading reading) ? reading : throw _client.Malformed("Get Power Reading", data.Length);
    }

    /// <summary>The chassis status now; null when the controller has none.</summary>
    public async Task<GetChassisStatus?> ChassisStatusAsync(CancellationToken cancellationToken) =>
        await _client.TryReadAsync(GetChassisStatus.Request, cancellationToken) is { } data && GetChassisStatus.TryRead(data.Span, out GetChassisStatus? status) ? status : null;

    /// <summary>A sweep over the sensors of the inventory: the one that just began, else a new one. Dispose the lease when done.</summary>
    public SweepLease EnterSweep(InventoryState state)
    {
        lock (_lock)
        {
            DateTimeOffset now = _host.Time.GetUtcNow();
            if (_sweep is null || !ReferenceEquals(_sweep.Inventory, state.Inventory) || now - _sweep.Started > s_joinSweep)
            {
                var cancellation = new CancellationTokenSource();
                var sweep = new SensorSweep(_client, state.Inventory, _host.Time, _options.ThresholdAge, cancellation.Token);
                if (state.Failure is { } failure)
                {
                    sweep.GiveUp(failure);
                }

                _sweep = new SharedSweep(sweep, state.Inventory, cancellation, now);
            }

            _sweep.Users++;
            SharedSweep entered = _sweep;
            return new SweepLease(entered.Sweep, () => Leave(entered));
        }
    }

    private void Leave(SharedSweep shared)
    {
        lock (_lock)
        {
            if (--shared.Users > 0)
            {
                return;
            }

            if (ReferenceEquals(_sweep, shared))
            {
                _sweep = null;
            }
        }

        // Commands still in flight belong to nobody any more.
        shared.Cancellation.Cancel();
        shared.Cancellation.Dispose();
    }

    private async Task<InventoryState> CheckInventoryAsync()
    {
        using var limit = new CancellationTokenSource(s_readLimit, _host.Time);
        InventoryState? known = _state;
        try
        {
            (GetDeviceId device, object stamp) = await StampAsync(limit.Token);
            if (known is null || !known.Inventory.Stamp.Equals(stamp))
            {
                known = new InventoryState(await ReadInventoryAsync(device, stamp, limit.Token), _host.Time.GetUtcNow(), null);
            }

            return _state = known with { CheckedAt = _host.Time.GetUtcNow(), Failure = null };
        }
        catch (HardwareException e) when (known is not null)
        {
            return _state = known with { Failure = e };
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested)
        {
            throw new HardwareException(HardwareFault.TimedOut, $"{Port.Name} ({Port.Description}) could not be read within {s_readLimit.TotalMinutes} minutes.", e);
        }
    }

    // The controller, its firmware and the state of its repository: when one differs, everything is read again.
    private async Task<(GetDeviceId Device, object Stamp)> StampAsync(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> data = await _client.ReadAsync(GetDeviceId.Request, "Get Device ID", cancellationToken);
        if (!GetDeviceId.TryRead(data.Span, out GetDeviceId? device))
        {
            throw _client.Malformed("Get Device ID", data.Length);
        }

        if (await _client.TryReadAsync(GetSdrRepositoryInfo.Request, cancellationToken) is { } repository && GetSdrRepositoryInfo.TryRead(repository.Span, out GetSdrRepositoryInfo? info))
        {
            // The free space may move while a reader works; it says nothing about the records.
            return (device!, (device, info! with { FreeSpace = 0 }));
        }

        GetDeviceSdrInfo? deviceSdrs = null;
        if (await _client.TryReadAsync(GetDeviceSdrInfo.Request, cancellationToken) is { } sdrs)
        {
            GetDeviceSdrInfo.TryRead(sdrs.Span, out deviceSdrs);
        }

        return (device!, (device, deviceSdrs));
    }

    private async Task<BmcInventory> ReadInventoryAsync(GetDeviceId device, object stamp, CancellationToken cancellationToken)
    {
        IReadOnlyList<SdrRecord> records = [];
        IReadOnlyList<string> problems = [];
        bool hasRepository = stamp is (GetDeviceId, GetSdrRepositoryInfo);
        if (hasRepository || device.ProvidesDeviceSdrs)
        {
            (records, problems) = await new SdrReader(_client, device: !hasRepository).ReadAsync(cancellationToken);
        }

        var inventory = new BmcInventory(Port.Name, device, stamp, records, problems);
        _host.Log.Information($"{Port.Name} ({Port.Description}): IPMI {device.IpmiVersionText}, firmware {device.FirmwareRevision}, {records.Count} SDRs, {inventory.Sensors.Count} sensors.");
        foreach (string problem in problems)
        {
            _host.Log.Warning($"{Port.Name}: SDR: {problem}.");
        }

        return inventory;
    }

    private async Task<BmcAssets> ReadAssetsAsync(BmcInventory inventory)
    {
        using var limit = new CancellationTokenSource(s_readLimit, _host.Time);
        BmcAssets assets = await new AssetsReader(_client, inventory).ReadAsync(limit.Token);
        foreach (FruDevice fru in assets.Frus)
        {
            foreach (string problem in fru.Problem is { } whole ? [whole] : fru.Inventory?.Problems ?? [])
            {
                _host.Log.Warning($"{Port.Name}: FRU {fru.Address.DeviceId} ({fru.Name}): {problem}");
            }
        }

        if (assets.Failure is null)
        {
            lock (_lock)
            {
                _assets = (assets, inventory, _host.Time.GetUtcNow());
            }
        }

        return assets;
    }

    private sealed class SharedSweep(SensorSweep sweep, BmcInventory inventory, CancellationTokenSource cancellation, DateTimeOffset started)
    {
        public SensorSweep Sweep => sweep;

        public BmcInventory Inventory => inventory;

        public CancellationTokenSource Cancellation => cancellation;

        public DateTimeOffset Started => started;

        public int Users { get; set; }
    }
}
