using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>System Information, type 1 (DSP0134 §7.2).</summary>
internal sealed class SystemInformation : SmbiosRecord
{
    private const int ShortestLength = 0x08;
    private const int UuidAt = 0x08;
    private const int UuidLength = 16;

    private static readonly string?[] s_wakeUpTypes =
        ["Reserved", "Other", "Unknown", "APM Timer", "Modem Ring", "LAN Remote", "Power Switch", "PCI PME#", "AC Power Restored"];

    private SystemInformation(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "System Information";

    public string? Manufacturer => Structure.Text(0x04);

    public string? ProductName => Structure.Text(0x05);

    public string? Version => Structure.Text(0x06);

    public string? SerialNumber => Structure.Text(0x07);

    /// <summary>
    /// UUID in lower case, its first three fields little-endian (DSP0134 §7.2.1). Null when there is none: all bits 0 or 1.
    /// </summary>
    public string? Uuid
    {
        get
        {
            if (Structure.Length < UuidAt + UuidLength)
            {
                return null;
            }

            ReadOnlySpan<byte> bytes = Structure.Formatted.Slice(UuidAt, UuidLength);
            return bytes.IndexOfAnyExcept((byte)0) < 0 || bytes.IndexOfAnyExcept((byte)0xFF) < 0 ? null : new Guid(bytes).ToString("D", CultureInfo.InvariantCulture);
        }
    }

    public byte? WakeUpType => Structure.Byte(0x18);

    public string? Sku => Structure.Text(0x19);

    public string? Family => Structure.Text(0x1A);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new SystemInformation(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Manufacturer", Manufacturer);
        yield return new("Product Name", ProductName);
        yield return new("Version", Version);
        yield return new("Serial Number", SerialNumber);
        yield return new("UUID", Uuid);
        yield return new("Wake-up Type", SmbiosText.Name(s_wakeUpTypes, WakeUpType, first: 0));
        yield return new("SKU Number", Sku);
        yield return new("Family", Family);
    }
}
