namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>What a file of <c>disks/</c> says, whatever the device speaks.</summary>
internal abstract record DiskDescription
{
    /// <summary>The kernel's name of the device.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is attached.</summary>
    public required string Location { get; init; }

    /// <summary>Vendor of a SCSI device; empty for others.</summary>
    public string Vendor { get; init; } = string.Empty;

    public required string Model { get; init; }

    public required string SerialNumber { get; init; }

    public required string Firmware { get; init; }

    /// <summary>NAA identifier of the device, 0 when it has none.</summary>
    public ulong Wwn { get; init; }

    public ulong CapacityBytes { get; init; }

    public int LogicalBlock { get; init; } = 512;

    public int PhysicalBlock { get; init; } = 512;

    /// <summary>Revolutions per minute; 1 for solid state, 0 when not told.</summary>
    public int RotationRate { get; init; }

    public List<SelfTestDescription> SelfTests { get; init; } = [];

    /// <summary>How long a started self-test takes, in seconds.</summary>
    public int SelfTestSeconds { get; init; } = 60;

    /// <summary>"active", "idle" or "standby".</summary>
    public string PowerMode { get; init; } = "active";
}

/// <summary>An entry of a self-test log: codes as the protocol has them.</summary>
internal sealed record SelfTestDescription(byte Type, byte Result, uint Hours, ulong? Lba);

/// <summary>An ATA disk.</summary>
internal sealed record AtaDescription : DiskDescription
{
    public bool GeneralPurposeLogging { get; init; } = true;

    public bool SmartEnabled { get; init; } = true;

    public bool Failing { get; init; }

    public bool ConveyanceTest { get; init; }

    public List<AtaAttribute> Attributes { get; init; } = [];

    public List<AtaError> Errors { get; init; } = [];

    public int ErrorCount { get; init; }

    public List<AtaStatistic> Statistics { get; init; } = [];

    public AtaTemperature? Temperature { get; init; }
}

/// <summary>A SMART attribute; Raw is six bytes.</summary>
internal sealed record AtaAttribute(byte Id, ushort Flags, byte Value, byte Worst, byte Threshold, byte[] Raw);

/// <summary>An entry of the error logs.</summary>
internal sealed record AtaError(ushort Hours, byte Error, byte Status, ushort Count, ulong Lba, byte Command);

/// <summary>A value of the device statistics log: page, byte offset, value and flags (bits 7:3 of its last byte).</summary>
internal sealed record AtaStatistic(byte Page, ushort Offset, ulong Value, byte Flags);

/// <summary>SCT temperatures in °C.</summary>
internal sealed record AtaTemperature(sbyte Current, sbyte Minimum, sbyte Maximum, sbyte LifetimeMinimum, sbyte LifetimeMaximum);

/// <summary>An NVMe controller with one namespace.</summary>
internal sealed record NvmeDescription : DiskDescription
{
    public ushort VendorId { get; init; }

    public ulong Eui64 { get; init; }

    public byte[] Nguid { get; init; } = new byte[16];

    public int WarningTemperature { get; init; }

    public int CriticalTemperature { get; init; }

    public required NvmeHealth Health { get; init; }

    public List<NvmeError> Errors { get; init; } = [];

    public List<string> FirmwareSlots { get; init; } = [];

    public byte ActiveSlot { get; init; } = 1;

    public byte NextSlot { get; init; }

    public bool SupportsSelfTest { get; init; } = true;

    public List<NvmeEnduranceGroup> EnduranceGroups { get; init; } = [];
}

/// <summary>Fields of the SMART / health log; temperatures in °C.</summary>
internal sealed record NvmeHealth
{
    public byte CriticalWarning { get; init; }

    public int Temperature { get; init; }

    public byte AvailableSpare { get; init; } = 100;

    public byte SpareThreshold { get; init; } = 10;

    public byte PercentageUsed { get; init; }

    public byte EnduranceWarning { get; init; }

    /// <summary>Data units read, data units written, host reads, host writes, busy minutes, power cycles, power-on hours, unsafe shutdowns, media errors, error log entries.</summary>
    public UInt128[] Counters { get; init; } = new UInt128[10];

    public uint WarningMinutes { get; init; }

    public uint CriticalMinutes { get; init; }

    public List<int> Sensors { get; init; } = [];
}

/// <summary>An entry of the error information log.</summary>
internal sealed record NvmeError(ulong Count, ushort Queue, ushort Command, ushort Status, ushort Location, ulong Lba, uint Namespace);

/// <summary>An endurance group.</summary>
internal sealed record NvmeEnduranceGroup(ushort Id, byte CriticalWarning, byte AvailableSpare, byte SpareThreshold, byte PercentageUsed, UInt128 DataUnitsWritten);

/// <summary>A SCSI disk.</summary>
internal sealed record ScsiDescription : DiskDescription
{
    /// <summary>Null when the device does not tell it.</summary>
    public int? Temperature { get; init; }

    public int? TripTemperature { get; init; }

    public byte ExceptionCode { get; init; }

    public byte ExceptionQualifier { get; init; }

    /// <summary>Seven counters each, in the order of SPC-5 table 385 (parameters 0 to 6); empty when the page is not there.</summary>
    public List<ulong[]> ErrorCounters { get; init; } = [];

    public ulong? NonMediumErrors { get; init; }

    public uint? GrownDefects { get; init; }

    public uint? PrimaryDefects { get; init; }

    public byte? PercentageUsed { get; init; }

    public uint? PowerOnMinutes { get; init; }

    public byte BackgroundScanStatus { get; init; }

    public uint? StartStopCycles { get; init; }

    public uint? LoadUnloadCycles { get; init; }

    public uint SpecifiedStartStops { get; init; }

    public uint SpecifiedLoadUnloads { get; init; }

    public string Manufactured { get; init; } = string.Empty;

    /// <summary>SAS addresses of the phys; empty when the device is not SAS.</summary>
    public List<ulong> Phys { get; init; } = [];
}

/// <summary>An enclosure with SES pages.</summary>
internal sealed record EnclosureDescription : DiskDescription
{
    public List<ElementGroup> Groups { get; init; } = [];
}

/// <summary>Elements of one type: SES-3 table 71's code.</summary>
internal sealed record ElementGroup(byte Type, string Text, List<EnclosureElement> Elements);

/// <summary>One element: its four status bytes, its name, and the SAS address of the disk in it (0: none).</summary>
internal sealed record EnclosureElement(string Name, byte[] Status, ulong SasAddress);
