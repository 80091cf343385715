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
    private readonly Dictionary<(byte Lun, byte Number), SensorState> _sensors = [];
    private readonly Dictionary<byte, (FruDescription Description, byte[] Image)> _frus = [];
    private TimeSpan _clockOffset;

    public BmcState(BmcDescription description, TimeProvider time)
    {
        _time = time;
        _started = time.GetTimestamp();
        Description = description;
        Log = new SelLog(description.Sel);
        SystemInfo = [];
        Load(description);
    }

    public BmcDescription Description { get; private set; }

    public SdrRepository Sdrs { get; } = new();

    public SelLog Log { get; }

    public Dictionary<byte, string> SystemInfo { get; private set; }

    public IEnumerable<SensorState> Sensors => _sensors.Values;

    /// <summary>Seconds of the controller's clock, which Set SEL Time moves.</summary>
    public uint Now => (uint)(_time.GetUtcNow() + _clockOffset).ToUnixTimeSeconds();

    public void SetClock(uint seconds) => _clockOffset = DateTimeOffset.FromUnixTimeSeconds(seconds) - _time.GetUtcNow();

    public SensorState? Sensor(byte lun, byte number) => _sensors.GetValueOrDefault((lun, number));

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
                (byte, byte) key = (sensor.Lun, (byte)(sensor.Number + i));
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
        Sdrs.Load(description, Now);
        Evaluate();
    }

    /// <summary>Looks at every sensor: values that move, thresholds that are crossed.</summary>
    public void Evaluate()
    {
        double seconds = _time.GetElapsedTime(_started).TotalSeconds;
        uint now = Now;
        foreach (SensorState sensor in _sensors.Values)
        {
            sensor.Evaluate(seconds, now);
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
