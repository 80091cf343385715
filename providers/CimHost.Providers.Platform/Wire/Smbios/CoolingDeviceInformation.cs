using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Cooling Device, type 27 (DSP0134 §7.28).</summary>
internal sealed class CoolingDeviceInformation : SmbiosRecord
{
    private const int ShortestLength = 0x0C;
    private const int FirstActive = 16;

    private static readonly string?[] s_types =
        ["Other", "Unknown", "Fan", "Centrifugal Blower", "Chip Fan", "Cabinet Fan", "Power Supply Fan", "Heat Pipe", "Integrated Refrigeration"];

    private static readonly string?[] s_cooling = ["Active Cooling", "Passive Cooling"];

    private CoolingDeviceInformation(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "Cooling Device";

    /// <inheritdoc/>
    public override string? Label => Structure.Text(0x0E);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new CoolingDeviceInformation(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        int type = Structure.Formatted[0x06] & 0x1F;
        yield return new("Temperature Probe Handle", SmbiosText.Handle(Structure.Word(0x04)));
        yield return new("Type", type >= FirstActive ? SmbiosText.Name(s_cooling, type, FirstActive) : SmbiosText.Name(s_types, type));
        yield return new("Status", SmbiosText.Name(DeviceStatus.Names, Structure.Formatted[0x06] >> 5));
        yield return new("Cooling Unit Group", Structure.Formatted[0x07] is var group and not 0 ? group.ToString(CultureInfo.InvariantCulture) : null);
        yield return new("OEM-specific Information", SmbiosText.Hex(Structure.DWord(0x08), 8));
        yield return new("Nominal Speed", Structure.Word(0x0C) is { } speed and not 0x8000 ? string.Create(CultureInfo.InvariantCulture, $"{(short)speed} rpm") : null);
        yield return new("Description", Structure.Text(0x0E));
    }
}
