namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>What bmc/device.json says of the controller itself.</summary>
internal sealed record DeviceDescription
{
    public required string Port { get; init; }

    /// <summary>Answer of Get Device ID without the completion code, 15 bytes (IPMI 2.0 §20.1).</summary>
    public required byte[] DeviceId { get; init; }

    public required byte[] SelfTest { get; init; }

    /// <summary>GUID in IPMI's order, least significant byte first (§20.8).</summary>
    public required byte[] Guid { get; init; }

    /// <summary>Most bytes that one Get SDR or Read FRU Data gives.</summary>
    public required int LongestRead { get; init; }

    public required int Concurrency { get; init; }

    /// <summary>How long the port waits for an answer that was lost.</summary>
    public required TimeSpan Timeout { get; init; }

    public required byte Channel { get; init; }

    /// <summary>LAN configuration parameters by number (§23.2).</summary>
    public required IReadOnlyDictionary<byte, byte[]> Lan { get; init; }

    /// <summary>Answer of Get Watchdog Timer, 8 bytes (§27.7).</summary>
    public required byte[] Watchdog { get; init; }

    /// <summary>Power readings of DCMI; null when the controller knows nothing of DCMI.</summary>
    public DcmiDescription? Dcmi { get; init; }
}

/// <summary>Where the power readings of DCMI come from.</summary>
/// <param name="PowerSensor">Name of the sensor that measures the power of the machine.</param>
/// <param name="SamplingSeconds">How often it is sampled.</param>
internal sealed record DcmiDescription(string PowerSensor, int SamplingSeconds);

/// <summary>A controller behind the BMC, on the IPMB (bmc/satellites.json); its sensors are among those of the BMC's description.</summary>
/// <param name="Name">Name, for people.</param>
/// <param name="Address">Slave address.</param>
/// <param name="Channel">Channel of the BMC on which it is.</param>
/// <param name="DeviceId">Answer of its Get Device ID.</param>
internal sealed record SatelliteDescription(string Name, byte Address, byte Channel, byte[] DeviceId, FruDescription? Fru);

/// <summary>What bmc/chassis.json says.</summary>
/// <param name="Capabilities">Answer of Get Chassis Capabilities (§28.1).</param>
/// <param name="Status">Answer of Get Chassis Status (§28.2).</param>
/// <param name="RestartCause">Answer of Get System Restart Cause (§28.11).</param>
/// <param name="PowerOnHours">Hours that the power-on counter shows.</param>
/// <param name="AcpiState">Answer of Get ACPI Power State (§20.7).</param>
/// <param name="SoftOffSeconds">How long the operating system takes to shut down when it is asked to.</param>
internal sealed record ChassisDescription(byte[] Capabilities, byte[] Status, byte[] RestartCause, uint PowerOnHours, byte[] AcpiState, int SoftOffSeconds)
{
    /// <summary>Bits of the first byte of <see cref="Status"/>: the machine has power, is overloaded, has a fault.</summary>
    public const byte PowerOn = 0x01, PowerOverload = 0x02, PowerFault = 0x08;

    /// <summary>Bits of the third byte of <see cref="Status"/>.</summary>
    public const byte Intrusion = 0x01, DriveFault = 0x04, CoolingFault = 0x08;
}

/// <summary>One FRU device.</summary>
/// <param name="Device">FRU device id.</param>
/// <param name="Locator">Body of its locator record; null when none is wanted.</param>
/// <param name="Image">Bytes of its inventory area.</param>
/// <param name="WordAccess">True when it is read in words of two bytes.</param>
internal sealed record FruDescription(byte Device, byte[]? Locator, byte[] Image, bool WordAccess);

/// <summary>Entries that the SEL holds when the machine is opened, and how many it can hold.</summary>
/// <param name="Capacity">Most entries.</param>
/// <param name="Entries">Bytes 3–16 of each entry: record type and what follows.</param>
internal sealed record SelDescription(int Capacity, IReadOnlyList<byte[]> Entries);

/// <summary>A management controller as its files describe it.</summary>
internal sealed record BmcDescription
{
    public required DeviceDescription Device { get; init; }

    public required ChassisDescription Chassis { get; init; }

    /// <summary>Sensors of the controller, then those of the controllers behind it.</summary>
    public required IReadOnlyList<SensorDescription> Sensors { get; init; }

    /// <summary>Controllers behind this one.</summary>
    public IReadOnlyList<SatelliteDescription> Satellites { get; init; } = [];

    /// <summary>Type and body of the records that belong to no sensor: locators, associations, OEM.</summary>
    public required IReadOnlyList<(byte Type, byte[] Body)> OtherRecords { get; init; }

    public required IReadOnlyList<FruDescription> Frus { get; init; }

    public required SelDescription Sel { get; init; }

    /// <summary>Texts of Get System Info Parameters by parameter number (§22.14a).</summary>
    public required IReadOnlyDictionary<byte, string> SystemInfo { get; init; }
}
