namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>Event-only record, type 03h (IPMI 2.0 §43.3): a sensor that sends events and cannot be read.</summary>
internal sealed record EventOnlyRecord(SdrHeader Header) : SensorRecord(Header)
{
    private const int MinBody = 12;

    public required RecordSharing Sharing { get; init; }

    public override int ShareCount => Sharing.Count;

    public static EventOnlyRecord? Read(SdrHeader header, ReadOnlySpan<byte> body)
    {
        if (body.Length < MinBody)
        {
            return null;
        }

        return new EventOnlyRecord(header)
        {
            OwnerId = body[0],
            Channel = (byte)(body[1] >> 4),
            Lun = (byte)(body[1] & 0x03),
            Number = body[2],
            EntityId = body[3],
            EntityInstance = (byte)(body[4] & 0x7F),
            IsLogicalEntity = (body[4] & 0x80) != 0,
            SensorType = body[5],
            EventReadingType = (byte)(body[6] & 0x7F),
            Sharing = RecordSharing.Read(body[7..]),
            IdString = Sdr.IdString.Read(body[11..]),
        };
    }
}
