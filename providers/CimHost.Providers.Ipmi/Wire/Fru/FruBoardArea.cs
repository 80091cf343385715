namespace CimHost.Providers.Ipmi.Wire.Fru;

/// <summary>Board info area (FRU definition §11).</summary>
/// <param name="Language">Language code.</param>
/// <param name="Manufactured">When it was made; null when not told.</param>
/// <param name="Manufacturer">Maker; null when not told, as with every field.</param>
/// <param name="ProductName">Product name.</param>
/// <param name="SerialNumber">Serial number.</param>
/// <param name="PartNumber">Part number.</param>
/// <param name="FruFileId">Version of the FRU file.</param>
/// <param name="Custom">Further fields.</param>
internal sealed record FruBoardArea(byte Language, DateTimeOffset? Manufactured, string? Manufacturer, string? ProductName, string? SerialNumber, string? PartNumber, string? FruFileId, IReadOnlyList<string> Custom)
{
    private static readonly DateTimeOffset s_epoch = new(1996, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static FruBoardArea? Read(ReadOnlySpan<byte> content)
    {
        if (content.Length < 4)
        {
            return null;
        }

        int minutes = content[1] | (content[2] << 8) | (content[3] << 16);
        var fields = new FruFieldReader(content[4..], content[0]);
        var area = new FruBoardArea(
            content[0],
            minutes == 0 ? null : s_epoch.AddMinutes(minutes),
            fields.Next(),
            fields.Next(),
            fields.Next(),
            fields.Next(),
            fields.Next(),
            fields.Rest());
        return fields.Overrun ? null : area;
    }
}
