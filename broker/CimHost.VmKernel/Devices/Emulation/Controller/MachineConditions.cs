namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>What goes on with the machine beyond what its files say of a sensor; some sensors tell it.</summary>
/// <param name="HasPower">False while it is switched off: only what standby power feeds still reads.</param>
/// <param name="IsOpen">The chassis is open.</param>
/// <param name="WatchdogStates">States of a watchdog sensor (IPMI 2.0 table 42-3, type 23h) since the watchdog expired.</param>
internal readonly record struct MachineConditions(bool HasPower, bool IsOpen, ushort WatchdogStates)
{
    public static MachineConditions Normal { get; } = new(true, false, 0);
}
