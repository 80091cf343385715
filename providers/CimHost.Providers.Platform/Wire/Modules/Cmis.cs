using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Platform.Wire.Modules;

/// <summary>
/// Modules with the Common Management Interface (CMIS 5.2): QSFP-DD, OSFP, SFP-DD. Identification, temperature and voltage of the module with their
/// limits; its lanes are not read.
/// </summary>
internal static class Cmis
{
    /// <summary>Reads a module.</summary>
    /// <param name="lower">The lower memory.</param>
    /// <param name="page00">Page 00h.</param>
    /// <param name="page02">Page 02h (limits); empty when there is none (flat memory).</param>
    /// <param name="module">The module.</param>
    /// <param name="reason">Why it was refused.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> lower, ReadOnlySpan<byte> page00, ReadOnlySpan<byte> page02, [NotNullWhen(true)] out OpticalModule? module, [NotNullWhen(false)] out string? reason)
    {
        module = null;
        reason = lower.Length < ModuleBytes.PageLength || page00.Length < ModuleBytes.PageLength ? $"the pages have {lower.Length} and {page00.Length} bytes and not {ModuleBytes.PageLength}"
            : !ModuleBytes.SumIsGood(page00[..94], page00[94]) ? "the checksum of page 00h (byte 222) is wrong"
            : null;
        if (reason is not null)
        {
            return false;
        }

        ReadOnlySpan<byte> limits = page02.Length < ModuleBytes.PageLength ? default : page02;
        module = new OpticalModule
        {
            FormFactor = ModuleBytes.FormFactorOf(lower[0]) ?? "CMIS",
            Connector = ModuleBytes.ConnectorOf(page00[75]),
            Vendor = ModuleBytes.Text(page00[1..17]),
            PartNumber = ModuleBytes.Text(page00[20..36]),
            Revision = ModuleBytes.Text(page00[36..38]),
            SerialNumber = ModuleBytes.Text(page00[38..54]),
            DateCode = ModuleBytes.Text(page00[54..62]),
            Quantities = IsFlat(lower) ? [] :
            [
                new(ModuleQuantityKind.Temperature, null, ModuleBytes.Temperature(ModuleBytes.Signed(lower, 14)), limits.IsEmpty ? null : ModuleBytes.Limits(limits, 0, ModuleBytes.Temperature, signed: true)),
                new(ModuleQuantityKind.Voltage, null, ModuleBytes.Unsigned(lower, 16), limits.IsEmpty ? null : ModuleBytes.Limits(limits, 8, ModuleBytes.Same)),
            ],
        };
        return true;
    }

    /// <summary>Lower byte 2 bit 7: only page 00h is there, as in cables, which measure nothing.</summary>
    public static bool IsFlat(ReadOnlySpan<byte> lower) => (lower[2] & 0x80) != 0;
}
