using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>
/// Voltage Probe, type 26 (DSP0134 §7.27), Temperature Probe, type 28 (§7.29), and Electrical Current Probe, type 29 (§7.30). They tell where
/// a probe is and what it can measure; there is no reading in them.
/// </summary>
internal sealed class Probe : SmbiosRecord
{
    private const int ShortestLength = 0x14;
    private const short Unknown = short.MinValue;

    private static readonly string?[] s_locations =
    [
        "Other", "Unknown", "Processor", "Disk", "Peripheral Bay", "System Management Module", "Motherboard", "Memory Module", "Processor Module",
        "Power Unit", "Add-in Card", "Front Panel Board", "Back Panel Board", "Power System Board", "Drive Back Plane",
    ];

    private Probe(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => Structure.Type switch
    {
        26 => "Voltage Probe",
        28 => "Temperature Probe",
        _ => "Electrical Current Probe",
    };

    /// <inheritdoc/>
    public override string? Label => ProbeDescription;

    public string? ProbeDescription => Structure.Text(0x04);

    /// <summary>Status at the last boot: 3 OK, 4 non-critical, 5 critical, 6 non-recoverable.</summary>
    public byte Status => (byte)(Structure.Formatted[0x05] >> 5);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new Probe(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Description", ProbeDescription);
        yield return new("Location", SmbiosText.Name(s_locations, Structure.Formatted[0x05] & 0x1F));
        yield return new("Status", SmbiosText.Name(DeviceStatus.Names, Status));
        yield return new("Maximum Value", Value(0x06));
        yield return new("Minimum Value", Value(0x08));
        yield return new("Resolution", Resolution());
        yield return new("Tolerance", Value(0x0C));
        yield return new("Accuracy", Structure.Word(0x0E) is { } accuracy and not 0x8000 ? string.Create(CultureInfo.InvariantCulture, $"{accuracy / 100m:0.00}%") : null);
        yield return new("OEM-specific Information", SmbiosText.Hex(Structure.DWord(0x10), 8));
        yield return new("Nominal Value", Value(0x14));
    }

    // Millivolts, tenths of a degree, milliamperes; resolutions are a hundred times finer, except for temperatures (a thousandth of a degree).
    private string? Value(int offset) => Structure.Word(offset) is { } word && (short)word is var value and not Unknown
        ? Structure.Type switch
        {
            26 => string.Create(CultureInfo.InvariantCulture, $"{value / 1000m:0.000} V"),
            28 => string.Create(CultureInfo.InvariantCulture, $"{value / 10m:0.0} deg C"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{value / 1000m:0.000} A"),
        }
        : null;

    private string? Resolution() => Structure.Word(0x0A) is { } value and not 0x8000
        ? Structure.Type switch
        {
            26 => string.Create(CultureInfo.InvariantCulture, $"{value / 10m:0.0} mV"),
            28 => string.Create(CultureInfo.InvariantCulture, $"{value / 1000m:0.000} deg C"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{value / 10m:0.0} mA"),
        }
        : null;
}
