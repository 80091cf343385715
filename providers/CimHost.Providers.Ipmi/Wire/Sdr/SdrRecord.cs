namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>A sensor data record. Types that nothing here decodes are kept as <see cref="OtherRecord"/>.</summary>
internal abstract record SdrRecord(SdrHeader Header)
{
    public const byte Full = 0x01;
    public const byte Compact = 0x02;
    public const byte EventOnly = 0x03;
    public const byte EntityAssociation = 0x08;
    public const byte DeviceRelativeEntityAssociation = 0x09;
    public const byte FruLocator = 0x11;
    public const byte McLocator = 0x12;

    /// <summary>Decodes a whole record, header included. False with the reason when it is too short for what it claims to be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out SdrRecord? record, out string? problem)
    {
        record = null;
        problem = null;
        if (!SdrHeader.TryRead(data, out SdrHeader header))
        {
            problem = $"a record of {data.Length} bytes has no header";
            return false;
        }

        if (data.Length - SdrHeader.Length < header.BodyLength)
        {
            problem = $"record {header.RecordId:X4}h tells {header.BodyLength} bytes and has {data.Length - SdrHeader.Length}";
            return false;
        }

        ReadOnlySpan<byte> body = data.Slice(SdrHeader.Length, header.BodyLength);
        record = header.RecordType switch
        {
            Full => FullSensorRecord.Read(header, body),
            Compact => CompactSensorRecord.Read(header, body),
            EventOnly => EventOnlyRecord.Read(header, body),
            EntityAssociation => EntityAssociationRecord.Read(header, body, deviceRelative: false),
            DeviceRelativeEntityAssociation => EntityAssociationRecord.Read(header, body, deviceRelative: true),
            FruLocator => FruLocatorRecord.Read(header, body),
            McLocator => McLocatorRecord.Read(header, body),
            _ => new OtherRecord(header, body.ToArray()),
        };
        problem = record is null ? $"record {header.RecordId:X4}h of type {header.RecordType:X2}h is too short with {header.BodyLength} bytes" : null;
        return record is not null;
    }
}
