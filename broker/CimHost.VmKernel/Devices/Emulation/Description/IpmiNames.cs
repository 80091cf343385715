namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>Names that the files of a machine use for the numbers of IPMI 2.0 (§42, §43). Any of them may be written as a number instead.</summary>
internal static class IpmiNames
{
    /// <summary>Sensor types, table 42-3.</summary>
    public static readonly IReadOnlyDictionary<string, byte> SensorTypes = Number(1,
        "temperature", "voltage", "current", "fan", "physicalSecurity", "platformSecurity", "processor", "powerSupply", "powerUnit", "coolingDevice",
        "otherUnits", "memory", "driveSlot", "postMemoryResize", "systemFirmware", "eventLogging", "watchdog1", "systemEvent", "criticalInterrupt",
        "button", "moduleBoard", "microcontroller", "addInCard", "chassis", "chipSet", "otherFru", "cable", "terminator", "systemBoot", "bootError",
        "osBoot", "osStop", "slotConnector", "acpiPowerState", "watchdog2", "platformAlert", "entityPresence", "monitorAsic", "lan",
        "managementHealth", "battery", "sessionAudit", "versionChange", "fruState");

    /// <summary>Event/reading types, table 42-1.</summary>
    public static readonly IReadOnlyDictionary<string, byte> ReadingTypes = new Dictionary<string, byte>(
        Number(
            1,
            "threshold", "usage", "stateAsserted", "predictiveFailure", "limitExceeded", "performance", "severity", "presence", "enabled",
            "availability", "redundancy", "devicePowerState"))
    {
        ["sensorSpecific"] = 0x6F,
    };

    /// <summary>Entities, table 43-13.</summary>
    public static readonly IReadOnlyDictionary<string, byte> Entities = new Dictionary<string, byte>(
        Number(
            3,
            "processor", "disk", "peripheralBay", "systemManagementModule", "systemBoard", "memoryModule", "processorModule", "powerSupply",
            "addInCard", "frontPanel", "backPanel", "powerSystemBoard", "driveBackplane", "internalExpansionBoard", "otherSystemBoard",
            "processorBoard", "powerUnit", "powerModule", "powerManagement", "chassisBackPanelBoard", "systemChassis", "subChassis",
            "otherChassisBoard", "diskDriveBay", "peripheralBay2", "deviceBay", "fan", "coolingUnit", "cable", "memoryDevice",
            "systemManagementSoftware", "systemFirmware", "operatingSystem", "systemBus", "group", "remoteManagementDevice", "externalEnvironment",
            "battery", "processingBlade", "connectivitySwitch", "processorMemoryModule", "ioModule", "processorIoModule",
            "managementControllerFirmware", "ipmiChannel", "pciBus", "pciExpressBus", "scsiBus", "sataBus", "processorFrontSideBus",
            "realTimeClock"))
    {
        ["airInlet"] = 0x37,
    };

    /// <summary>Base units of a reading, table 43-15, under the symbols that people write.</summary>
    public static readonly IReadOnlyDictionary<string, byte> Units = new Dictionary<string, byte>(StringComparer.Ordinal)
    {
        ["none"] = 0, ["°C"] = 1, ["°F"] = 2, ["K"] = 3, ["V"] = 4, ["A"] = 5, ["W"] = 6, ["J"] = 7, ["C"] = 8, ["VA"] = 9, ["nit"] = 10, ["lm"] = 11,
        ["lx"] = 12, ["cd"] = 13, ["kPa"] = 14, ["psi"] = 15, ["N"] = 16, ["CFM"] = 17, ["RPM"] = 18, ["Hz"] = 19, ["µs"] = 20, ["ms"] = 21, ["s"] = 22,
        ["min"] = 23, ["h"] = 24, ["d"] = 25, ["week"] = 26, ["mm"] = 32, ["cm"] = 33, ["m"] = 34, ["l"] = 37, ["rad"] = 39, ["G"] = 43, ["dB"] = 60,
        ["dBA"] = 61, ["bit"] = 66, ["Kibit"] = 67, ["Mibit"] = 68, ["Gibit"] = 69, ["B"] = 70, ["KiB"] = 71, ["MiB"] = 72, ["GiB"] = 73, ["packet"] = 85,
        ["message"] = 86, ["error"] = 88, ["correctable error"] = 89, ["uncorrectable error"] = 90, ["%"] = 0,
    };

    /// <summary>Time base of a rate, §43.1 byte 21.</summary>
    public static readonly IReadOnlyDictionary<string, byte> Rates = Number(0, "none", "µs", "ms", "s", "min", "h", "d");

    /// <summary>Linearisation functions, §43.1 byte 24.</summary>
    public static readonly IReadOnlyDictionary<string, byte> Linearizations = new Dictionary<string, byte>(
        Number(0, "linear", "ln", "log10", "log2", "e^x", "10^x", "2^x", "1/x", "x^2", "x^3", "sqrt", "cbrt"))
    {
        ["nonLinear"] = 0x70,
    };

    /// <summary>Analog data formats, §43.1 byte 21.</summary>
    public static readonly IReadOnlyDictionary<string, byte> Formats = Number(0, "unsigned", "onesComplement", "twosComplement");

    /// <summary>Chassis types of SMBIOS §7.4.1 that matter for a server.</summary>
    public static readonly IReadOnlyDictionary<string, byte> ChassisTypes = new Dictionary<string, byte>
    {
        ["other"] = 1, ["unknown"] = 2, ["desktop"] = 3, ["tower"] = 7, ["mainServer"] = 0x11, ["expansion"] = 0x12, ["subChassis"] = 0x13, ["rackMount"] = 0x17, ["blade"] = 0x1C, ["bladeEnclosure"] = 0x1D,
    };

    /// <summary>Thresholds in the order of Get Sensor Thresholds.</summary>
    public static readonly IReadOnlyList<string> Thresholds =
        ["lowerNonCritical", "lowerCritical", "lowerNonRecoverable", "upperNonCritical", "upperCritical", "upperNonRecoverable"];

    private static Dictionary<string, byte> Number(byte first, params ReadOnlySpan<string> names)
    {
        var table = new Dictionary<string, byte>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            table.Add(name, first++);
        }

        return table;
    }
}
