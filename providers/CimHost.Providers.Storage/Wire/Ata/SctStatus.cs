using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>SCT status (log E0h, ACS-4 §8.2.5): temperatures in °C, null where the device has none.</summary>
internal sealed record SctStatus(int? Current, int? PowerCycleMinimum, int? PowerCycleMaximum, int? LifetimeMinimum, int? LifetimeMaximum, int? MaximumOperating)
{
    private const sbyte Invalid = -128;

    /// <summary>Reads the status.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out SctStatus? status, [NotNullWhen(false)] out string? reason)
    {
        status = null;
        reason = data.Length < AtaSector.Length ? $"the SCT status has {data.Length} bytes and not {AtaSector.Length}"
            : BinaryPrimitives.ReadUInt16LittleEndian(data) is not (2 or 3) and { } version ? $"the SCT status has the unknown format {version}"
            : null;
        if (reason is not null)
        {
            return false;
        }

        status = new SctStatus(
            Celsius(data[200]), Celsius(data[201]), Celsius(data[202]), Celsius(data[203]), Celsius(data[204]), data[205] == 0 ? null : Celsius(data[205]));
        return true;
    }

    private static int? Celsius(byte value) => (sbyte)value == Invalid ? null : (sbyte)value;
}
