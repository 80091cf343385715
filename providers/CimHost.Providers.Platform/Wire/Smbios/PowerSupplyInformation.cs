using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>System Power Supply, type 39 (DSP0134 §7.40).</summary>
internal sealed class PowerSupplyInformation : SmbiosRecord
{
    private const int ShortestLength = 0x10;
    private const ushort Unknown = 0x8000;

    private static readonly string?[] s_types = ["Other", "Unknown", "Linear", "Switching", "Battery", "UPS", "Converter", "Regulator"];

    private static readonly string?[] s_switching = ["Other", "Unknown", "Manual", "Auto-switch", "Wide Range", "N/A"];

    private PowerSupplyInformation(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "System Power Supply";

    /// <inheritdoc/>
    public override string? Label => Location ?? DeviceName;

    /// <inheritdoc/>
    public override string? LongLabel => Location is { } location && DeviceName is { } name ? $"{location}/{name}" : null;

    public byte UnitGroup => Structure.Formatted[0x04];

    public string? Location => Structure.Text(0x05);

    public string? DeviceName => Structure.Text(0x06);

    public string? Manufacturer => Structure.Text(0x07);

    public string? SerialNumber => Structure.Text(0x08);

    public string? AssetTag => Structure.Text(0x09);

    public string? ModelPartNumber => Structure.Text(0x0A);

    public string? Revision => Structure.Text(0x0B);

    /// <summary>Largest output in watts; null when unknown.</summary>
    public ushort? MaxPower => Structure.Word(0x0C) is { } watts and not Unknown ? watts : null;

    public bool IsHotReplaceable => (Characteristics & 0x01) != 0;

    public bool IsPresent => (Characteristics & 0x02) != 0;

    /// <summary>True when it is not connected to the wall.</summary>
    public bool IsUnplugged => (Characteristics & 0x04) != 0;

    /// <summary>Status at the last boot: 3 OK, 4 non-critical, 5 critical.</summary>
    public int Status => Characteristics >> 7 & 0x07;

    private ushort Characteristics => Structure.Word(0x0E) ?? 0;

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new PowerSupplyInformation(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Power Unit Group", UnitGroup == 0 ? null : UnitGroup.ToString(CultureInfo.InvariantCulture));
        yield return new("Location", Location);
        yield return new("Name", DeviceName);
        yield return new("Manufacturer", Manufacturer);
        yield return new("Serial Number", SerialNumber);
        yield return new("Asset Tag", AssetTag);
        yield return new("Model Part Number", ModelPartNumber);
        yield return new("Revision", Revision);
        yield return new("Max Power Capacity", SmbiosText.Number(MaxPower, "W"));
        yield return new("Status", IsPresent ? "Present, " + SmbiosText.Name(DeviceStatus.Names, Status) : "Not Present");
        yield return new("Type", SmbiosText.Name(s_types, Characteristics >> 10 & 0x0F));
        yield return new("Input Voltage Range Switching", SmbiosText.Name(s_switching, Characteristics >> 3 & 0x0F));
        yield return new("Plugged", IsUnplugged ? "No" : "Yes");
        yield return new("Hot Replaceable", IsHotReplaceable ? "Yes" : "No");
        yield return new("Input Voltage Probe Handle", SmbiosText.Handle(Structure.Word(0x10)));
        yield return new("Cooling Device Handle", SmbiosText.Handle(Structure.Word(0x12)));
        yield return new("Input Current Probe Handle", SmbiosText.Handle(Structure.Word(0x14)));
    }
}
