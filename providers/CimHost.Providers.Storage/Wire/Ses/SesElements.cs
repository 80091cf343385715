using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Ses;

/// <summary>Puts the elements of an enclosure together from its pages.</summary>
internal static class SesElements
{
    private const int Most = 8_192;

    /// <summary>Reads the elements from the status page (02h, SES-3 §6.1.3), their names and addresses from the others where they are there.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="status">Page 02h.</param>
    /// <param name="descriptors">Page 07h; empty when there is none.</param>
    /// <param name="additional">Page 0Ah; empty when there is none.</param>
    /// <param name="elements">The elements in the order of the pages, without those for a whole type.</param>
    /// <param name="reason">Why the status page was refused.</param>
    public static bool TryRead(
        SesConfiguration configuration,
        ReadOnlySpan<byte> status,
        ReadOnlySpan<byte> descriptors,
        ReadOnlySpan<byte> additional,
        [NotNullWhen(true)] out IReadOnlyList<SesElement>? elements,
        [NotNullWhen(false)] out string? reason)
    {
        elements = null;
        if (!SesPage.TryReadBody(status, 0x02, out uint generation, out ReadOnlySpan<byte> body, out reason))
        {
            return false;
        }

        int all = configuration.Types.Sum(t => t.Count + 1);
        reason = generation != configuration.Generation ? "the configuration of the enclosure changed while it was read"
            : all > Most || body.Length < 4 * all ? $"the status page has {body.Length / 4} elements and not {all}"
            : null;
        if (reason is not null)
        {
            return false;
        }

        Dictionary<int, string> names = Names(configuration, descriptors);
        Dictionary<int, (string? Address, byte? Slot)> places = Places(configuration, additional);
        var found = new List<SesElement>();
        int index = 0;
        for (int t = 0; t < configuration.Types.Count; t++)
        {
            body = body[4..];
            for (int i = 0; i < configuration.Types[t].Count; i++, index++, body = body[4..])
            {
                uint bits = BinaryPrimitives.ReadUInt32BigEndian(body);
                (string? address, byte? slot) = places.GetValueOrDefault(index);
                found.Add(new SesElement(
                    configuration.Types[t].Type, t, i, names.GetValueOrDefault(index, string.Empty), (byte)((bits >> 24) & 0x0F), (bits & 0x4000_0000) != 0, bits, address, slot));
            }
        }

        elements = found;
        return true;
    }

    // Page 07h (§6.1.10): a descriptor of each type as a whole and of each element, in order.
    private static Dictionary<int, string> Names(SesConfiguration configuration, ReadOnlySpan<byte> page)
    {
        var names = new Dictionary<int, string>();
        if (!SesPage.TryReadBody(page, 0x07, out uint generation, out ReadOnlySpan<byte> body, out _) || generation != configuration.Generation)
        {
            return names;
        }

        int index = 0;
        foreach (SesElementType type in configuration.Types)
        {
            for (int i = -1; i < type.Count; i++)
            {
                if (body.Length < 4 || body.Length < 4 + BinaryPrimitives.ReadUInt16BigEndian(body[2..]))
                {
                    return names;
                }

                int length = BinaryPrimitives.ReadUInt16BigEndian(body[2..]);
                if (i >= 0)
                {
                    names[index++] = FixedText.Read(body.Slice(4, Math.Min(length, 64)));
                }

                body = body[(4 + length)..];
            }
        }

        return names;
    }

    // Page 0Ah (§6.1.13): SAS descriptors with element index. With EIIOE the indexes count the elements of whole types too.
    private static Dictionary<int, (string? Address, byte? Slot)> Places(SesConfiguration configuration, ReadOnlySpan<byte> page)
    {
        const byte Sas = 6;
        var places = new Dictionary<int, (string?, byte?)>();
        if (!SesPage.TryReadBody(page, 0x0A, out uint generation, out ReadOnlySpan<byte> body, out _) || generation != configuration.Generation)
        {
            return places;
        }

        while (body.Length >= 2 && body.Length >= 2 + body[1])
        {
            ReadOnlySpan<byte> d = body[..(2 + body[1])];
            bool usable = (d[0] & 0x80) == 0 && (d[0] & 0x10) != 0 && (d[0] & 0x0F) == Sas && d.Length >= 8 && d[5] >> 6 == 0;
            if (usable && ElementIndex(configuration, d[3], (d[2] & 3) != 0) is { } index)
            {
                ReadOnlySpan<byte> address = d.Length >= 36 && d[4] > 0 ? d.Slice(20, 8) : default;
                places.TryAdd(index, (address.IndexOfAnyExcept((byte)0) < 0 ? null : Convert.ToHexStringLower(address), d[7]));
            }

            body = body[d.Length..];
        }

        return places;
    }

    private static int? ElementIndex(SesConfiguration configuration, int index, bool overallIncluded)
    {
        if (!overallIncluded)
        {
            return index;
        }

        int elements = 0;
        foreach (SesElementType type in configuration.Types)
        {
            if (index <= type.Count)
            {
                return index == 0 ? null : elements + index - 1;
            }

            index -= type.Count + 1;
            elements += type.Count;
        }

        return null;
    }
}
