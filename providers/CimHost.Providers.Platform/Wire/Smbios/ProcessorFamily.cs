using System.Collections.Frozen;
using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Processor families (DSP0134 §7.5.2): those of computers that can be met today; CIM_Processor.Family takes the same numbers.</summary>
internal static class ProcessorFamily
{
    private static readonly FrozenDictionary<int, string> s_names = new Dictionary<int, string>
    {
        [0x01] = "Other", [0x02] = "Unknown", [0x03] = "8086", [0x04] = "80286", [0x05] = "80386", [0x06] = "80486", [0x0B] = "Pentium",
        [0x0C] = "Pentium Pro", [0x0D] = "Pentium II", [0x0E] = "Pentium MMX", [0x0F] = "Celeron", [0x10] = "Pentium II Xeon",
        [0x11] = "Pentium III", [0x14] = "Celeron M", [0x15] = "Pentium 4 HT", [0x16] = "Intel", [0x18] = "Duron", [0x19] = "K5", [0x1A] = "K6",
        [0x1D] = "Athlon", [0x28] = "Core Duo", [0x29] = "Core Duo Mobile", [0x2A] = "Core Solo Mobile", [0x2B] = "Atom", [0x2C] = "Core M",
        [0x2D] = "Core m3", [0x2E] = "Core m5", [0x2F] = "Core m7", [0x38] = "Turion II Ultra Dual-Core Mobile M", [0x39] = "Turion II Dual-Core Mobile M",
        [0x3A] = "Athlon II Dual-Core M", [0x3B] = "Opteron 6100", [0x3C] = "Opteron 4100", [0x3D] = "Opteron 6200", [0x3E] = "Opteron 4200",
        [0x3F] = "FX", [0x46] = "C-Series", [0x47] = "E-Series", [0x48] = "A-Series", [0x49] = "G-Series", [0x4A] = "Z-Series", [0x4B] = "R-Series",
        [0x4C] = "Opteron 4300", [0x4D] = "Opteron 6300", [0x4E] = "Opteron 3300", [0x4F] = "FirePro", [0x66] = "Athlon X4", [0x67] = "Opteron X1000",
        [0x68] = "Opteron X2000", [0x69] = "Opteron A-Series", [0x6A] = "Opteron X3000", [0x6B] = "Zen", [0x83] = "Athlon 64", [0x84] = "Opteron",
        [0x85] = "Sempron", [0x86] = "Turion 64", [0x87] = "Dual-Core Opteron", [0x88] = "Athlon 64 X2", [0x89] = "Turion 64 X2",
        [0x8A] = "Quad-Core Opteron", [0x8B] = "Third-Generation Opteron", [0x8C] = "Phenom FX", [0x8D] = "Phenom X4", [0x8E] = "Phenom X2",
        [0x8F] = "Athlon X2", [0xA1] = "Quad-Core Xeon 3200", [0xA2] = "Dual-Core Xeon 3000", [0xA3] = "Quad-Core Xeon 5300",
        [0xA4] = "Dual-Core Xeon 5100", [0xA5] = "Dual-Core Xeon 5000", [0xA6] = "Dual-Core Xeon LV", [0xA7] = "Dual-Core Xeon ULV",
        [0xA8] = "Dual-Core Xeon 7100", [0xA9] = "Quad-Core Xeon 5400", [0xAA] = "Quad-Core Xeon", [0xAB] = "Dual-Core Xeon 5200",
        [0xAC] = "Dual-Core Xeon 7200", [0xAD] = "Quad-Core Xeon 7300", [0xAE] = "Quad-Core Xeon 7400", [0xAF] = "Multi-Core Xeon 7400",
        [0xB0] = "Pentium III Xeon", [0xB1] = "Pentium III Speedstep", [0xB2] = "Pentium 4", [0xB3] = "Xeon", [0xB5] = "Xeon MP",
        [0xB6] = "Athlon XP", [0xB7] = "Athlon MP", [0xB8] = "Itanium 2", [0xB9] = "Pentium M", [0xBA] = "Celeron D", [0xBB] = "Pentium D",
        [0xBC] = "Pentium EE", [0xBD] = "Core Solo", [0xBF] = "Core 2 Duo", [0xC0] = "Core 2 Solo", [0xC1] = "Core 2 Extreme",
        [0xC2] = "Core 2 Quad", [0xC3] = "Core 2 Extreme Mobile", [0xC4] = "Core 2 Duo Mobile", [0xC5] = "Core 2 Solo Mobile", [0xC6] = "Core i7",
        [0xC7] = "Dual-Core Celeron", [0xCC] = "z/Architecture", [0xCD] = "Core i5", [0xCE] = "Core i3", [0xCF] = "Core i9",
        [0xE4] = "Quad-Core Opteron", [0xE6] = "Embedded Opteron Quad-Core", [0xE7] = "Phenom Triple-Core", [0xE8] = "Turion Ultra Dual-Core Mobile",
        [0xE9] = "Turion Dual-Core Mobile", [0xEB] = "Sempron SI", [0xEC] = "Phenom II", [0xED] = "Athlon II", [0xEE] = "Six-Core Opteron",
        [0xEF] = "Sempron M", [0x100] = "ARMv7", [0x101] = "ARMv8", [0x102] = "ARMv9", [0x104] = "SH-3", [0x118] = "ARM", [0x119] = "StrongARM",
        [0x200] = "RV32", [0x201] = "RV64", [0x202] = "RV128",
    }.ToFrozenDictionary();

    /// <summary>Name of a family; its number where the table has none.</summary>
    public static string NameOf(int family) => s_names.GetValueOrDefault(family) ?? $"Family {family.ToString("X2", CultureInfo.InvariantCulture)}h";
}
