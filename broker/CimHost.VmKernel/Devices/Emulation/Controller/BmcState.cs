using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>
/// The controller's state: what the files describe, and what commands changed since. A change of the files keeps what was set by command
/// where the record of a sensor, or the image of a FRU, stays the same. Not safe for threads: <see cref="EmulatedBmc"/> holds the lock.
/// </summary>
internal sealed class BmcState
{
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Dictionary<(byte Owner, byte Lun, byte Number), SensorState> _sensors = [];
    private readonly Dictionary<byte, SdrRepository> _deviceSdrs = [];
    private readonly Dictionary<byte, (FruDescription Description, byte[] Image)> _frus = [];
    private TimeSpan _clockOffset;

    public BmcState(BmcDescription description, TimeProvider time)
    {
        _time = time;
        _started = time.GetTimestamp();
        Description = description;
        Log = new SelLog(description.Sel);
        Chassis = new ChassisState(description.Chassis);
        Watchdog = new WatchdogState(description.Device.Watchdog);
        SystemInfo = [];
        Load(description);
    }

    public BmcDescription Description { get; private set; }

    public SdrRepository Sdrs { get; } = new();

    public SelLog Log { get; }

    public Dictionary<byte, string> SystemInfo { get; private set; }

    public IEnumerable<SensorState> Sensors => _sensors.Values;

    public ChassisState Chassis { get; }

    public WatchdogState Watchdog { get; }

    /// <summary>Power that DCMI tells; empty when the controller knows nothing of DCMI.</summary>
    public PowerStatistics Power { get; } = new();

    /// <summary>Seconds since the machine was opened.</summary>
    public double Elapsed => _time.GetElapsedTime(_started).TotalSeconds;

    /// <summary>The chassis is open: the chassis says so, or an intrusion sensor.</summary>
    public bool IsOpen => Chassis.IsOpen || _sensors.Values.Any(s => s.Description is { Type: 0x05, ReadingType: 0x6F, Owner: IpmiRequest.OwnController } && (s.Description.States & 1) != 0);

    /// <summary>Seconds of the controller's clock, which Set SEL Time moves.</summary>
    public uint Now => (uint)(_time.GetUtcNow() + _clockOffset).ToUnixTimeSeconds();

    public void SetClock(uint seconds) => _clockOffset = DateTimeOffset.FromUnixTimeSeconds(seconds) - _time.GetUtcNow();

    /// <summary>The sensor that a request with its number first is about.</summary>
    public SensorState? Sensor(in IpmiRequest request) =>
        _sensors.GetValueOrDefault((request.IsBridged ? request.Target : IpmiRequest.OwnController, request.Lun, request.Data.Span[0]));

    /// <summary>The records that a controller behind the BMC has of its own sensors.</summary>
    public SdrRepository DeviceSdrs(byte owner) => _deviceSdrs[owner];

    public (FruDescription Description, byte[] Image)? Fru(byte device) => _frus.TryGetValue(device, out (FruDescription, byte[]) fru) ? fru : null;

    /// <summary>Takes a new description and looks at every sensor.</summary>
    public void Load(BmcDescription description)
    {
        var before = _sensors.ToDictionary();
        _sensors.Clear();
        foreach (SensorDescription sensor in description.Sensors)
        {
            for (byte i = 0; i < sensor.Sharing.Count; i++)
            {
                (byte, byte, byte) key = (sensor.Owner, sensor.Lun, (byte)(sensor.Number + i));
                bool same = before.TryGetValue(key, out SensorState? state) && SameRecord(state.Description, sensor);
                if (same)
                {
                    state!.Update(sensor);
                }

                _sensors[key] = same ? state! : new SensorState(sensor, i, Log);
            }
        }

        LoadFrus(description);
        SystemInfo = description.SystemInfo.ToDictionary();
        Description = description;
        Chassis.Load(description.Chassis);
        Watchdog.Load(description.Device.Watchdog);
        LoadSdrs(description);
        Evaluate();
    }

    /// <summary>Looks at every sensor: values that move, thresholds that are crossed.</summary>
    public void Evaluate()
    {
        double seconds = Elapsed;
        uint now = Now;
        var conditions = new MachineConditions(Chassis.IsOn, IsOpen, Watchdog.SensorStates);
        foreach (SensorState sensor in _sensors.Values)
        {
            sensor.Evaluate(seconds, now, conditions);
        }

        if (Description.Device.Dcmi is { } dcmi)
        {
            SensorState? power = _sensors.Values.FirstOrDefault(s => s.Description.Name == dcmi.PowerSensor);
            Power.Sample(power?.Measured, seconds, dcmi.SamplingSeconds);
        }
    }

    /// <summary>Lets what is due happen: the end of a power cycle or of a shutdown, the end of the watchdog's time.</summary>
    public void Advance()
    {
        double now = Elapsed;
        bool changed = Chassis.Advance(now);
        if (Watchdog.Expired(now))
        {
            changed = true;
            Bite(now);
        }

        if (changed)
        {
            Evaluate();
        }
    }

    // Restart cause 4: the watchdog expired (§28.11). A machine that is off has nothing to be watched.
    private void Bite(double now)
    {
        const byte WatchdogExpired = 4;
        switch (Chassis.IsOn ? Watchdog.Action : 0)
        {
            case 1:
                Chassis.Reset(WatchdogExpired);
                break;
            case 2:
                Chassis.SwitchOff();
                break;
            case 3:
                Chassis.Cycle(now, WatchdogExpired);
                break;
            default:
                break;
        }
    }

    private void LoadSdrs(BmcDescription description)
    {
        uint now = Now;
        Sdrs.Load(description.Sensors.Select(SdrWriter.Write).Concat(description.OtherRecords), now);
        foreach (SatelliteDescription satellite in description.Satellites)
        {
            _deviceSdrs.TryAdd(satellite.Address, new SdrRepository());
            _deviceSdrs[satellite.Address].Load(description.Sensors.Where(s => s.Owner == satellite.Address).Select(SdrWriter.Write), now);
        }
    }

    private static bool SameRecord(SensorDescription old, SensorDescription read)
    {
        (byte oldType, byte[] oldBody) = SdrWriter.Write(old);
        (byte type, byte[] body) = SdrWriter.Write(read);
        return oldType == type && oldBody.AsSpan().SequenceEqual(body);
    }

    private void LoadFrus(BmcDescription description)
    {
        var before = _frus.ToDictionary();
        _frus.Clear();
        foreach (FruDescription fru in description.Frus)
        {
            bool same = before.TryGetValue(fru.Device, out (FruDescription Description, byte[] Image) old) && old.Description.Image.AsSpan().SequenceEqual(fru.Image);
            _frus[fru.Device] = (fru, same ? old.Image : [.. fru.Image]);
        }
    }
}
