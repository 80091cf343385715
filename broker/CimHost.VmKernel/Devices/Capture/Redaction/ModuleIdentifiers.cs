using System.Text;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Capture.Redaction;

/// <summary>Serial numbers in the pages of network ports' plug-in modules (SFF-8472 §8, SFF-8636 §6.3, CMIS 5.2 §8.3), and the checksums over them.</summary>
internal static class ModuleIdentifiers
{
    private const int SerialLength = 16;

    /// <summary>Adds the serial number of a page, when it has one.</summary>
    public static void Find(string path, ReadOnlySpan<byte> page, IdentifierSet identifiers)
    {
        if (PlaceOf(path, page) is { } place)
        {
            identifiers.AddText(Encoding.ASCII.GetString(page.Slice(place.Serial, SerialLength)).Trim());
        }
    }

    /// <summary>Keeps the checksum of a page right, or as wrong as it was, after its serial number was replaced.</summary>
    public static void Keep(string path, ReadOnlySpan<byte> before, Span<byte> after)
    {
        if (PlaceOf(path, before) is { } place)
        {
            for (int i = place.SumFrom; i < place.Sum; i++)
            {
                after[place.Sum] += (byte)(after[i] - before[i]);
            }
        }
    }

    // An SFP has it in the lower half, the others on page 00h; the identifier (SFF-8024) is the first byte of either.
    private static (int Serial, int SumFrom, int Sum)? PlaceOf(string path, ReadOnlySpan<byte> page)
    {
        const int PageLength = 128;
        const byte Sfp = 0x03;
        if (!path.StartsWith(HostCallPaths.Modules + "/", StringComparison.Ordinal) || page.Length < PageLength)
        {
            return null;
        }

        return path.EndsWith("/50.lower", StringComparison.Ordinal) ? (page[0] == Sfp ? (68, 64, 95) : null)
            : !path.EndsWith("/50.00", StringComparison.Ordinal) ? null
            : page[0] is 0x0C or 0x0D or 0x11 ? (68, 64, 95)
            : (38, 0, 94);
    }
}
