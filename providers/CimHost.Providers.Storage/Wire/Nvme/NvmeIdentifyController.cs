using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Nvme;

/// <summary>Identify Controller data (NVMe Base 2.0 §5.17.2.1).</summary>
internal sealed record NvmeIdentifyController
{
    public const int Length = 4096;

    public ushort VendorId { get; init; }

    public ushort SubsystemVendorId { get; init; }

    public required string SerialNumber { get; init; }

    public required string Model { get; init; }

    public required string Firmware { get; init; }

    public ushort ControllerId { get; init; }

    /// <summary>NVMe version: major in bits 31:16, minor in 15:8, tertiary in 7:0; 0 before 1.2.</summary>
    public uint Version { get; init; }

    /// <summary>Optional admin commands: bit 4 Device Self-test.</summary>
    public ushort OptionalCommands { get; init; }

    /// <summary>Firmware slots, 1 to 7.</summary>
    public int FirmwareSlots { get; init; }

    /// <summary>Entries of the error log.</summary>
    public int ErrorLogEntries { get; init; }

    /// <summary>Composite temperature above which the controller warns, in kelvins; 0 when not told.</summary>
    public ushort WarningTemperature { get; init; }

    /// <summary>Composite temperature above which it may stop, in kelvins; 0 when not told.</summary>
    public ushort CriticalTemperature { get; init; }

    /// <summary>Capacity of the NVM in bytes; 0 when not told.</summary>
    public UInt128 TotalCapacity { get; init; }

    /// <summary>Nominal minutes of an extended self-test.</summary>
    public ushort ExtendedSelfTestMinutes { get; init; }

    /// <summary>Highest number of a namespace.</summary>
    public uint Namespaces { get; init; }

    /// <summary>Highest endurance group; 0 when there are none.</summary>
    public ushort EnduranceGroups { get; init; }

    public bool SupportsSelfTest => (OptionalCommands & 0x10) != 0;

    /// <summary>Reads the data.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out NvmeIdentifyController? identify, [NotNullWhen(false)] out string? reason)
    {
        identify = null;
        reason = data.Length < Length ? $"Identify Controller data have {data.Length} bytes and not {Length}"
            : data[4..72].IndexOfAnyExcept((byte)0) < 0 ? "Identify Controller data are empty"
            : null;
        if (reason is not null)
        {
            return false;
        }

        bool groups = (BinaryPrimitives.ReadUInt32LittleEndian(data[96..]) & 0x10) != 0;
        identify = new NvmeIdentifyController
        {
            VendorId = BinaryPrimitives.ReadUInt16LittleEndian(data),
            SubsystemVendorId = BinaryPrimitives.ReadUInt16LittleEndian(data[2..]),
            SerialNumber = FixedText.Read(data.Slice(4, 20)),
            Model = FixedText.Read(data.Slice(24, 40)),
            Firmware = FixedText.Read(data.Slice(64, 8)),
            ControllerId = BinaryPrimitives.ReadUInt16LittleEndian(data[78..]),
            Version = BinaryPrimitives.ReadUInt32LittleEndian(data[80..]),
            OptionalCommands = BinaryPrimitives.ReadUInt16LittleEndian(data[256..]),
            FirmwareSlots = Math.Clamp((data[260] >> 1) & 7, 1, 7),
            ErrorLogEntries = data[262] + 1,
            WarningTemperature = BinaryPrimitives.ReadUInt16LittleEndian(data[266..]),
            CriticalTemperature = BinaryPrimitives.ReadUInt16LittleEndian(data[268..]),
            TotalCapacity = BinaryPrimitives.ReadUInt128LittleEndian(data[280..]),
            ExtendedSelfTestMinutes = BinaryPrimitives.ReadUInt16LittleEndian(data[316..]),
            Namespaces = BinaryPrimitives.ReadUInt32LittleEndian(data[516..]),
            EnduranceGroups = groups ? BinaryPrimitives.ReadUInt16LittleEndian(data[340..]) : (ushort)0,
        };
        return true;
    }
}
