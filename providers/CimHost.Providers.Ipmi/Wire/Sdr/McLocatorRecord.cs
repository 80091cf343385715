namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>Management controller device locator, type 12h (IPMI 2.0 §43.9).</summary>
/// <param name="Header">Header.</param>
/// <param name="SlaveAddress">I2C address of the controller.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="Capabilities">Bit 3 FRU inventory, 1 SDR repository, 0 sensors.</param>
/// <param name="Entity">What the controller sits on.</param>
/// <param name="IdString">Its name.</param>
internal sealed record McLocatorRecord(SdrHeader Header, byte SlaveAddress, byte Channel, byte Capabilities, Entity Entity, string IdString) : SdrRecord(Header)
{
    private const int MinBody = 11;

    public static McLocatorRecord? Read(SdrHeader header, ReadOnlySpan<byte> body) => body.Length < MinBody ? null : new McLocatorRecord(
        header,
        (byte)(body[0] & 0xFE),
        (byte)(body[1] & 0x0F),
        body[3],
        new Entity(body[7], (byte)(body[8] & 0x7F)),
        Sdr.IdString.Read(body[10..]).Trim());
}
