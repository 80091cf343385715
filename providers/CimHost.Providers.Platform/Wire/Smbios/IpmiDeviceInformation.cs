using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>IPMI Device Information, type 38 (DSP0134 §7.39; IPMI 2.0 appendix C1).</summary>
internal sealed class IpmiDeviceInformation : SmbiosRecord
{
    private const int ShortestLength = 0x10;
    private const byte Ssif = 4;

    private static readonly string?[] s_interfaces =
    [
        "Unknown", "KCS (Keyboard Control Style)", "SMIC (Server Management Interface Chip)", "BT (Block Transfer)",
        "SSIF (SMBus System Interface)",
    ];

    private static readonly string?[] s_spacings = ["Successive Byte Boundaries", "32-bit Boundaries", "16-byte Boundaries", "Reserved"];

    private IpmiDeviceInformation(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "IPMI Device Information";

    public byte InterfaceType => Structure.Formatted[0x04];

    /// <summary>Version of IPMI: "2.0".</summary>
    public string SpecificationVersion => string.Create(CultureInfo.InvariantCulture, $"{Structure.Formatted[0x05] >> 4}.{Structure.Formatted[0x05] & 0x0F}");

    /// <summary>Name of the interface.</summary>
    public string? InterfaceName => SmbiosText.Name(s_interfaces, InterfaceType, first: 0);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new IpmiDeviceInformation(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Interface Type", InterfaceName);
        yield return new("Specification Version", SpecificationVersion);
        yield return new("I2C Slave Address", SmbiosText.Hex((ulong)(Structure.Formatted[0x06] >> 1), 2));
        yield return new("NV Storage Device Address", Structure.Formatted[0x07] is var address && address == 0xFF ? null : address.ToString(CultureInfo.InvariantCulture));
        yield return new("Base Address", BaseAddress());
        if (InterfaceType != Ssif && Structure.Byte(0x10) is { } modifier)
        {
            yield return new("Register Spacing", SmbiosText.Name(s_spacings, modifier >> 6, first: 0));
            if ((modifier & 0x08) != 0)
            {
                yield return new("Interrupt Polarity", (modifier & 0x02) != 0 ? "Active High" : "Active Low");
                yield return new("Interrupt Trigger Mode", (modifier & 0x01) != 0 ? "Level" : "Edge");
            }

            yield return new("Interrupt Number", Structure.Byte(0x11) is { } number and not 0 ? number.ToString(CultureInfo.InvariantCulture) : null);
        }
    }

    // Bit 0 tells I/O ports from memory; the least significant bit of the address itself is in the modifier.
    private string BaseAddress()
    {
        ulong address = Structure.QWord(0x08) ?? 0;
        if (InterfaceType == Ssif)
        {
            return $"{SmbiosText.Hex(address >> 1, 2)} (SMBus)";
        }

        ulong lowest = Structure.Byte(0x10) is { } modifier ? (ulong)(modifier >> 4) & 1 : 0;
        return $"{SmbiosText.Hex((address & ~1UL) | lowest, 16)} ({((address & 1) != 0 ? "I/O" : "Memory-mapped")})";
    }
}
