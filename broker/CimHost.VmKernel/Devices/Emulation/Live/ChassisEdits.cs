using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Live;

/// <summary>Changes of the chassis: power, faults, the cover.</summary>
internal static class ChassisEdits
{
    /// <summary>Name of the chassis among the parts of the machine.</summary>
    public const string Name = "Chassis";

    // Property, byte of Get Chassis Status (IPMI 2.0 §28.3) and bit in it.
    private static readonly (string Property, int At, byte Bit)[] s_flags =
    [
        ("intrusion", 2, ChassisDescription.Intrusion), ("powerFault", 0, ChassisDescription.PowerFault), ("powerOverload", 0, ChassisDescription.PowerOverload),
        ("coolingFault", 2, ChassisDescription.CoolingFault), ("driveFault", 2, ChassisDescription.DriveFault),
    ];

    /// <summary>Names of what <see cref="Set"/> takes.</summary>
    public static IReadOnlyList<string> Settable => ["power", .. s_flags.Select(f => f.Property)];

    /// <summary>What the description says, for people. Commands to the controller may have changed the power since.</summary>
    public static string Shown(ChassisDescription chassis) => string.Join(
        ", ", s_flags.Where(f => (chassis.Status[f.At] & f.Bit) != 0).Select(f => f.Property).Prepend((chassis.Status[0] & ChassisDescription.PowerOn) != 0 ? "on" : "off"));

    /// <summary>The chassis with another value.</summary>
    public static ChassisDescription Set(ChassisDescription chassis, string property, string value)
    {
        if (property == "power")
        {
            return value is "on" or "off"
                ? With(chassis, 0, ChassisDescription.PowerOn, value == "on")
                : throw new HardwareChangeException($"'{value}' found; expected on or off.");
        }

        (string found, int at, byte bit) = Array.Find(s_flags, f => f.Property == property);
        return found is null
            ? throw new HardwareChangeException($"{Name} has no '{property}' to set; it has {string.Join(", ", Settable)}. Write {Name}:PROPERTY.")
            : With(chassis, at, bit, SensorEdits.Flag(value));
    }

    /// <summary>The chassis when it is broken: opened, or with a fault of its power.</summary>
    public static ChassisDescription Break(ChassisDescription chassis, BreakKind kind) => kind switch
    {
        BreakKind.Intrusion => With(chassis, 2, ChassisDescription.Intrusion, true),
        BreakKind.Fail => With(chassis, 0, ChassisDescription.PowerFault, true),
        _ => throw new HardwareChangeException($"{Name} can be opened (intrusion) and can fail; its sensors and the controller's port can do more."),
    };

    private static ChassisDescription With(ChassisDescription chassis, int at, byte bit, bool set)
    {
        byte[] status = [.. chassis.Status];
        status[at] = (byte)(set ? status[at] | bit : status[at] & ~bit);
        return chassis with { Status = status };
    }
}
