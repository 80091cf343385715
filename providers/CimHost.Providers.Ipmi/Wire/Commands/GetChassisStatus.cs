using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get Chassis Status (IPMI 2.0 §28.2).</summary>
internal sealed record GetChassisStatus(byte PowerState, byte LastPowerEvent, byte MiscState)
{
    public static IpmiRequest Request { get; } = new(NetworkFunction.Chassis, 0x01);

    public bool IsPowerOn => (PowerState & 0x01) != 0;

    public bool PowerOverload => (PowerState & 0x02) != 0;

    /// <summary>Power was taken away because the chassis was opened.</summary>
    public bool Interlock => (PowerState & 0x04) != 0;

    /// <summary>What happens when mains come back: 0 stays off, 1 as before, 2 on, 3 unknown.</summary>
    public int RestorePolicy => (PowerState >> 5) & 3;

    /// <summary>True when the bits of the identify light mean something.</summary>
    public bool TellsIdentify => (MiscState & 0x40) != 0;

    /// <summary>Identify light: 0 off, 1 on for a time, 2 on until it is put out, 3 reserved.</summary>
    public int Identify => (MiscState >> 4) & 3;

    /// <summary>Fault in the main power subsystem.</summary>
    public bool PowerFault => (PowerState & 0x08) != 0;

    public bool PowerControlFault => (PowerState & 0x10) != 0;

    /// <summary>The chassis intrusion switch is active.</summary>
    public bool Intrusion => (MiscState & 0x01) != 0;

    public bool FrontPanelLockout => (MiscState & 0x02) != 0;

    public bool DriveFault => (MiscState & 0x04) != 0;

    public bool CoolingFault => (MiscState & 0x08) != 0;

    public static bool TryRead(ReadOnlySpan<byte> data, out GetChassisStatus? result)
    {
        result = data.Length < 3 ? null : new GetChassisStatus(data[0], data[1], data[2]);
        return result is not null;
    }
}
