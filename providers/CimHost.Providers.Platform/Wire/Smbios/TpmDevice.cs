using System.Globalization;
using System.Text;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>TPM Device, type 43 (DSP0134 §7.44).</summary>
internal sealed class TpmDevice : SmbiosRecord
{
    private const int ShortestLength = 0x1B;

    private static readonly string?[] s_characteristics =
    [
        null, null, "TPM Device characteristics not supported", "Family configurable via firmware update",
        "Family configurable via platform software support", "Family configurable via OEM proprietary mechanism",
    ];

    private TpmDevice(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "TPM Device";

    /// <summary>Four letters of the vendor; what is not printable is left out.</summary>
    public string VendorId => Encoding.ASCII.GetString([.. Structure.Formatted.Slice(0x04, 4).ToArray().Where(b => b is > 0x20 and < 0x7F)]);

    /// <summary>Version of the TPM specification: "2.0".</summary>
    public string SpecificationVersion => string.Create(CultureInfo.InvariantCulture, $"{Structure.Formatted[0x08]}.{Structure.Formatted[0x09]}");

    /// <summary>Version of the firmware, whose form depends on the specification's.</summary>
    public string? FirmwareVersion => Structure.Formatted[0x08] switch
    {
        1 => string.Create(CultureInfo.InvariantCulture, $"{Structure.Formatted[0x0C]}.{Structure.Formatted[0x0D]}"),
        2 => string.Create(CultureInfo.InvariantCulture, $"{Structure.DWord(0x0A) >> 16}.{Structure.DWord(0x0A) & 0xFFFF}"),
        _ => null,
    };

    public string? DeviceDescription => Structure.Text(0x12);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new TpmDevice(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Vendor ID", VendorId.Length == 0 ? null : VendorId);
        yield return new("Specification Version", SpecificationVersion);
        yield return new("Firmware Revision", FirmwareVersion);
        yield return new("Description", DeviceDescription);
        yield return new("Characteristics", SmbiosText.Bits(s_characteristics, Structure.QWord(0x13)));
        yield return new("OEM-specific Information", SmbiosText.Hex(Structure.DWord(0x1B), 8));
    }
}
