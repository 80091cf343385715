namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>System Boot Information, type 32 (DSP0134 §7.33).</summary>
internal sealed class SystemBoot : SmbiosRecord
{
    private const int ShortestLength = 0x0B;

    private static readonly string?[] s_states =
    [
        "No errors detected", "No bootable media", "Operating system failed to load", "Firmware-detected hardware failure",
        "Operating system-detected hardware failure", "User-requested boot", "System security violation", "Previously-requested image",
        "System watchdog timer expired",
    ];

    private SystemBoot(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "System Boot Information";

    public byte Status => Structure.Formatted[0x0A];

    /// <summary>The status in words.</summary>
    public string? StatusName => Status switch
    {
        < 128 => SmbiosText.Name(s_states, Status, first: 0),
        < 192 => "OEM-specific",
        _ => "Product-specific",
    };

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new SystemBoot(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Status", StatusName);
    }
}
