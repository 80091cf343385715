using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>Chassis commands (IPMI 2.0 §28).</summary>
internal static class ChassisCommands
{
    private const byte NetFn = 0x00;

    public static IReadOnlyList<BmcCommand> All { get; } =
    [
        new("GetChassisCapabilities", NetFn, 0x00, 0, 0, (s, _) => Answer.Ok(s.Description.Chassis.Capabilities)),
        new("GetChassisStatus", NetFn, 0x01, 0, 0, (s, _) => Answer.Ok(s.Description.Chassis.Status)),
        new("GetSystemRestartCause", NetFn, 0x07, 0, 0, (s, _) => Answer.Ok(s.Description.Chassis.RestartCause)),
        new("GetPohCounter", NetFn, 0x0F, 0, 0, PohCounter),
    ];

    /// <summary>§28.14: 60 minutes for each count.</summary>
    private static IpmiResponse PohCounter(BmcState state, IpmiRequest request)
    {
        uint hours = state.Description.Chassis.PowerOnHours;
        return Answer.Ok(60, (byte)hours, (byte)(hours >> 8), (byte)(hours >> 16), (byte)(hours >> 24));
    }
}
