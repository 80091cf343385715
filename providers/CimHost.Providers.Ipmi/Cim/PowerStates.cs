using CimHost.Providers.Ipmi.Wire.Commands;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>
/// Power states of DSP1027 that a chassis can be asked for, and the Chassis Control of each. What IPMI calls power down takes the main power
/// away at once (off hard); the soft ways ask the operating system through ACPI. A reset or cycle is never graceful.
/// </summary>
internal static class PowerStates
{
    public const ushort On = 2;
    public const ushort OffSoft = 8;
    public const ushort NotApplicable = 12;
    private const ushort CycleSoft = 5, OffHard = 6, CycleHard = 9, Reset = 10, DiagnosticInterrupt = 11, OffSoftGraceful = 12;

    private static readonly (ushort State, byte Control)[] s_whenOn =
    [
        (CycleSoft, ChassisControl.PowerCycle), (OffHard, ChassisControl.PowerDown), (OffSoft, ChassisControl.SoftShutdown), (CycleHard, ChassisControl.PowerCycle),
        (Reset, ChassisControl.HardReset), (DiagnosticInterrupt, ChassisControl.DiagnosticInterrupt), (OffSoftGraceful, ChassisControl.SoftShutdown),
    ];

    /// <summary>What may be asked for in any state of the chassis.</summary>
    public static ushort[] Requestable(GetChassisCapabilities capabilities) => [On, .. Available(true, capabilities)];

    /// <summary>What may be asked for now.</summary>
    public static ushort[] Available(bool isOn, GetChassisCapabilities capabilities) =>
        isOn ? [.. s_whenOn.Select(s => s.State).Where(s => s != DiagnosticInterrupt || capabilities.HasDiagnosticInterrupt)] : [On];

    /// <summary>The control for a state that may be asked for.</summary>
    public static byte Control(ushort state) => state == On ? ChassisControl.PowerUp : s_whenOn.First(s => s.State == state).Control;
}
