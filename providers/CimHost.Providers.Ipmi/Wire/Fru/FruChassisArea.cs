namespace CimHost.Providers.Ipmi.Wire.Fru;

/// <summary>Chassis info area (FRU definition §10).</summary>
/// <param name="Type">Enclosure type as in SMBIOS: 17h is a rack-mount chassis.</param>
/// <param name="PartNumber">Part number; null when not told, as with every field.</param>
/// <param name="SerialNumber">Serial number.</param>
/// <param name="Custom">Further fields.</param>
internal sealed record FruChassisArea(byte Type, string? PartNumber, string? SerialNumber, IReadOnlyList<string> Custom)
{
    public static FruChassisArea? Read(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            return null;
        }

        var fields = new FruFieldReader(content[1..], language: 0);
        var area = new FruChassisArea(content[0], fields.Next(), fields.Next(), fields.Rest());
        return fields.Overrun ? null : area;
    }
}
