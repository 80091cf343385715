using CimHost.Alerts;
using CimHost.Snmp.Mib.Definition;

namespace CimHost.Snmp.Mib;

/// <summary>An alert as VMWARE-ENV-MIB tells it: a row of vmwEnvTable, whose columns are also the variables of the notifications.</summary>
internal static class VMwareEvent
{
    /// <summary>Most rows: vmwEnvIndex goes to there.</summary>
    public const int MaxIndex = 65_535;

    /// <summary>vmwEnvIndex of an alert.</summary>
    public static uint IndexOf(Alert alert) => (uint)(((alert.Id - 1) % MaxIndex) + 1);

    /// <summary>vmwSubsystemType: unknown(1), chassis(2), powerSupply(3), fan(4), cpu(5), memory(6), battery(7), temperatureSensor(8), raidController(9), voltage(10).</summary>
    public static VMwareSubsystem SubsystemOf(Alert alert) => OfClass(alert.SourceClass) ?? alert.Units switch
    {
        "RPM" => VMwareSubsystem.Fan,
        "Volts" => VMwareSubsystem.Voltage,
        _ when alert.Units.StartsWith("degrees", StringComparison.Ordinal) => VMwareSubsystem.TemperatureSensor,
        _ => VMwareSubsystem.Unknown,
    };

    /// <summary>vmwHardwareStatus: unknown(1), normal(2), marginal(3), critical(4), failed(5). What is over is normal again.</summary>
    public static int StatusOf(Alert alert) => alert.ClearedAt is not null ? 2 : alert.Severity switch
    {
        PerceivedSeverity.Information => 2,
        PerceivedSeverity.Degraded or PerceivedSeverity.Minor => 3,
        PerceivedSeverity.Major or PerceivedSeverity.Critical => 4,
        PerceivedSeverity.Fatal => 5,
        _ => 1,
    };

    /// <summary>vmwEventDescription: the sentence, as ASCII.</summary>
    public static SnmpValue DescriptionOf(Alert alert) => Values.Ascii(alert.Message);

    /// <summary>vmwEnvHardwareTime.</summary>
    public static SnmpValue TimeOf(Alert alert) => AlertVariables.DateAndTime(alert.ClearedAt ?? alert.RaisedAt);

    // The part of a class's name after the vendor's, as OMC_PowerSupply and CIM_PowerSupply are the same to this MIB.
    private static VMwareSubsystem? OfClass(string className) => className[(className.IndexOf('_', StringComparison.Ordinal) + 1)..] switch
    {
        "PowerSupply" or "UninterruptiblePowerSupply" => VMwareSubsystem.PowerSupply,
        "Fan" => VMwareSubsystem.Fan,
        "Processor" => VMwareSubsystem.Cpu,
        "Memory" or "PhysicalMemory" => VMwareSubsystem.Memory,
        "Battery" => VMwareSubsystem.Battery,
        "Chassis" or "Enclosure" => VMwareSubsystem.Chassis,
        _ => null,
    };
}
