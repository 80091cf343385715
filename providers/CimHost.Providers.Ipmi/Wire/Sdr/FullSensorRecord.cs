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
