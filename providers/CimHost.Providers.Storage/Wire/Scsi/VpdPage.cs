using System.Buffers.Binary;

namespace CimHost.Providers.Storage.Wire.Scsi;

/// <summary>A vital product data page (SPC-5 §7.7).</summary>
internal static class VpdPage
{
    /// <summary>The body of a page, cut to what is there; false when it is another page.</summary>
    public static bool TryReadBody(ReadOnlySpan<byte> page, byte code, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (page.Length < 4 || page[1] != code)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(page[2..]);
        body = page.Slice(4, Math.Min(length, page.Length - 4));
        return true;
    }

    /// <summary>Unit serial number (page 80h); null when there is none.</summary>
    public static string? SerialNumber(ReadOnlySpan<byte> page) =>
        TryReadBody(page, 0x80, out ReadOnlySpan<byte> body) && FixedText.Read(body[..Math.Min(body.Length, 64)]) is { Length: > 0 } text ? text : null;

    /// <summary>Codes of the pages that the device has (page 00h).</summary>
    public static IReadOnlyList<byte> Supported(ReadOnlySpan<byte> page) => TryReadBody(page, 0x00, out ReadOnlySpan<byte> body) ? body.ToArray() : [];

    /// <summary>Medium rotation rate and nominal form factor (page B1h, SBC-4 §6.6.3); zeros when not told.</summary>
    public static (int RotationRate, byte FormFactor) Characteristics(ReadOnlySpan<byte> page)
    {
        if (!TryReadBody(page, 0xB1, out ReadOnlySpan<byte> body) || body.Length < 4)
        {
            return (0, 0);
        }

        int rate = BinaryPrimitives.ReadUInt16BigEndian(body);
        return (rate is 1 or (>= 0x0401 and <= 0xFFFE) ? rate : 0, (byte)(body[3] & 0x0F));
    }

    /// <summary>True when the unit is provisioned (page B2h, SBC-4 §6.6.7) and can unmap blocks.</summary>
    public static bool CanUnmap(ReadOnlySpan<byte> page) => TryReadBody(page, 0xB2, out ReadOnlySpan<byte> body) && body.Length >= 2 && (body[1] & 0xE0) != 0;

    /// <summary>Most blocks that one command may transfer (page B0h, SBC-4 §6.6.4); 0 for no limit or not told.</summary>
    public static uint MaximumTransferBlocks(ReadOnlySpan<byte> page) =>
        TryReadBody(page, 0xB0, out ReadOnlySpan<byte> body) && body.Length >= 8 ? BinaryPrimitives.ReadUInt32BigEndian(body[4..]) : 0;
}
