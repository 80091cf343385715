using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>OEM Strings, type 11 (DSP0134 §7.12).</summary>
internal sealed class OemStrings : SmbiosRecord
{
    private const int ShortestLength = 0x05;

    private OemStrings(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "OEM Strings";

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record)
    {
        int count = structure.Byte(0x04) ?? 0;
        if (count > structure.Strings.Count)
        {
            record = null;
            return $"it announces {count} strings and has {structure.Strings.Count}";
        }

        return SmbiosRecords.Require(structure, ShortestLength, static s => new OemStrings(s), out record);
    }

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields() => Structure.Strings
        .Take(Structure.Formatted[0x04])
        .Select((text, i) => new SmbiosField("String " + (i + 1).ToString(CultureInfo.InvariantCulture), text));
}
