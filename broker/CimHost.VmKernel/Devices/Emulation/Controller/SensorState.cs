using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>
/// A sensor at work: its reading, its thresholds as they were set, and which of them are crossed. An upper threshold is crossed from the
/// value equal to it on, and left below it by more than the hysteresis; a lower one the other way round (IPMI 2.0 §35.13).
/// </summary>
internal sealed class SensorState
{
    // Sensor and reading types of IPMI 2.0 tables 42-1 and 42-3, whose states follow what happens to the machine.
    private const byte SensorSpecific = 0x6F, PhysicalSecurity = 0x05, PowerUnit = 0x09, AcpiPowerState = 0x22, Watchdog2 = 0x23;
    private const int PowerOff = 1 << 0, GeneralIntrusion = 1 << 0, SoftOff = 1 << 5;

    private readonly SelLog _log;
    private MachineConditions _conditions = MachineConditions.Normal;
    private bool _evaluated;

    public SensorState(SensorDescription description, byte offset, SelLog log)
    {
        _log = log;
        Description = description;
        Number = (byte)(description.Number + offset);
        Thresholds = [.. description.Thresholds];
        (PositiveHysteresis, NegativeHysteresis) = description.Hysteresis;
        (Scanning, Events) = (description.Scanning, description.EventsEnabled);
        (AssertionEvents, DeassertionEvents) = (description.AssertionEvents, description.DeassertionEvents);
    }

    public SensorDescription Description { get; private set; }

    public byte Number { get; }

    /// <summary>Raw thresholds in the order of Get Sensor Thresholds.</summary>
    public byte?[] Thresholds { get; }

    public byte PositiveHysteresis { get; set; }

    public byte NegativeHysteresis { get; set; }

    public bool Scanning { get; set; }

    public bool Events { get; set; }

    public ushort AssertionEvents { get; set; }

    public ushort DeassertionEvents { get; set; }

    /// <summary>Reading byte; 0 for a sensor without an analog reading.</summary>
    public byte Raw { get; private set; }

    /// <summary>Crossed thresholds (bit 0 LNC … bit 5 UNR) or asserted states.</summary>
    public ushort Status { get; private set; }

    public bool Available => Scanning && Description.Available && (_conditions.HasPower || Description.Standby);

    /// <summary>The value now, in the sensor's unit; null for a sensor without one or when it does not read.</summary>
    public double? Measured => Available && Description.Present && Description.Factors is { } factors ? factors.ToValue(factors.FromByte(Raw)) : null;

    /// <summary>Takes a new description whose record is the same: value, states and availability change, what was set by command stays.</summary>
    public void Update(SensorDescription description)
    {
        if (description.Scanning != Description.Scanning)
        {
            Scanning = description.Scanning;
        }

        Description = description;
    }

    /// <summary>Looks at the value and notes what changed in the event log; the first look only notes the state.</summary>
    /// <param name="seconds">Running time of the machine, for values that move.</param>
    /// <param name="now">Seconds of the controller's clock.</param>
    /// <param name="conditions">What goes on with the machine.</param>
    public void Evaluate(double seconds, uint now, MachineConditions conditions)
    {
        _conditions = conditions;
        if (Description.Record == SensorRecordKind.EventOnly || !Available)
        {
            return;
        }

        if (Description.Factors is { } factors)
        {
            Raw = factors.ToByte((int)Math.Clamp(factors.ToCount(Value(seconds)), factors.Least, factors.Most));
        }

        ushort status = Description.IsThreshold ? Crossed() : States();
        ushort before = _evaluated ? Status : status;
        (Status, _evaluated) = (status, true);
        if (Events && before != status)
        {
            Note(before, status, now);
        }
    }

    /// <summary>Supported thresholds or states, as Get Sensor Event Status reports them: events that are active now.</summary>
    public ushort ActiveEvents => Description.IsThreshold
        ? (ushort)Enumerable.Range(0, 6).Where(i => (Status & (1 << i)) != 0).Sum(i => 1 << EventOffset(i))
        : Status;

    private static int EventOffset(int threshold) => threshold < 3 ? 2 * threshold : (2 * threshold) + 1;

    // What the file says, and what happens to the machine besides.
    private ushort States()
    {
        int states = Description.States;
        if (Description.ReadingType == SensorSpecific)
        {
            states = Description.Type switch
            {
                PowerUnit when !_conditions.HasPower => states | PowerOff,
                AcpiPowerState when !_conditions.HasPower => SoftOff,
                PhysicalSecurity when _conditions.IsOpen => states | GeneralIntrusion,
                Watchdog2 => states | _conditions.WatchdogStates,
                _ => states,
            };
        }

        return (ushort)(states & Description.SupportedStates);
    }

    private double Value(double seconds)
    {
        double value = Description.Value;
        if (Description.Wave is { } wave)
        {
            value += wave.Amplitude * Math.Sin(2 * Math.PI * seconds / wave.PeriodSeconds);
        }

        return double.IsNaN(value) ? 0 : value;
    }

    private ushort Crossed()
    {
        SensorFactors factors = Description.Factors!;
        int count = factors.FromByte(Raw);
        int direction = factors.Rises ? 1 : -1;
        int status = 0;
        for (int i = 0; i < 6; i++)
        {
            if (Thresholds[i] is not { } raw)
            {
                continue;
            }

            // How far the reading is past the threshold, in counts towards higher (upper) or lower (lower) values.
            int past = (count - factors.FromByte(raw)) * direction * (i < 3 ? -1 : 1);
            int slack = (Status & (1 << i)) == 0 ? 0 : i < 3 ? NegativeHysteresis : PositiveHysteresis;
            status |= past >= -slack ? 1 << i : 0;
        }

        return (ushort)status;
    }

    private void Note(ushort before, ushort after, uint now)
    {
        int count = Description.IsThreshold ? 6 : 15;
        for (int i = 0; i < count; i++)
        {
            int bit = 1 << i;
            int offset = Description.IsThreshold ? EventOffset(i) : i;
            bool asserted = (after & bit) != 0;
            int mask = asserted ? AssertionEvents : DeassertionEvents;
            if (((before ^ after) & bit) != 0 && (mask & (1 << offset)) != 0)
            {
                _log.Add(Event(offset, asserted, i, now));
            }
        }
    }

    // §32.1 byte 9: the channel in the high nibble.
    private byte OwnerLun => (byte)((Description.Channel << 4) | Description.Lun);

    /// <summary>Bytes 3–16 of the entry (§32.1, event data §29.7).</summary>
    private byte[] Event(int offset, bool asserted, int threshold, uint now)
    {
        bool analog = Description.IsThreshold;
        return
        [
            0x02, (byte)now, (byte)(now >> 8), (byte)(now >> 16), (byte)(now >> 24), Description.Owner, OwnerLun, 0x04, Description.Type, Number,
            (byte)(Description.ReadingType | (asserted ? 0 : 0x80)),
            (byte)(offset | (analog ? 0x50 : 0)), analog ? Raw : (byte)0xFF, analog ? Thresholds[threshold] ?? 0 : (byte)0xFF,
        ];
    }
}
