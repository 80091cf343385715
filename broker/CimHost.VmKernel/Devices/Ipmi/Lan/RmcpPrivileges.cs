using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>Which privilege a command needs (IPMI 2.0 appendix G): reading needs USER, acting on the machine OPERATOR, configuring ADMINISTRATOR.</summary>
internal static class RmcpPrivileges
{
    private const byte User = 2;
    private const byte Operator = 3;
    private const byte Administrator = 4;

    /// <summary>Privilege that the command needs.</summary>
    public static byte Needed(in IpmiRequest request) => request.NetFn switch
    {
        IpmiCommands.Chassis => request.Command switch
        {
            // Get Chassis Capabilities, Get Chassis Status, Get System Restart Cause, Get POH Counter.
            0x00 or 0x01 or 0x07 or 0x0F => User,
            0x02 or 0x03 or 0x04 or 0x06 or 0x09 => Operator,
            _ => Administrator,
        },
        IpmiCommands.SensorEvent => request.Command switch
        {
            // Get Event Receiver; Get SDR info, reservation, record; factors, hysteresis, thresholds, event enable and status, reading, type.
            0x01 or (>= 0x20 and <= 0x23) or 0x25 or 0x27 or 0x29 or 0x2B or 0x2D or 0x2F => User,
            0x13 or 0x15 => Operator,
            _ => request.Command >= 0x24 ? Operator : Administrator,
        },
        IpmiCommands.App => request.Command switch
        {
            // Get Device ID, Self Test Results, ACPI Power State, Device GUID, BMC Global Enables, Watchdog Timer, System GUID, channel and session queries.
            // Send Message needs as much as the command that it carries, which is looked at too.
            0x01 or 0x04 or 0x07 or 0x08 or 0x25 or 0x2F or IpmiCommands.SendMessage or 0x37 or 0x41 or 0x42 or 0x54 => User,
            0x22 or 0x24 or 0x35 or 0x36 or 0x52 => Operator,
            _ => Administrator,
        },
        IpmiCommands.Storage => request.Command switch
        {
            // FRU inventory info and data; SDR repository info, reservation, record, time; SEL info, reservation, entry, time.
            0x10 or 0x11 or (>= 0x20 and <= 0x23) or 0x28 or 0x40 or 0x41 or 0x42 or 0x43 or 0x48 or 0x5A => User,
            _ => Operator,
        },
        IpmiCommands.GroupExtension => User,
        _ => Administrator,
    };
}
