namespace CimHost.Providers.Ipmi.Wire.Sel;

/// <summary>Names of sensor types as <c>ipmitool sel elist</c> prints them; those of <see cref="Sensors.SensorTypes"/> follow the specification.</summary>
internal static class EventSensorTypes
{
    private static readonly string[] s_names =
    [
        "reserved", "Temperature", "Voltage", "Current", "Fan", "Physical Security", "Platform Security", "Processor", "Power Supply",
        "Power Unit", "Cooling Device", "Other", "Memory", "Drive Slot / Bay", "POST Memory Resize", "System Firmwares",
        "Event Logging Disabled", "Watchdog1", "System Event", "Critical Interrupt", "Button", "Module / Board", "Microcontroller",
        "Add-in Card", "Chassis", "Chip Set", "Other FRU", "Cable / Interconnect", "Terminator", "System Boot Initiated", "Boot Error",
        "OS Boot", "OS Critical Stop", "Slot / Connector", "System ACPI Power State", "Watchdog2", "Platform Alert", "Entity Presence",
        "Monitor ASIC", "LAN", "Management Subsys Health", "Battery", "Session Audit", "Version Change", "FRU State",
    ];

    /// <summary>Name of a sensor type.</summary>
    public static string Name(byte type) => type < s_names.Length ? s_names[type] : "Unknown";
}
