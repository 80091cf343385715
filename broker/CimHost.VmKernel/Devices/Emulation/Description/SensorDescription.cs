namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>Which SDR describes a sensor.</summary>
internal enum SensorRecordKind
{
    Full = 1,
    Compact = 2,
    EventOnly = 3,
}

/// <summary>A value that moves by itself: a sine around the written value, a function of the machine's running time only.</summary>
/// <param name="Amplitude">Largest deviation, in the unit of the sensor.</param>
/// <param name="PeriodSeconds">Seconds from crest to crest.</param>
internal sealed record SensorWave(double Amplitude, double PeriodSeconds);

/// <summary>One sensor as its file describes it. Thresholds stand in the order of Get Sensor Thresholds (IPMI 2.0 §35.9).</summary>
internal sealed record SensorDescription
{
    public required string Name { get; init; }

    /// <summary>Name with its type/length byte, at most 16 bytes of text.</summary>
    public required byte[] NameField { get; init; }

    public required byte Number { get; init; }

    public required byte Lun { get; init; }

    /// <summary>Slave address of the controller that has the sensor.</summary>
    public byte Owner { get; init; } = 0x20;

    /// <summary>Channel of that controller.</summary>
    public byte Channel { get; init; }

    /// <summary>True when it reads while the machine is switched off too, because standby power feeds it.</summary>
    public bool Standby { get; init; }

    public required SensorRecordKind Record { get; init; }

    public required EntityReference Entity { get; init; }

    public required byte Type { get; init; }

    public required byte ReadingType { get; init; }

    /// <summary>Sensor units 1 without the analog format, base unit, modifier unit (§43.1 bytes 21–23).</summary>
    public required (byte Flags, byte Base, byte Modifier) Unit { get; init; }

    /// <summary>Conversion; null for a sensor without an analog reading.</summary>
    public SensorFactors? Factors { get; init; }

    /// <summary>Raw thresholds, LNC, LC, LNR, UNC, UC, UNR; null where there is none.</summary>
    public byte?[] Thresholds { get; init; } = new byte?[6];

    public bool SettableThresholds { get; init; }

    public (byte Positive, byte Negative) Hysteresis { get; init; }

    public bool SettableHysteresis { get; init; }

    public byte? Nominal { get; init; }

    public byte? NormalMaximum { get; init; }

    public byte? NormalMinimum { get; init; }

    /// <summary>Value of an analog sensor in its unit.</summary>
    public double Value { get; init; }

    public SensorWave? Wave { get; init; }

    /// <summary>Discrete states that are asserted, one bit each.</summary>
    public ushort States { get; init; }

    /// <summary>Discrete states that the sensor can report.</summary>
    public ushort SupportedStates { get; init; }

    public ushort AssertionEvents { get; init; }

    public ushort DeassertionEvents { get; init; }

    public bool EventsEnabled { get; init; }

    public bool Scanning { get; init; }

    public bool Available { get; init; }

    /// <summary>False: the SDR is there, the sensor answers "not present" (CBh).</summary>
    public bool Present { get; init; }

    /// <summary>Number of sensors that share a compact or event-only record, with the offset of their names.</summary>
    public (byte Count, byte NameOffset, bool EntityShared) Sharing { get; init; } = (1, 0, false);

    public byte Oem { get; init; }

    public bool IsThreshold => ReadingType == 1;

    /// <summary>Mask of the thresholds that exist, bit 0 for LNC.</summary>
    public byte ThresholdMask => (byte)Enumerable.Range(0, 6).Where(i => Thresholds[i] is not null).Sum(i => 1 << i);
}
