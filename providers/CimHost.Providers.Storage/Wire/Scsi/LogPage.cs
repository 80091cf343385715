using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Scsi;

/// <summary>A log page taken apart into its parameters (SPC-5 §7.3.2).</summary>
/// <param name="Code">Page code.</param>
/// <param name="Subpage">Subpage code.</param>
/// <param name="Parameters">The parameters by code; the first of a code counts.</param>
internal sealed record LogPage(byte Code, byte Subpage, IReadOnlyDictionary<ushort, byte[]> Parameters)
{
    private const int MostParameters = 4_096;

    /// <summary>A parameter's value as a big-endian number of 1 to 8 bytes; null when it is not there or longer.</summary>
    public ulong? Number(ushort parameter)
    {
        if (!Parameters.TryGetValue(parameter, out byte[]? value) || value.Length is 0 or > 8)
        {
            return null;
        }

        ulong number = 0;
        foreach (byte b in value)
        {
            number = (number << 8) | b;
        }

        return number;
    }

    /// <summary>Reads a page. A parameter that does not fit ends it; what came before counts.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, byte code, [NotNullWhen(true)] out LogPage? page, [NotNullWhen(false)] out string? reason)
    {
        page = null;
        reason = data.Length < 4 ? $"log page {code:X2}h has {data.Length} bytes"
            : (data[0] & 0x3F) != code ? $"log page {code:X2}h says that it is page {data[0] & 0x3F:X2}h"
            : null;
        if (reason is not null)
        {
            return false;
        }

        int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(data[2..]), data.Length - 4);
        ReadOnlySpan<byte> rest = data.Slice(4, length);
        var parameters = new Dictionary<ushort, byte[]>();
        while (rest.Length >= 4 && rest.Length >= 4 + rest[3] && parameters.Count < MostParameters)
        {
            parameters.TryAdd(BinaryPrimitives.ReadUInt16BigEndian(rest), rest.Slice(4, rest[3]).ToArray());
            rest = rest[(4 + rest[3])..];
        }

        page = new LogPage(code, (data[0] & 0x40) != 0 ? data[1] : (byte)0, parameters);
        return true;
    }

    /// <summary>Codes of the pages that the device has (page 00h); it has no parameters but a list.</summary>
    public static IReadOnlyList<byte> Supported(ReadOnlySpan<byte> data)
    {
        if (data.Length < 4 || (data[0] & 0x3F) != 0)
        {
            return [];
        }

        int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(data[2..]), data.Length - 4);
        return [.. data.Slice(4, length).ToArray().Select(b => (byte)(b & 0x3F)).Distinct()];
    }
}
