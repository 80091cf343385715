using System.Buffers.Binary;

namespace CimHost.Providers.Storage.Wire.Scsi;

/// <summary>Designators of a device (VPD page 83h, SPC-5 §7.7.6).</summary>
/// <param name="UnitNaa">NAA designator of the logical unit in hexadecimal; null when there is none.</param>
/// <param name="UnitEui">EUI-64 designator of the logical unit in hexadecimal; null when there is none.</param>
/// <param name="UnitT10">T10 vendor designator of the logical unit; null when there is none.</param>
/// <param name="PortNaa">NAA designators of target ports: SAS addresses.</param>
internal sealed record DeviceIdentification(string? UnitNaa, string? UnitEui, string? UnitT10, IReadOnlyList<string> PortNaa)
{
    private const int MostPorts = 16;

    /// <summary>Reads the page; false when it is another one. A designator that does not fit ends the list.</summary>
    public static bool TryRead(ReadOnlySpan<byte> page, out DeviceIdentification identification)
    {
        identification = new DeviceIdentification(null, null, null, []);
        if (!VpdPage.TryReadBody(page, 0x83, out ReadOnlySpan<byte> body))
        {
            return false;
        }

        string? naa = null, eui = null, t10 = null;
        var ports = new List<string>();
        while (body.Length >= 4 && body.Length >= 4 + body[3])
        {
            ReadOnlySpan<byte> designator = body.Slice(4, body[3]);
            int association = (body[1] >> 4) & 3, type = body[1] & 0x0F, codeSet = body[0] & 0x0F;
            switch (association, type)
            {
                case (0, 3) when codeSet == 1 && designator.Length is 8 or 16:
                    // The longer NAA 6 identifier, where there are two, is the unit's own.
                    naa = naa is null || naa.Length < 2 * designator.Length ? Convert.ToHexStringLower(designator) : naa;
                    break;
                case (0, 2) when codeSet == 1 && designator.Length is 8 or 12 or 16:
                    eui ??= Convert.ToHexStringLower(designator);
                    break;
                case (0, 1):
                    t10 ??= FixedText.Read(designator[..Math.Min(designator.Length, 64)]);
                    break;
                case (1, 3) when codeSet == 1 && designator.Length == 8 && ports.Count < MostPorts:
                    ports.Add(Convert.ToHexStringLower(designator));
                    break;
                default:
                    break;
            }

            body = body[(4 + body[3])..];
        }

        identification = new DeviceIdentification(naa, eui, t10, ports);
        return true;
    }
}
