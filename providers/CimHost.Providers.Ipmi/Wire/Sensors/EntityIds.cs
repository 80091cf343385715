namespace CimHost.Providers.Ipmi.Wire.Sensors;

/// <summary>Entity ids (IPMI 2.0 table 43-13).</summary>
internal static class EntityIds
{
    public const byte Processor = 0x03;
    public const byte SystemBoard = 0x07;
    public const byte PowerSupply = 0x0A;
    public const byte PowerUnit = 0x13;
    public const byte SystemChassis = 0x17;
    public const byte Fan = 0x1D;
    public const byte CoolingUnit = 0x1E;

    private static readonly string[] s_names =
    [
        "Unspecified", "Other", "Unknown", "Processor", "Disk", "Peripheral Bay", "System Management Module", "System Board", "Memory Module",
        "Processor Module", "Power Supply", "Add-in Card", "Front Panel Board", "Back Panel Board", "Power System Board", "Drive Backplane",
        "Internal Expansion Board", "Other System Board", "Processor Board", "Power Unit", "Power Module", "Power Management",
        "Chassis Back Panel Board", "System Chassis", "Sub-Chassis", "Other Chassis Board", "Disk Drive Bay", "Peripheral Bay", "Device Bay",
        "Fan", "Cooling Unit", "Cable/Interconnect", "Memory Device", "System Management Software", "BIOS", "Operating System", "System Bus",
        "Group", "Remote Management Communication Device", "External Environment", "Battery", "Processing Blade", "Connectivity Switch",
        "Processor/Memory Module", "I/O Module", "Processor/I/O Module", "Management Controller Firmware", "IPMI Channel", "PCI Bus",
        "PCI Express Bus", "SCSI Bus", "SATA/SAS Bus", "Processor Front-Side Bus", "Real Time Clock", "Reserved", "Air Inlet",
    ];

    /// <summary>Name of an entity id.</summary>
    public static string Name(byte id) => id switch
    {
        0x40 => "Air Inlet",
        0x41 => "Processor",
        0x42 => "Baseboard",
        >= 0x90 and <= 0xAF => $"Chassis-specific Entity {id:X2}h",
        >= 0xB0 and <= 0xCF => $"Board-set-specific Entity {id:X2}h",
        >= 0xD0 => $"OEM Entity {id:X2}h",
        _ => id < s_names.Length ? s_names[id] : $"Entity {id:X2}h",
    };
}
