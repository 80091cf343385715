using CimHost.Providers.Ipmi.Wire.Sensors;

namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>Compact sensor record, type 02h (IPMI 2.0 §43.2). One record may stand for several sensors.</summary>
internal sealed record CompactSensorRecord(SdrHeader Header) : SensorRecord(Header)
{
    private const int MinBody = 27;

    public required SensorCapabilities Capabilities { get; init; }

    public required SensorMasks Masks { get; init; }

    public required SensorUnits Units { get; init; }

    public required RecordSharing Sharing { get; init; }

    public required byte PositiveHysteresis { get; init; }

    public required byte NegativeHysteresis { get; init; }

    public override int ShareCount => Sharing.Count;

    public static CompactSensorRecord? Read(SdrHeader header, ReadOnlySpan<byte> body)
    {
        if (body.Length < MinBody)
        {
            return null;
        }

        return new CompactSensorRecord(header)
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
            Sharing = RecordSharing.Read(body[18..]),
            PositiveHysteresis = body[20],
            NegativeHysteresis = body[21],
            IdString = Sdr.IdString.Read(body[26..]),
        };
    }
}
