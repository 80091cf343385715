using CimHost.Providers.Ipmi.Wire.Sensors;

namespace CimHost.Providers.Ipmi.Wire.Sel;

/// <summary>What event data 2 says more exactly for some sensor-specific events (IPMI 2.0 table 42-3), in ipmitool's words.</summary>
internal static class EventDetails
{
    private static readonly string[] s_powerSupplyConfiguration =
    [
        "Vendor Mismatch", "Revision Mismatch", "Processor Missing", "Power Supply Rating Mismatch", "Voltage Rating Mismatch",
    ];

    private static readonly string[] s_firmwareErrors =
    [
        "Unspecified", "No system memory installed", "No usable system memory", "Unrecoverable IDE device failure",
        "Unrecoverable system-board failure", "Unrecoverable diskette failure", "Unrecoverable hard-disk controller failure",
        "Unrecoverable PS/2 or USB keyboard failure", "Removable boot media not found", "Unrecoverable video controller failure",
        "No video device selected", "BIOS corruption detected", "CPU voltage mismatch", "CPU speed mismatch failure",
    ];

    private static readonly string[] s_firmwareProgress =
    [
        "Unspecified", "Memory initialization", "Hard-disk initialization", "Secondary CPU Initialization", "User authentication",
        "User-initiated system setup", "USB resource configuration", "PCI resource configuration", "Option ROM initialization",
        "Video initialization", "Cache initialization", "SMBus initialization", "Keyboard controller initialization",
        "Management controller initialization", "Docking station attachment", "Enabling docking station", "Docking station ejection",
        "Disabling docking station", "Calling operating system wake-up vector", "System boot initiated", "Motherboard initialization",
        "reserved", "Floppy initialization", "Keyboard test", "Pointing device test", "Primary CPU initialization",
    ];

    private static readonly string[] s_versionChanges =
    [
        "", "Mngmt Ctrl Dev Id", "Mngmt Ctrl Firm Rev", "Mngmt Ctrl Dev Rev", "Mngmt Ctrl Manuf Id", "Mngmt Ctrl IPMI Vers",
        "Mngmt Ctrl Aux Firm Id", "Mngmt Ctrl Firm Boot Block", "Mngmt Ctrl Other", "BIOS/EFI change", "SMBIOS change", "O/S change",
        "O/S loader change", "Service Diag change", "Mngmt SW agent change", "Mngmt SW App change", "Mngmt SW Middle",
        "Prog HW Change (FPGA)", "board/FRU module change", "board/FRU component change", "board/FRU replace equ ver",
        "board/FRU replace new ver", "board/FRU replace old ver", "board/FRU HW conf change",
    ];

    /// <summary>The text of a sensor-specific event that event data 2 makes more exact; null for others.</summary>
    public static string? Find(SelRecord record)
    {
        if (record.Data2Use == 0)
        {
            return null;
        }

        return (record.SensorType, record.Offset) switch
        {
            (SensorTypes.PowerSupply, 6) when At(s_powerSupplyConfiguration, record.Data2) is { } what => "Config Error: " + what,
            (SensorTypes.SystemFirmware, 0) => At(s_firmwareErrors, record.Data2),
            (SensorTypes.SystemFirmware, 1 or 2) => At(s_firmwareProgress, record.Data2),
            (SensorTypes.VersionChange, 1) when At(s_versionChanges, record.Data2) is { } what => Changed("Firmware or software change detected", what),
            (SensorTypes.VersionChange, 7) when At(s_versionChanges, record.Data2) is { } what => Changed("Firmware or software change success", what),
            _ => null,
        };
    }

    private static string? At(string[] texts, byte index) => index < texts.Length ? texts[index] : null;

    private static string Changed(string text, string what) => what.Length == 0 ? text : $"{text}, {what}";
}
