using System.Buffers.Binary;

namespace CimHost.Providers.Storage.Wire.Ses;

/// <summary>An element of an enclosure with its status (SES-3 §7.3).</summary>
/// <param name="Type">Element type.</param>
/// <param name="TypeIndex">Which of the configuration's types.</param>
/// <param name="Index">Number within the type.</param>
/// <param name="Name">Name from the element descriptor page; empty when there is none.</param>
/// <param name="Status">Status code: 0 unsupported, 1 OK, 2 critical, 3 non-critical, 4 unrecoverable, 5 not installed, 6 unknown, 7 not available.</param>
/// <param name="PredictedFailure">PRDFAIL.</param>
/// <param name="Bits">The four status bytes, the first in bits 31:24.</param>
/// <param name="SasAddress">Address of the device in a slot; null when there is none or it is not told.</param>
/// <param name="SlotNumber">Number of the slot in the enclosure; null when it is not told.</param>
internal sealed record SesElement(byte Type, int TypeIndex, int Index, string Name, byte Status, bool PredictedFailure, uint Bits, string? SasAddress, byte? SlotNumber)
{
    public const byte DeviceSlot = 0x01;
    public const byte PowerSupply = 0x02;
    public const byte Cooling = 0x03;
    public const byte Temperature = 0x04;
    public const byte Voltage = 0x12;
    public const byte Current = 0x13;
    public const byte ArrayDeviceSlot = 0x17;

    public bool IsSlot => Type is DeviceSlot or ArrayDeviceSlot;

    public bool IsInstalled => Status is not (0 or 5);

    /// <summary>Fan speed (§7.3.5), 10 rpm a step; null for other elements.</summary>
    public int? Rpm => Type == Cooling ? (int)((Bits >> 8) & 0x7FF) * 10 : null;

    /// <summary>Temperature in °C (§7.3.6); null for other elements and when it is not told.</summary>
    public int? Celsius => Type == Temperature && ((Bits >> 8) & 0xFF) is not 0 and { } raw ? (int)raw - 20 : null;

    /// <summary>Hundredths of a volt or of an ampere (§7.3.19, §7.3.20); null for other elements.</summary>
    public int? Hundredths => Type is Voltage or Current ? (short)Bits : null;

    /// <summary>The slot's locate light is on.</summary>
    public bool IsIdentified => IsSlot && (Bits & 0x0200) != 0;

    /// <summary>The slot's fault is sensed or requested.</summary>
    public bool IsFaulted => IsSlot && (Bits & 0x60) != 0;
}
