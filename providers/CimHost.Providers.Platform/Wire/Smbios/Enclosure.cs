using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>System Enclosure or Chassis, type 3 (DSP0134 §7.4).</summary>
internal sealed class Enclosure : SmbiosRecord
{
    private const int ShortestLength = 0x09;
    private const int ElementsAt = 0x15;

    private static readonly string?[] s_types =
    [
        "Other", "Unknown", "Desktop", "Low Profile Desktop", "Pizza Box", "Mini Tower", "Tower", "Portable", "Laptop", "Notebook", "Hand Held",
        "Docking Station", "All In One", "Sub Notebook", "Space-saving", "Lunch Box", "Main Server Chassis", "Expansion Chassis", "Sub Chassis",
        "Bus Expansion Chassis", "Peripheral Chassis", "RAID Chassis", "Rack Mount Chassis", "Sealed-case PC", "Multi-system", "CompactPCI",
        "AdvancedTCA", "Blade", "Blade Enclosing", "Tablet", "Convertible", "Detachable", "IoT Gateway", "Embedded PC", "Mini PC", "Stick PC",
    ];

    private static readonly string?[] s_states = ["Other", "Unknown", "Safe", "Warning", "Critical", "Non-recoverable"];

    private static readonly string?[] s_security = ["Other", "Unknown", "None", "External Interface Locked Out", "External Interface Enabled"];

    private Enclosure(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "Chassis Information";

    /// <inheritdoc/>
    public override string? Label => "Chassis";

    public string? Manufacturer => Structure.Text(0x04);

    /// <summary>Kind of chassis, without the bit for the lock.</summary>
    public byte ChassisType => (byte)(Structure.Formatted[0x05] & 0x7F);

    /// <summary>True when there is a lock.</summary>
    public bool HasLock => (Structure.Formatted[0x05] & 0x80) != 0;

    public string? Version => Structure.Text(0x06);

    public string? SerialNumber => Structure.Text(0x07);

    public string? AssetTag => Structure.Text(0x08);

    /// <summary>States at the last boot: 3 safe, 4 warning, 5 critical, 6 non-recoverable.</summary>
    public byte? BootUpState => Structure.Byte(0x09);

    /// <inheritdoc cref="BootUpState"/>
    public byte? PowerSupplyState => Structure.Byte(0x0A);

    /// <inheritdoc cref="BootUpState"/>
    public byte? ThermalState => Structure.Byte(0x0B);

    public byte? SecurityStatus => Structure.Byte(0x0C);

    /// <summary>Height in rack units; null when unknown.</summary>
    public byte? Height => Structure.Byte(0x11) is { } height and not 0 ? height : null;

    /// <summary>Number of power cords; null when unknown.</summary>
    public byte? PowerCords => Structure.Byte(0x12) is { } cords and not 0 ? cords : null;

    /// <summary>Number of elements that the chassis can hold as the firmware lists them.</summary>
    public byte ContainedElements => Structure.Byte(0x13) ?? 0;

    public string? Sku => Structure.Length > ElementsAt || (ContainedElements == 0 && Structure.Length == ElementsAt + 1)
        ? Structure.Text(ElementsAt + (ContainedElements * (Structure.Byte(0x14) ?? 0)))
        : null;

    /// <summary>Name of the kind of chassis.</summary>
    public string? ChassisTypeName => SmbiosText.Name(s_types, ChassisType);

    /// <summary>Name of a state; null when not told.</summary>
    public static string? StateName(byte? state) => SmbiosText.Name(s_states, state);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record)
    {
        int elements = (structure.Byte(0x13) ?? 0) * (structure.Byte(0x14) ?? 0);
        if (elements > 0 && ElementsAt + elements > structure.Length)
        {
            record = null;
            return $"it announces {structure.Byte(0x13)} elements of {structure.Byte(0x14)} bytes and has {structure.Length} bytes in all";
        }

        return SmbiosRecords.Require(structure, ShortestLength, static s => new Enclosure(s), out record);
    }

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Manufacturer", Manufacturer);
        yield return new("Type", ChassisTypeName);
        yield return new("Lock", HasLock ? "Present" : "Not Present");
        yield return new("Version", Version);
        yield return new("Serial Number", SerialNumber);
        yield return new("Asset Tag", AssetTag);
        yield return new("Boot-up State", SmbiosText.Name(s_states, BootUpState));
        yield return new("Power Supply State", SmbiosText.Name(s_states, PowerSupplyState));
        yield return new("Thermal State", SmbiosText.Name(s_states, ThermalState));
        yield return new("Security Status", SmbiosText.Name(s_security, SecurityStatus));
        yield return new("OEM Information", Structure.DWord(0x0D) is { } oem ? "0x" + oem.ToString("X8", CultureInfo.InvariantCulture) : null);
        yield return new("Height", Height is { } height ? SmbiosText.Number(height, "U") : null);
        yield return new("Number Of Power Cords", SmbiosText.Number(PowerCords, string.Empty));
        yield return new("Contained Elements", SmbiosText.Number(Structure.Byte(0x13), string.Empty));
        yield return new("SKU Number", Sku);
    }
}
