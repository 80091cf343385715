using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Ses;

/// <summary>A type of elements in an enclosure.</summary>
/// <param name="Type">Element type (SES-3 table 71): 01h device slot, 02h power supply, 03h cooling, 04h temperature, 12h voltage, 13h current, 17h array device slot.</param>
/// <param name="Count">How many there may be.</param>
/// <param name="Subenclosure">Subenclosure that they are in.</param>
/// <param name="Text">What the enclosure calls them.</param>
internal sealed record SesElementType(byte Type, int Count, byte Subenclosure, string Text);

/// <summary>Configuration diagnostic page (01h, SES-3 §6.1.2).</summary>
/// <param name="Generation">Changes when the configuration does; the other pages carry it too.</param>
/// <param name="LogicalId">Identifier of the primary subenclosure in hexadecimal.</param>
/// <param name="Vendor">Vendor of the primary subenclosure.</param>
/// <param name="Product">Product.</param>
/// <param name="Revision">Revision.</param>
/// <param name="Types">Types of elements in the order in which the other pages list them.</param>
internal sealed record SesConfiguration(uint Generation, string LogicalId, string Vendor, string Product, string Revision, IReadOnlyList<SesElementType> Types)
{
    private const int MostTypes = 1_024;

    /// <summary>Reads the page.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out SesConfiguration? configuration, [NotNullWhen(false)] out string? reason)
    {
        configuration = null;
        if (!SesPage.TryReadBody(data, 0x01, out uint generation, out ReadOnlySpan<byte> body, out reason))
        {
            return false;
        }

        int types = 0;
        ReadOnlySpan<byte> rest = body, primary = default;
        for (int i = 0; i <= data[1]; i++)
        {
            if (rest.Length < 40 || rest.Length < 4 + rest[3] || rest[3] < 36)
            {
                reason = $"the enclosure descriptor {i} does not fit into the configuration page";
                return false;
            }

            primary = i == 0 ? rest : primary;
            types += rest[2];
            rest = rest[(4 + rest[3])..];
        }

        if (types > MostTypes || rest.Length < 4 * types)
        {
            reason = $"{types} element types do not fit into the configuration page";
            return false;
        }

        configuration = new SesConfiguration(
            generation, Convert.ToHexStringLower(primary.Slice(4, 8)), FixedText.Read(primary.Slice(12, 8)), FixedText.Read(primary.Slice(20, 16)), FixedText.Read(primary.Slice(36, 4)),
            ReadTypes(rest[..(4 * types)], rest[(4 * types)..]));
        return true;
    }

    private static List<SesElementType> ReadTypes(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> texts)
    {
        var types = new List<SesElementType>();
        for (; headers.Length >= 4; headers = headers[4..])
        {
            int length = Math.Min((int)headers[3], texts.Length);
            types.Add(new SesElementType(headers[0], headers[1], headers[2], FixedText.Read(texts[..length])));
            texts = texts[length..];
        }

        return types;
    }
}
