using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>The log directory (log 00h, ACS-4 §9.2): how many pages of 512 bytes each log has.</summary>
internal sealed class LogDirectory
{
    private readonly ushort[] _pages;

    private LogDirectory(ushort[] pages) => _pages = pages;

    /// <summary>Pages of a log; 0 when there is none.</summary>
    public int this[byte log] => log == 0 ? 1 : _pages[log];

    /// <summary>Reads the directory.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out LogDirectory? directory, [NotNullWhen(false)] out string? reason)
    {
        directory = null;
        reason = data.Length < AtaSector.Length ? $"the log directory has {data.Length} bytes and not {AtaSector.Length}" : null;
        if (reason is not null)
        {
            return false;
        }

        ushort[] pages = new ushort[256];
        for (int i = 1; i < pages.Length; i++)
        {
            pages[i] = BinaryPrimitives.ReadUInt16LittleEndian(data[(2 * i)..]);
        }

        directory = new LogDirectory(pages);
        return true;
    }
}
