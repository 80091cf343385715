namespace CimHost.Providers.Ipmi.Wire.Fru;

/// <summary>Product info area (FRU definition §12).</summary>
/// <param name="Language">Language code.</param>
/// <param name="Manufacturer">Maker; null when not told, as with every field.</param>
/// <param name="ProductName">Product name.</param>
/// <param name="PartNumber">Part or model number.</param>
/// <param name="Version">Product version.</param>
/// <param name="SerialNumber">Serial number.</param>
/// <param name="AssetTag">Asset tag.</param>
/// <param name="FruFileId">Version of the FRU file.</param>
/// <param name="Custom">Further fields.</param>
internal sealed record FruProductArea(byte Language, string? Manufacturer, string? ProductName, string? PartNumber, string? Version, string? SerialNumber, string? AssetTag, string? FruFileId, IReadOnlyList<string> Custom)
{
    public static FruProductArea? Read(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            return null;
        }

        var fields = new FruFieldReader(content[1..], content[0]);
        var area = new FruProductArea(
            content[0],
            fields.Next(),
            fields.Next(),
            fields.Next(),
            fields.Next(),
            fields.Next(),
            fields.Next(),
            fields.Next(),
            fields.Rest());
        return fields.Overrun ? null : area;
    }
}
