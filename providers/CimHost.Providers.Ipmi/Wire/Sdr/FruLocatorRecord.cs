namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>FRU device locator, type 11h (IPMI 2.0 §43.8).</summary>
/// <param name="Header">Header.</param>
/// <param name="AccessAddress">[7:1] address of the controller that gives access.</param>
/// <param name="DeviceId">FRU device id of a logical device, else an I2C address.</param>
/// <param name="IsLogical">True when Read FRU Data reads it.</param>
/// <param name="Lun">Logical unit of the controller.</param>
/// <param name="Channel">Channel of the controller.</param>
/// <param name="Entity">What the FRU is.</param>
/// <param name="IdString">Its name.</param>
internal sealed record FruLocatorRecord(SdrHeader Header, byte AccessAddress, byte DeviceId, bool IsLogical, byte Lun, byte Channel, Entity Entity, string IdString) : SdrRecord(Header)
{
    private const int MinBody = 11;

    public static FruLocatorRecord? Read(SdrHeader header, ReadOnlySpan<byte> body) => body.Length < MinBody ? null : new FruLocatorRecord(
        header,
        (byte)(body[0] & 0xFE),
        body[1],
        (body[2] & 0x80) != 0,
        (byte)((body[2] >> 3) & 0x03),
        (byte)(body[3] >> 4),
        new Entity(body[7], (byte)(body[8] & 0x7F)),
        Sdr.IdString.Read(body[10..]).Trim());
}
