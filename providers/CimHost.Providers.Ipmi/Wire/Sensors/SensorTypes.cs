namespace CimHost.Providers.Ipmi.Wire.Sensors;

/// <summary>Sensor types (IPMI 2.0 table 42-3).</summary>
internal static class SensorTypes
{
    public const byte Temperature = 0x01;
    public const byte Voltage = 0x02;
    public const byte Current = 0x03;
    public const byte Fan = 0x04;
    public const byte PhysicalSecurity = 0x05;
    public const byte Processor = 0x07;
    public const byte PowerSupply = 0x08;
    public const byte PowerUnit = 0x09;
    public const byte CoolingDevice = 0x0A;
    public const byte OtherUnits = 0x0B;
    public const byte DriveSlot = 0x0D;
    public const byte SystemFirmware = 0x0F;
    public const byte EntityPresence = 0x25;
    public const byte Battery = 0x29;
    public const byte VersionChange = 0x2B;

    /// <summary>First code that makers give a meaning of their own.</summary>
    public const byte FirstOem = 0xC0;

    private static readonly string[] s_names =
    [
        "Reserved", "Temperature", "Voltage", "Current", "Fan", "Physical Security", "Platform Security", "Processor", "Power Supply",
        "Power Unit", "Cooling Device", "Other Units-based Sensor", "Memory", "Drive Slot", "POST Memory Resize", "System Firmware",
        "Event Logging Disabled", "Watchdog 1", "System Event", "Critical Interrupt", "Button/Switch", "Module/Board",
        "Microcontroller/Coprocessor", "Add-in Card", "Chassis", "Chip Set", "Other FRU", "Cable/Interconnect", "Terminator",
        "System Boot/Restart Initiated", "Boot Error", "Base OS Boot/Installation Status", "OS Stop/Shutdown", "Slot/Connector",
        "System ACPI Power State", "Watchdog 2", "Platform Alert", "Entity Presence", "Monitor ASIC/IC", "LAN",
        "Management Subsystem Health", "Battery", "Session Audit", "Version Change", "FRU State",
    ];

    /// <summary>Name of a type.</summary>
    public static string Name(byte type) => type < s_names.Length ? s_names[type] : type >= FirstOem ? $"OEM type {type:X2}h" : $"Reserved type {type:X2}h";
}
