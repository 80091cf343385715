using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Ses;

/// <summary>The header that SES pages share (SES-3 §6.1.1).</summary>
internal static class SesPage
{
    private const int Header = 8;

    /// <summary>The bytes after the generation code, cut to what is there.</summary>
    public static bool TryReadBody(ReadOnlySpan<byte> data, byte code, out uint generation, out ReadOnlySpan<byte> body, [NotNullWhen(false)] out string? reason)
    {
        generation = 0;
        body = default;
        reason = data.Length < Header ? $"enclosure page {code:X2}h has {data.Length} bytes"
            : data[0] != code ? $"enclosure page {code:X2}h says that it is page {data[0]:X2}h"
            : null;
        if (reason is not null)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        generation = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        body = data[Header..Math.Clamp(4 + length, Header, data.Length)];
        return true;
    }
}
