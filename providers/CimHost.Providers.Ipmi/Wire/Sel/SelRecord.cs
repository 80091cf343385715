using System.Buffers.Binary;

namespace CimHost.Providers.Ipmi.Wire.Sel;

/// <summary>
/// One record of the system event log, 16 bytes (IPMI 2.0 §32): an event of a sensor (types below C0h), or a record of the maker with a
/// timestamp (C0h–DFh) or without (E0h–FFh).
/// </summary>
internal sealed class SelRecord : IEquatable<SelRecord>
{
    /// <summary>Bytes of a record.</summary>
    public const int Length = 16;

    /// <summary>Record type of events.</summary>
    public const byte SystemEvent = 0x02;

    /// <summary>Record type in which the Linux driver keeps the text of a kernel panic.</summary>
    public const byte LinuxPanic = 0xF0;

    private const byte FirstOemTimestamped = 0xC0;
    private const byte FirstOem = 0xE0;

    // Smaller values count from when the controller started (§37).
    private const uint FirstAbsoluteTime = 0x2000_0000;
    private const uint NoTime = 0xFFFF_FFFF;

    private readonly byte[] _bytes;

    private SelRecord(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public ushort Id => BinaryPrimitives.ReadUInt16LittleEndian(_bytes);

    public byte Type => _bytes[2];

    /// <summary>The event of a sensor; false for records of makers.</summary>
    public bool IsEvent => Type < FirstOemTimestamped;

    public bool HasTimestamp => Type < FirstOem;

    /// <summary>Seconds as the record has them; null when it has none.</summary>
    public uint? Seconds => HasTimestamp && BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(3)) is var seconds and not NoTime ? seconds : null;

    /// <summary>When the event was logged, by the controller's clock; null when the record does not tell or its clock was not set.</summary>
    public DateTimeOffset? Time => Seconds is { } seconds and >= FirstAbsoluteTime ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>Seconds between the start of the controller and the event, when its clock was not set; else null.</summary>
    public uint? SecondsSinceStart => Seconds is { } seconds and < FirstAbsoluteTime ? seconds : null;

    /// <summary>Low byte: address or software id of who logged it. High byte: [7:4] channel, [1:0] logical unit.</summary>
    public ushort GeneratorId => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(7));

    /// <summary>Event message format version: 04h for IPMI 1.5 and 2.0, 03h for 1.0.</summary>
    public byte EventRevision => _bytes[9];

    public byte SensorType => _bytes[10];

    public byte SensorNumber => _bytes[11];

    /// <summary>Event/reading type code.</summary>
    public byte EventType => (byte)(_bytes[12] & 0x7F);

    /// <summary>True for an assertion, false for a deassertion.</summary>
    public bool IsAssertion => (_bytes[12] & 0x80) == 0;

    /// <summary>Offset of the event within its type, 0–15.</summary>
    public int Offset => _bytes[13] & 0x0F;

    public byte Data1 => _bytes[13];

    public byte Data2 => _bytes[14];

    public byte Data3 => _bytes[15];

    /// <summary>What event data 2 is: 0 unspecified, 1 the reading or the previous state, 2 a code of the maker, 3 a code of the sensor type.</summary>
    public int Data2Use => Data1 >> 6;

    /// <summary>What event data 3 is, likewise; 1 is the threshold.</summary>
    public int Data3Use => (Data1 >> 4) & 0x03;

    /// <summary>What the maker put into its record: after the timestamp 3 bytes of enterprise number and 6 of data, without timestamp 13 bytes.</summary>
    public ReadOnlySpan<byte> OemData => _bytes.AsSpan(HasTimestamp ? 7 : 3);

    public static bool TryRead(ReadOnlySpan<byte> data, out SelRecord? record)
    {
        record = data.Length == Length ? new SelRecord(data.ToArray()) : null;
        return record is not null;
    }

    public bool Equals(SelRecord? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => Equals(obj as SelRecord);

    public override int GetHashCode() => HashCode.Combine(BinaryPrimitives.ReadUInt64LittleEndian(_bytes), BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(8)));
}
