using System.Buffers.Text;

namespace CimHost.Providers.Platform.Wire.Kernel;

/// <summary>One logical processor of /proc/cpuinfo; what the kernel does not tell on this architecture is null.</summary>
/// <param name="Number">Number of the logical processor.</param>
/// <param name="Vendor">Maker as the processor names it: "GenuineIntel".</param>
/// <param name="ModelName">Model as the processor names it.</param>
/// <param name="Microcode">Revision of the microcode, as the kernel writes it: "0xd0003d1".</param>
/// <param name="Stepping">Stepping.</param>
/// <param name="Package">Number of the package that it is in.</param>
/// <param name="MegaHertz">Clock at present.</param>
internal sealed record CpuInfo(int Number, string? Vendor, string? ModelName, string? Microcode, string? Stepping, int? Package, double? MegaHertz)
{
    private const int MaxProcessors = 8192;

    /// <summary>Reads /proc/cpuinfo (proc(5)). Blocks without a number are left out.</summary>
    public static IReadOnlyList<CpuInfo> ReadAll(ReadOnlySpan<byte> content)
    {
        var processors = new List<CpuInfo>();
        CpuInfo? current = null;
        var reader = new LineReader(content);
        while (reader.Read() && processors.Count < MaxProcessors)
        {
            if (!reader.TrySplit(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
            {
                continue;
            }

            if (name.SequenceEqual("processor"u8))
            {
                Add(processors, current);
                current = Integer(value) is { } number ? new CpuInfo(number, null, null, null, null, null, null) : null;
            }
            else if (current is not null)
            {
                current = With(current, name, value);
            }
        }

        Add(processors, current);
        return processors;
    }

    private static void Add(List<CpuInfo> processors, CpuInfo? processor)
    {
        if (processor is not null)
        {
            processors.Add(processor);
        }
    }

    private static CpuInfo With(CpuInfo info, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        name.SequenceEqual("vendor_id"u8) ? info with { Vendor = LineReader.Text(value) }
        : name.SequenceEqual("model name"u8) ? info with { ModelName = LineReader.Text(value) }
        : name.SequenceEqual("microcode"u8) ? info with { Microcode = LineReader.Text(value) }
        : name.SequenceEqual("stepping"u8) ? info with { Stepping = LineReader.Text(value) }
        : name.SequenceEqual("physical id"u8) ? info with { Package = Integer(value) }
        : name.SequenceEqual("cpu MHz"u8) ? info with { MegaHertz = Utf8Parser.TryParse(value, out double clock, out int used) && used == value.Length && clock is > 0 and < 1_000_000 ? clock : null }
        : info;

    private static int? Integer(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out int number, out int used) && used == text.Length && number >= 0 ? number : null;
}
