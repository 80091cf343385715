using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Onboard Devices Extended Information, type 41 (DSP0134 §7.42).</summary>
internal sealed class OnboardDevice : SmbiosRecord
{
    private const int ShortestLength = 0x0B;

    private static readonly string?[] s_types =
    [
        "Other", "Unknown", "Video", "SCSI Controller", "Ethernet", "Token Ring", "Sound", "PATA Controller", "SATA Controller", "SAS Controller",
        "Wireless LAN", "Bluetooth", "WWAN", "eMMC (Embedded Multi-Media Controller)", "NVMe Controller", "UFS Controller",
    ];

    private OnboardDevice(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "Onboard Device";

    /// <inheritdoc/>
    public override string? Label => Designation;

    public string? Designation => Structure.Text(0x04);

    public bool IsEnabled => (Structure.Formatted[0x05] & 0x80) != 0;

    /// <summary>PCI address; null when it has none.</summary>
    public string? BusAddress => PciAddress.Format(Structure.Word(0x07), Structure.Byte(0x09), Structure.Byte(0x0A));

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new OnboardDevice(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Reference Designation", Designation);
        yield return new("Type", SmbiosText.Name(s_types, Structure.Formatted[0x05] & 0x7F));
        yield return new("Status", IsEnabled ? "Enabled" : "Disabled");
        yield return new("Type Instance", Structure.Formatted[0x06].ToString(CultureInfo.InvariantCulture));
        yield return new("Bus Address", BusAddress);
    }
}
