using System.Globalization;
using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>CIMHOST-MIB: what no standard MIB has room for. Its text is generated from these definitions.</summary>
internal static class CimHostMib
{
    /// <summary>Name of the module.</summary>
    public const string Name = "CIMHOST-MIB";

    private static readonly (uint Number, string Name, string Text)[] s_thresholds =
    [
        (10, "LowerFatal", "below which the device may be damaged"), (11, "LowerCritical", "below which the state is critical"),
        (12, "LowerNonCritical", "below which the state is not normal"), (13, "UpperNonCritical", "above which the state is not normal"),
        (14, "UpperCritical", "above which the state is critical"), (15, "UpperFatal", "above which the device may be damaged"),
    ];

    private static readonly MibSyntax s_health = MibSyntax.Enumeration(("unknown", 0), ("ok", 5), ("degraded", 10), ("minorFailure", 15), ("majorFailure", 20), ("criticalFailure", 25), ("nonRecoverableError", 30));
    private static readonly MibSyntax s_reading = MibSyntax.Enumeration(("ok", 1), ("unavailable", 2), ("absent", 3), ("asleep", 4), ("timedOut", 5), ("unsupported", 6));

    /// <summary>The module.</summary>
    public static MibModule Module(MibFacts facts) => Module(facts.Options.Names, facts.UpTimeAt, facts.ReadAt, facts.Time);

    /// <summary>The module over what it needs to know.</summary>
    /// <param name="names">Its names.</param>
    /// <param name="upTimeAt">sysUpTime at a moment.</param>
    /// <param name="readAt">When the model was last read; null when it never was.</param>
    /// <param name="time">Clock.</param>
    public static MibModule Module(CimHostOids names, Func<DateTimeOffset, uint> upTimeAt, Func<DateTimeOffset?> readAt, TimeProvider time)
    {
        Oid root = names.Objects;
        return new MibModule(Name, root, "What CimHost knows: sensors with thresholds, disks, alerts, providers, worlds",
        [
            Sensors(root, upTimeAt), Disks(root, upTimeAt), Smart(root), .. Model(root, readAt, time), CimHostAlerts.Table(names), .. CimHostWorlds.Tables(root),
        ]);
    }

    /// <summary>A health as the MIB tells it.</summary>
    internal static SnmpValue Health(long? state) => SnmpValue.Integer(state is 5 or 10 or 15 or 20 or 25 or 30 ? (int)state : 0);

    private static MibTable<SensorView> Sensors(Oid root, Func<DateTimeOffset, uint> upTimeAt)
    {
        MibTable<SensorView> table = new MibTable<SensorView>(
            root.Append(1, 1), "cimHostSensorTable", ["cimHostSensorIndex"], m => m.Sensors, s => [(uint)s.Index], "Every sensor of the host.")
            .IndexColumn(1, "cimHostSensorIndex", MibSyntax.Index, "Number of the sensor, which is its entPhysicalIndex. A sensor keeps it for ever.")
            .Column(2, "cimHostSensorName", MibSyntax.AdminString, s => Values.Text(s.Name), "Name of the sensor.")
            .Column(3, "cimHostSensorPath", MibSyntax.AdminString, s => Values.Text(s.Path), "Path of the CIM instance in root/cimv2, cut after 255 octets.")
            .Column(4, "cimHostSensorUnits", MibSyntax.AdminString, s => Values.Text(s.Unit), "Units of reading and thresholds; empty for a sensor that gives states.")
            .Column(5, "cimHostSensorExponent", MibSyntax.Integer32.Range(-20, 20), s => s.IsNumeric ? SnmpValue.Integer(s.Exponent) : null, "Reading and thresholds are in units of ten to the power of this.")
            .Column(6, "cimHostSensorReading", MibSyntax.Integer32, s => Values.Integer(s.Reading), "The reading. There is no instance while there is no reading.")
            .Column(7, "cimHostSensorReadingText", MibSyntax.AdminString, s => Values.Text(Decimal(s)), "The reading in its units as a decimal number; empty while there is no reading.")
            .Column(8, "cimHostSensorReadingState", s_reading, s => ReadingState(s.ReadingState), "Whether there is a reading, and if not, why.")
            .Column(9, "cimHostSensorReason", MibSyntax.AdminString, s => Values.Text(s.Reason), "Why there is no reading, in a sentence; empty when there is one.");
        foreach ((uint number, string name, string text) in s_thresholds)
        {
            int threshold = (int)number - 10;
            table.Column(number, "cimHostSensor" + name, MibSyntax.Integer32, s => Values.Integer(s.Threshold(threshold)), $"The threshold {text}. There is no instance where the sensor has none.");
        }

        return table
            .Column(16, "cimHostSensorState", MibSyntax.AdminString, s => Values.Text(s.CurrentState), "State in the words of the sensor.")
            .Column(17, "cimHostSensorHealth", s_health, s => Health(s.HealthState), "Health, as CIM numbers it.")
            .Column(18, "cimHostSensorReadAt", MibSyntax.DateAndTime, s => Values.DateAndTime(s.ReadAt), "When the sensor was read.")
            .Column(19, "cimHostSensorTimeStamp", MibSyntax.TimeStamp, s => s.ReadAt is { } time ? SnmpValue.TimeTicks(upTimeAt(time)) : null, "sysUpTime when the sensor was read: the age of the reading is the difference to sysUpTime now.");
    }

    private static MibTable<EntityView> Disks(Oid root, Func<DateTimeOffset, uint> upTimeAt) => new MibTable<EntityView>(
        root.Append(2, 1), "cimHostDiskTable", ["cimHostDiskIndex"], m => m.Disks, d => [(uint)d.Index], "Every disk of the host.")
        .IndexColumn(1, "cimHostDiskIndex", MibSyntax.Index, "Number of the disk, which is its entPhysicalIndex. A disk keeps it for ever, in whichever slot it is.")
        .Column(2, "cimHostDiskName", MibSyntax.AdminString, d => Values.Text(d.Name), "Name of the disk.")
        .Column(3, "cimHostDiskIdentifier", MibSyntax.AdminString, d => Values.Text(d.Device!.Text("DeviceID")), "World-wide name or another identifier that is the disk's own.")
        .Column(4, "cimHostDiskModel", MibSyntax.AdminString, d => Values.Text(d.First("Model")), "Model.")
        .Column(5, "cimHostDiskSerialNumber", MibSyntax.AdminString, d => Values.Text(d.First("SerialNumber")), "Serial number.")
        .Column(6, "cimHostDiskFirmware", MibSyntax.AdminString, d => Values.Text(d.First("FirmwareVersion")), "Revision of the firmware.")
        .Column(7, "cimHostDiskProtocol", MibSyntax.AdminString, d => Values.Text(d.Device!.Text("Protocol")), "What the disk speaks: ATA, NVME or SCSI.")
        .Column(8, "cimHostDiskKernelName", MibSyntax.AdminString, d => Values.Text(d.Device!.Text("KernelName")), "Name that the kernel gives the disk now.")
        .Column(9, "cimHostDiskLocation", MibSyntax.AdminString, d => Values.Text(d.Device!.Text("Location")), "Where the disk is attached.")
        .Column(10, "cimHostDiskCapacity", MibSyntax.Gauge64, d => Values.Counter64(d.Device!.Unsigned("CapacityBytes")), "Capacity.", "bytes")
        .Column(11, "cimHostDiskHealth", s_health, d => Health(d.HealthState), "Health, as CIM numbers it.")
        .Column(12, "cimHostDiskTemperature", MibSyntax.Integer32, d => d.IsRead ? Values.Integer(d.Device!.Number("Temperature")) : null, "Temperature. There is no instance while it is not known.", "degrees Celsius")
        .Column(13, "cimHostDiskPowerOnHours", MibSyntax.Gauge64, d => Values.Counter64(d.Device!.Unsigned("TotalPowerOnHours")), "Hours that the disk was powered on.", "hours")
        .Column(14, "cimHostDiskPowerMode", MibSyntax.AdminString, d => Values.Text(d.Device!.Text("PowerMode")), "Power mode, where the disk tells it.")
        .Column(15, "cimHostDiskReadingState", s_reading, d => ReadingState(d.IsOutdated ? "Unavailable" : d.Device!.Text("ReadingState") ?? "Ok"), "Whether the values are current, and if not, why.")
        .Column(16, "cimHostDiskReason", MibSyntax.AdminString, d => Values.Text(d.Device!.Text("ReadingReason")), "Why the values are not current, in a sentence.")
        .Column(17, "cimHostDiskTimeStamp", MibSyntax.TimeStamp, d => d.Device!.Time("ReadingTime") is { } time ? SnmpValue.TimeTicks(upTimeAt(time)) : null, "sysUpTime when the disk was read.");

    private static MibTable<SmartView> Smart(Oid root) => new MibTable<SmartView>(
        root.Append(2, 2), "cimHostSmartTable", ["cimHostDiskIndex", "cimHostSmartIndex"], m => m.Smart, a => [(uint)a.Disk, (uint)a.Index], "Every value that disks tell of themselves: SMART attributes, device statistics, health logs.")
        .IndexColumn(1, "cimHostSmartIndex", MibSyntax.Index, "Number of the value on this host; it keeps it for ever.")
        .Column(2, "cimHostSmartKey", MibSyntax.AdminString, a => Values.Text(a.Instance.Text("Key")), "Name of the value within the disk, as ata.5.")
        .Column(3, "cimHostSmartName", MibSyntax.AdminString, a => Values.Text(a.Instance.Text("ElementName")), "Name for people.")
        .Column(4, "cimHostSmartRaw", MibSyntax.Gauge64, a => Values.Counter64(a.Instance.Unsigned("RawValue")), "The value as a number; no instance where it is none.")
        .Column(5, "cimHostSmartRawText", MibSyntax.AdminString, a => Values.Text(a.Instance.Text("RawText")), "The value with all its digits, or taken apart.")
        .Column(6, "cimHostSmartNormalized", MibSyntax.Integer32.Range(0, 255), a => Values.Integer(a.Instance.Number("CurrentValue")), "Normalized value of a SMART attribute.")
        .Column(7, "cimHostSmartWorst", MibSyntax.Integer32.Range(0, 255), a => Values.Integer(a.Instance.Number("WorstValue")), "Lowest normalized value so far.")
        .Column(8, "cimHostSmartThreshold", MibSyntax.Integer32.Range(0, 255), a => Values.Integer(a.Instance.Number("Threshold")), "Normalized value at or below which the attribute has failed.")
        .Column(9, "cimHostSmartFailed", MibSyntax.Enumeration(("never", 1), ("inThePast", 2), ("now", 3)), a => Failed(a.Instance.Text("Failed")), "When the attribute was at or below its threshold.");

    private static IEnumerable<IMibNode> Model(Oid root, Func<DateTimeOffset?> readAt, TimeProvider time) =>
    [
        new MibScalar(root.Append(3, 1), "cimHostModelAge", MibSyntax.Gauge32, () => SnmpValue.Gauge32(Age(readAt, time)), "Seconds since the CIM model was read for SNMP; 4294967295 when it never was. It is read while somebody asks.", "seconds"),
        new MibTable<NumberedView>(root.Append(3, 2), "cimHostProviderTable", ["cimHostProviderIndex"], m => m.Providers, p => [(uint)p.Index], "Every provider in service.")
            .IndexColumn(1, "cimHostProviderIndex", MibSyntax.Index, "Number of the provider; it keeps it for ever.")
            .Column(2, "cimHostProviderName", MibSyntax.AdminString, p => Values.Text(p.Instance.Text("ElementName")), "PACKAGE/PROVIDER.")
            .Column(3, "cimHostProviderLeftAlone", MibSyntax.TruthValue, p => Values.Truth(p.Instance.Truth("LeftAlone")), "Whether requests are kept away from it after repeated failures.")
            .Column(4, "cimHostProviderLastFailure", MibSyntax.AdminString, p => Values.Text(p.Instance.Text("LastFailure")), "Why; empty when they are not.")
            .Column(5, "cimHostProviderRefused", MibSyntax.Counter64, p => Values.Counter64(p.Instance.Unsigned("RefusedRequests")), "Requests refused since the start."),
        new MibTable<NumberedView>(root.Append(3, 3), "cimHostPackageTable", ["cimHostPackageIndex"], m => m.Packages, p => [(uint)p.Index], "Every provider package that was found.")
            .IndexColumn(1, "cimHostPackageIndex", MibSyntax.Index, "Number of the package; it keeps it for ever.")
            .Column(2, "cimHostPackageName", MibSyntax.AdminString, p => Values.Text(p.Instance.Text("ElementName")), "Name.")
            .Column(3, "cimHostPackageVersion", MibSyntax.AdminString, p => Values.Text(p.Instance.Text("Version")), "Version.")
            .Column(4, "cimHostPackageStatus", MibSyntax.Enumeration(("loaded", 2), ("manifestInvalid", 3), ("abiMismatch", 4), ("assemblyInvalid", 5), ("schemaInvalid", 6), ("compositionFailed", 7), ("stopped", 8)), p => Values.Integer(p.Instance.Number("PackageStatus")), "What became of it.")
            .Column(5, "cimHostPackageStatusText", MibSyntax.AdminString, p => Values.Text(p.Instance.Text("StatusText")), "Why it is not in service; empty when it is."),
    ];

    private static uint Age(Func<DateTimeOffset?> readAt, TimeProvider time) => readAt() is { } read ? (uint)Math.Clamp((time.GetUtcNow() - read).TotalSeconds, 0, uint.MaxValue - 1) : uint.MaxValue;

    private static string Decimal(SensorView sensor)
    {
        if (sensor.Reading is not { } reading)
        {
            return string.Empty;
        }

        decimal value = reading;
        for (int i = sensor.Exponent; i < 0; i++)
        {
            value /= 10;
        }

        return sensor.Exponent <= 0
            ? value.ToString("0.####################", CultureInfo.InvariantCulture)
            : reading == 0 ? "0" : reading.ToString(CultureInfo.InvariantCulture) + new string('0', sensor.Exponent);
    }

    private static SnmpValue ReadingState(string state) => SnmpValue.Integer(state switch
    {
        "Ok" => 1,
        "Absent" => 3,
        "Asleep" => 4,
        "TimedOut" => 5,
        "Unsupported" => 6,
        _ => 2,
    });

    private static SnmpValue? Failed(string? failed) => failed switch
    {
        "Never" => SnmpValue.Integer(1),
        "In The Past" => SnmpValue.Integer(2),
        "Now" => SnmpValue.Integer(3),
        _ => null,
    };
}
