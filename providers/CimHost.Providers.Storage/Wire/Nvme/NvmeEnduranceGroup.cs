using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Nvme;

/// <summary>Endurance Group Information log (09h, NVMe Base 2.0 §5.16.1.10). Data units are billions of bytes.</summary>
internal sealed record NvmeEnduranceGroup
{
    public const int Length = 512;

    /// <summary>Bit 0 spare, 2 reliability, 3 read only.</summary>
    public byte CriticalWarning { get; init; }

    public byte AvailableSpare { get; init; }

    public byte SpareThreshold { get; init; }

    public byte PercentageUsed { get; init; }

    public UInt128 EnduranceEstimate { get; init; }

    public UInt128 DataUnitsRead { get; init; }

    public UInt128 DataUnitsWritten { get; init; }

    public UInt128 MediaUnitsWritten { get; init; }

    public UInt128 MediaErrors { get; init; }

    /// <summary>Reads the log.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out NvmeEnduranceGroup? group, [NotNullWhen(false)] out string? reason)
    {
        group = null;
        reason = data.Length < Length ? $"the endurance group log has {data.Length} bytes and not {Length}" : null;
        if (reason is not null)
        {
            return false;
        }

        group = new NvmeEnduranceGroup
        {
            CriticalWarning = data[0],
            AvailableSpare = data[3],
            SpareThreshold = data[4],
            PercentageUsed = data[5],
            EnduranceEstimate = BinaryPrimitives.ReadUInt128LittleEndian(data[32..]),
            DataUnitsRead = BinaryPrimitives.ReadUInt128LittleEndian(data[48..]),
            DataUnitsWritten = BinaryPrimitives.ReadUInt128LittleEndian(data[64..]),
            MediaUnitsWritten = BinaryPrimitives.ReadUInt128LittleEndian(data[80..]),
            MediaErrors = BinaryPrimitives.ReadUInt128LittleEndian(data[128..]),
        };
        return true;
    }
}
