using System.Buffers.Binary;
using CimHost.Providers.Ipmi.Wire.Sensors;

namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>Full sensor record, type 01h (IPMI 2.0 §43.1).</summary>
internal sealed record FullSensorRecord(SdrHeader Header) : SensorRecord(Header)
{
    private const int MinBody = 43;

    public required SensorCapabilities Capabilities { get; init; }

    public required SensorMasks Masks { get; init; }

    public required SensorUnits Units { get; init; }

    public required byte Linearization { get; init; }

    public required SensorFactors Factors { get; init; }

    /// <summary>Raw nominal reading; null when not specified. Likewise the next two.</summary>
    public required byte? NominalReading { get; init; }

    public required byte? NormalMaximum { get; init; }

    public required byte? NormalMinimum { get; init; }

    /// <summary>Highest and lowest raw reading that the sensor can give.</summary>
    public required byte SensorMaximum { get; init; }

    public required byte SensorMinimum { get; init; }

    /// <summary>Raw thresholds of the record in the order of <see cref="Threshold"/>; the ones in force are the controller's.</summary>
    public required IReadOnlyList<byte> Thresholds { get; init; }

    public required byte PositiveHysteresis { get; init; }

    public required byte NegativeHysteresis { get; init; }

    public static FullSensorRecord? Read(SdrHeader header, ReadOnlySpan<byte> body)
    {
        if (body.Length < MinBody)
        {
            return null;
        }

        byte analog = body[25];
        return new FullSensorRecord(header)
        {
            OwnerId = body[0],
            Channel = (byte)(body[1] >> 4),
            Lun = (byte)(body[1] & 0x03),
            Number = body[2],
            EntityId = body[3],
            EntityInstance = (byte)(body[4] & 0x7F),
            IsLogicalEntity = (body[4] & 0x80) != 0,
            Capabilities = new SensorCapabilities(body[5], body[6]),
            SensorType = body[7],
            EventReadingType = (byte)(body[8] & 0x7F),
            Masks = SensorMasks.Read(body[9..]),
            Units = new SensorUnits(body[15], body[16], body[17]),
            Linearization = (byte)(body[18] & 0x7F),
            Factors = SensorFactors.Read(body.Slice(19, 6)),
            NominalReading = (analog & 0x01) != 0 ? body[26] : null,
            NormalMaximum = (analog & 0x02) != 0 ? body[27] : null,
            NormalMinimum = (analog & 0x04) != 0 ? body[28] : null,
            SensorMaximum = body[29],
            SensorMinimum = body[30],
            Thresholds = [body[36], body[35], body[34], body[33], body[32], body[31]],
            PositiveHysteresis = body[37],
            NegativeHysteresis = body[38],
            IdString = Sdr.IdString.Read(body[42..]),
        };
    }
}

/// <summary>Sensor initialization and capabilities bytes of full and compact records.</summary>
/// <param name="Initialization">Sensor initialization.</param>
/// <param name="Capabilities">Sensor capabilities.</param>
internal readonly record struct SensorCapabilities(byte Initialization, byte Capabilities)
{
    /// <summary>Ignore the sensor while its entity is absent or disabled.</summary>
    public bool IgnoreIfAbsent => (Capabilities & 0x80) != 0;

    /// <summary>Hysteresis: 0 none, 1 readable, 2 readable and settable, 3 fixed.</summary>
    public int HysteresisAccess => (Capabilities >> 4) & 0x03;

    /// <summary>Thresholds: 0 none, 1 readable, 2 readable and settable, 3 fixed and unreadable.</summary>
    public int ThresholdAccess => (Capabilities >> 2) & 0x03;
}

/// <summary>The three masks of full and compact records (IPMI 2.0 §43.1, bytes 15–20).</summary>
/// <param name="Assertion">Assertion events; for threshold sensors [14:12] which lower comparisons the reading returns.</param>
/// <param name="Deassertion">Deassertion events; for threshold sensors [14:12] which upper comparisons the reading returns.</param>
/// <param name="Reading">States that the reading can return; for threshold sensors [5:0] readable and [13:8] settable thresholds.</param>
internal readonly record struct SensorMasks(ushort Assertion, ushort Deassertion, ushort Reading)
{
    public static SensorMasks Read(ReadOnlySpan<byte> data) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(data),
        BinaryPrimitives.ReadUInt16LittleEndian(data[2..]),
        BinaryPrimitives.ReadUInt16LittleEndian(data[4..]));

    /// <summary>Readable thresholds, bit n for threshold n.</summary>
    public int ReadableThresholds => Reading & 0x3F;

    /// <summary>Settable thresholds, bit n for threshold n.</summary>
    public int SettableThresholds => (Reading >> 8) & 0x3F;

    /// <summary>Thresholds that make an assertion event in the direction that matters for them.</summary>
    public int EventThresholds
    {
        get
        {
            int events = 0;
            for (int i = 0; i < 6; i++)
            {
                events |= (Assertion & (3 << (i * 2))) != 0 ? 1 << i : 0;
            }

            return events;
        }
    }
}
