namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Hardware Security, type 24 (DSP0134 §7.25).</summary>
internal sealed class HardwareSecurity : SmbiosRecord
{
    private const int ShortestLength = 0x05;

    private static readonly string?[] s_states = ["Disabled", "Enabled", "Not Implemented", "Unknown"];

    private HardwareSecurity(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "Hardware Security";

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new HardwareSecurity(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Power-On Password Status", State(6));
        yield return new("Keyboard Password Status", State(4));
        yield return new("Administrator Password Status", State(2));
        yield return new("Front Panel Reset Status", State(0));
    }

    private string? State(int shift) => SmbiosText.Name(s_states, Structure.Formatted[0x04] >> shift & 3, first: 0);
}
