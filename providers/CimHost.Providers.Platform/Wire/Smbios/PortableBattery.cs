using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Portable Battery, type 22 (DSP0134 §7.23).</summary>
internal sealed class PortableBattery : SmbiosRecord
{
    private const int ShortestLength = 0x10;

    private static readonly string?[] s_chemistries =
        ["Other", "Unknown", "Lead Acid", "Nickel Cadmium", "Nickel Metal Hydride", "Lithium Ion", "Zinc Air", "Lithium Polymer"];

    private PortableBattery(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "Portable Battery";

    /// <inheritdoc/>
    public override string? Label => Location;

    public string? Location => Structure.Text(0x04);

    public string? Manufacturer => Structure.Text(0x05);

    /// <summary>Serial number, from the smart battery's own field where the string is empty.</summary>
    public string? SerialNumber => Structure.Text(0x07) ?? SmbiosText.Hex(SmartField(0x10), 4)?[2..];

    public string? DeviceName => Structure.Text(0x08);

    /// <summary>Chemistry in words.</summary>
    public string? Chemistry => Structure.Formatted[0x09] == 2 && Structure.Text(0x14) is { } smart ? smart : SmbiosText.Name(s_chemistries, Structure.Formatted[0x09]);

    /// <summary>Design capacity in milliwatt-hours; null when unknown.</summary>
    public int? DesignCapacity => Structure.Word(0x0A) is { } capacity and not 0 ? capacity * (Structure.Byte(0x15) is { } multiplier and not 0 ? multiplier : 1) : null;

    /// <summary>Design voltage in millivolts; null when unknown.</summary>
    public ushort? DesignVoltage => Structure.Word(0x0C) is { } voltage and not 0 ? voltage : null;

    /// <summary>Date of manufacture as the firmware writes it, or yyyy-mm-dd from the smart battery's field.</summary>
    public string? ManufactureDate => Structure.Text(0x06) ?? (SmartField(0x12) is { } date
        ? string.Create(CultureInfo.InvariantCulture, $"{1980 + (date >> 9):D4}-{date >> 5 & 0x0F:D2}-{date & 0x1F:D2}")
        : null);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new PortableBattery(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Location", Location);
        yield return new("Manufacturer", Manufacturer);
        yield return new("Manufacture Date", ManufactureDate);
        yield return new("Serial Number", SerialNumber);
        yield return new("Name", DeviceName);
        yield return new("Chemistry", Chemistry);
        yield return new("Design Capacity", SmbiosText.Number(DesignCapacity, "mWh"));
        yield return new("Design Voltage", SmbiosText.Number(DesignVoltage, "mV"));
        yield return new("SBDS Version", Structure.Text(0x0E));
        yield return new("Maximum Error", Structure.Byte(0x0F) is { } error and not 0xFF ? error.ToString(CultureInfo.InvariantCulture) + "%" : null);
        yield return new("OEM-specific Information", SmbiosText.Hex(Structure.DWord(0x16), 8));
    }

    private ushort? SmartField(int offset) => Structure.Word(offset) is { } value and not 0 ? value : null;
}
