using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Nvme;

/// <summary>SMART / Health Information log (02h, NVMe Base 2.0 §5.16.1.3).</summary>
internal sealed record NvmeHealthLog
{
    public const int Length = 512;

    /// <summary>Bit 0 spare, 1 temperature, 2 reliability, 3 read only, 4 volatile backup, 5 persistent memory region.</summary>
    public byte CriticalWarning { get; init; }

    /// <summary>Composite temperature in kelvins; 0 when not told.</summary>
    public ushort Temperature { get; init; }

    public byte AvailableSpare { get; init; }

    public byte SpareThreshold { get; init; }

    /// <summary>Percentage of the life that is used; may exceed 100, 255 for more.</summary>
    public byte PercentageUsed { get; init; }

    public byte EnduranceWarning { get; init; }

    /// <summary>In thousands of 512 bytes.</summary>
    public UInt128 DataUnitsRead { get; init; }

    /// <summary>In thousands of 512 bytes.</summary>
    public UInt128 DataUnitsWritten { get; init; }

    public UInt128 HostReads { get; init; }

    public UInt128 HostWrites { get; init; }

    public UInt128 BusyMinutes { get; init; }

    public UInt128 PowerCycles { get; init; }

    public UInt128 PowerOnHours { get; init; }

    public UInt128 UnsafeShutdowns { get; init; }

    public UInt128 MediaErrors { get; init; }

    public UInt128 ErrorEntries { get; init; }

    /// <summary>Minutes above the warning temperature.</summary>
    public uint WarningMinutes { get; init; }

    /// <summary>Minutes above the critical temperature.</summary>
    public uint CriticalMinutes { get; init; }

    /// <summary>Temperature sensors 1 to 8 in kelvins; 0 for one that is not there.</summary>
    public required IReadOnlyList<ushort> Sensors { get; init; }

    /// <summary>Transitions to thermal management temperatures 1 and 2, and the seconds spent there.</summary>
    public required IReadOnlyList<uint> ThermalManagement { get; init; }

    /// <summary>Reads the log.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out NvmeHealthLog? log, [NotNullWhen(false)] out string? reason)
    {
        log = null;
        reason = data.Length < Length ? $"the health log has {data.Length} bytes and not {Length}" : null;
        if (reason is not null)
        {
            return false;
        }

        ushort[] sensors = new ushort[8];
        uint[] thermal = new uint[4];
        for (int i = 0; i < sensors.Length; i++)
        {
            sensors[i] = BinaryPrimitives.ReadUInt16LittleEndian(data[(200 + (2 * i))..]);
        }

        for (int i = 0; i < thermal.Length; i++)
        {
            thermal[i] = BinaryPrimitives.ReadUInt32LittleEndian(data[(216 + (4 * i))..]);
        }

        log = new NvmeHealthLog
        {
            CriticalWarning = data[0],
            Temperature = BinaryPrimitives.ReadUInt16LittleEndian(data[1..]),
            AvailableSpare = data[3],
            SpareThreshold = data[4],
            PercentageUsed = data[5],
            EnduranceWarning = data[6],
            DataUnitsRead = Counter(data, 0),
            DataUnitsWritten = Counter(data, 1),
            HostReads = Counter(data, 2),
            HostWrites = Counter(data, 3),
            BusyMinutes = Counter(data, 4),
            PowerCycles = Counter(data, 5),
            PowerOnHours = Counter(data, 6),
            UnsafeShutdowns = Counter(data, 7),
            MediaErrors = Counter(data, 8),
            ErrorEntries = Counter(data, 9),
            WarningMinutes = BinaryPrimitives.ReadUInt32LittleEndian(data[192..]),
            CriticalMinutes = BinaryPrimitives.ReadUInt32LittleEndian(data[196..]),
            Sensors = sensors,
            ThermalManagement = thermal,
        };
        return true;
    }

    private static UInt128 Counter(ReadOnlySpan<byte> data, int index) => BinaryPrimitives.ReadUInt128LittleEndian(data[(32 + (16 * index))..]);
}
