using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Platform.Wire.Modules;

/// <summary>QSFP+ and QSFP28 modules with four lanes (SFF-8636 rev 2.10a): lower page, upper page 00h, limits on page 03h.</summary>
internal static class Sff8636
{
    private const int Lanes = 4;
    private const byte Copper = 0x0A;

    /// <summary>Reads a module.</summary>
    /// <param name="lower">The lower page.</param>
    /// <param name="page00">Upper page 00h.</param>
    /// <param name="page03">Upper page 03h; empty when there is none (flat memory).</param>
    /// <param name="module">The module.</param>
    /// <param name="reason">Why it was refused.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> lower, ReadOnlySpan<byte> page00, ReadOnlySpan<byte> page03, [NotNullWhen(true)] out OpticalModule? module, [NotNullWhen(false)] out string? reason)
    {
        module = null;
        reason = lower.Length < ModuleBytes.PageLength || page00.Length < ModuleBytes.PageLength ? $"the pages have {lower.Length} and {page00.Length} bytes and not {ModuleBytes.PageLength}"
            : !ModuleBytes.SumIsGood(page00[..63], page00[63]) ? "the checksum of the identification (byte 191) is wrong"
            : !ModuleBytes.SumIsGood(page00[64..95], page00[95]) ? "the checksum of the extended identification (byte 223) is wrong"
            : null;
        if (reason is not null)
        {
            return false;
        }

        // Bits 7:4 of byte 147: from Ah on a copper cable, whose bytes 186 and 187 tell its attenuation.
        ushort wavelength = ModuleBytes.Unsigned(page00, 58);
        module = new OpticalModule
        {
            FormFactor = ModuleBytes.FormFactorOf(lower[0]) ?? "QSFP",
            Connector = ModuleBytes.ConnectorOf(page00[2]),
            Vendor = ModuleBytes.Text(page00[20..36]),
            PartNumber = ModuleBytes.Text(page00[40..56]),
            Revision = ModuleBytes.Text(page00[56..58]),
            SerialNumber = ModuleBytes.Text(page00[68..84]),
            DateCode = ModuleBytes.Text(page00[84..92]),
            Wavelength = wavelength == 0 || page00[19] >> 4 >= Copper ? null : wavelength / 20f,
            Quantities = page00[19] >> 4 >= Copper || (lower[2] & 1) != 0 ? [] : Quantities(lower, page00[92], page03.Length < ModuleBytes.PageLength ? default : page03),
        };
        return true;
    }

    // Byte 220 tells what is measured; before revision 2.8 (lower byte 1 below 8) it did not speak of temperature and voltage, which all had.
    private static List<ModuleQuantity> Quantities(ReadOnlySpan<byte> lower, byte support, ReadOnlySpan<byte> limits)
    {
        const byte Revision28 = 8;
        bool old = lower[1] < Revision28;
        var quantities = new List<ModuleQuantity>();
        if (old || (support & 0x20) != 0)
        {
            quantities.Add(new(ModuleQuantityKind.Temperature, null, ModuleBytes.Temperature(ModuleBytes.Signed(lower, 22)), limits.IsEmpty ? null : ModuleBytes.Limits(limits, 0, ModuleBytes.Temperature, signed: true)));
        }

        if (old || (support & 0x10) != 0)
        {
            quantities.Add(new(ModuleQuantityKind.Voltage, null, ModuleBytes.Unsigned(lower, 26), limits.IsEmpty ? null : ModuleBytes.Limits(limits, 16, ModuleBytes.Same)));
        }

        ModuleLimits? receive = limits.IsEmpty ? null : ModuleBytes.Limits(limits, 48, ModuleBytes.Same);
        ModuleLimits? bias = limits.IsEmpty ? null : ModuleBytes.Limits(limits, 56, ModuleBytes.Bias);
        ModuleLimits? transmit = limits.IsEmpty ? null : ModuleBytes.Limits(limits, 64, ModuleBytes.Same);
        for (int lane = 0; lane < Lanes; lane++)
        {
            quantities.Add(new(ModuleQuantityKind.Bias, lane + 1, ModuleBytes.Bias(ModuleBytes.Unsigned(lower, 42 + (2 * lane))), bias));
            if ((support & 0x04) != 0)
            {
                quantities.Add(new(ModuleQuantityKind.TransmitPower, lane + 1, ModuleBytes.Unsigned(lower, 50 + (2 * lane)), transmit));
            }

            quantities.Add(new(ModuleQuantityKind.ReceivePower, lane + 1, ModuleBytes.Unsigned(lower, 34 + (2 * lane)), receive));
        }

        return quantities;
    }
}
