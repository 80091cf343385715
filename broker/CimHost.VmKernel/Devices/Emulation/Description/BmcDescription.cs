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
}

/// <summary>What bmc/chassis.json says.</summary>
/// <param name="Capabilities">Answer of Get Chassis Capabilities (§28.1).</param>
/// <param name="Status">Answer of Get Chassis Status (§28.2).</param>
/// <param name="RestartCause">Answer of Get System Restart Cause (§28.11).</param>
/// <param name="PowerOnHours">Hours that the power-on counter shows.</param>
/// <param name="AcpiState">Answer of Get ACPI Power State (§20.7).</param>
internal sealed record ChassisDescription(byte[] Capabilities, byte[] Status, byte[] RestartCause, uint PowerOnHours, byte[] AcpiState);

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

    public required IReadOnlyList<SensorDescription> Sensors { get; init; }

    /// <summary>Type and body of the records that belong to no sensor: locators, associations, OEM.</summary>
    public required IReadOnlyList<(byte Type, byte[] Body)> OtherRecords { get; init; }

    public required IReadOnlyList<FruDescription> Frus { get; init; }

    public required SelDescription Sel { get; init; }

    /// <summary>Texts of Get System Info Parameters by parameter number (§22.14a).</summary>
    public required IReadOnlyDictionary<byte, string> SystemInfo { get; init; }
}
