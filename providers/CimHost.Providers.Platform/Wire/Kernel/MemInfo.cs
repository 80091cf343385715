using System.Buffers.Text;

namespace CimHost.Providers.Platform.Wire.Kernel;

/// <summary>/proc/meminfo (proc(5)): amounts in kibibytes; null where the kernel does not tell one.</summary>
internal sealed record MemInfo(ulong? Total, ulong? Free, ulong? Available, ulong? SwapTotal, ulong? SwapFree, ulong? HardwareCorrupted)
{
    /// <summary>Reads the file; what is no number of kB is left out.</summary>
    public static MemInfo Read(ReadOnlySpan<byte> content)
    {
        var info = new MemInfo(null, null, null, null, null, null);
        var reader = new LineReader(content);
        while (reader.Read())
        {
            if (reader.TrySplit(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) && Kilobytes(value) is { } amount)
            {
                info = name.SequenceEqual("MemTotal"u8) ? info with { Total = amount }
                    : name.SequenceEqual("MemFree"u8) ? info with { Free = amount }
                    : name.SequenceEqual("MemAvailable"u8) ? info with { Available = amount }
                    : name.SequenceEqual("SwapTotal"u8) ? info with { SwapTotal = amount }
                    : name.SequenceEqual("SwapFree"u8) ? info with { SwapFree = amount }
                    : name.SequenceEqual("HardwareCorrupted"u8) ? info with { HardwareCorrupted = amount }
                    : info;
            }
        }

        return info;
    }

    // An amount beyond 2^53 kB is none that could be told in bytes.
    private static ulong? Kilobytes(ReadOnlySpan<byte> value) =>
        value.EndsWith(" kB"u8) && Utf8Parser.TryParse(value, out ulong number, out int used) && used == value.Length - 3 && number < 1UL << 53 ? number : null;
}
