using System.Buffers.Binary;
using System.Text;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>Data that SCSI devices of every kind return.</summary>
internal static class ScsiPages
{
    /// <summary>Standard INQUIRY data (SPC-5 §6.6.2).</summary>
    public static byte[] Inquiry(byte type, string vendor, string product, string revision)
    {
        byte[] data = new byte[96];
        (data[0], data[2], data[3], data[4], data[7]) = (type, 0x06, 0x02, 91, 0x02);
        Text(data.AsSpan(8, 8), vendor);
        Text(data.AsSpan(16, 16), product);
        Text(data.AsSpan(32, 4), revision);
        return data;
    }

    /// <summary>A vital product data page.</summary>
    public static byte[] Vpd(byte type, byte code, ReadOnlySpan<byte> body)
    {
        byte[] page = new byte[4 + body.Length];
        (page[0], page[1]) = (type, code);
        BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(2), (ushort)body.Length);
        body.CopyTo(page.AsSpan(4));
        return page;
    }

    /// <summary>Device identification (page 83h): the NAA designator of the logical unit and those of the SAS target port.</summary>
    public static byte[] Identification(ulong wwn, string vendor, string product, string serial, ulong port)
    {
        var body = new List<byte>();
        if (wwn != 0)
        {
            body.AddRange([0x01, 0x03, 0x00, 0x08, .. BigEndian(wwn)]);
        }
        else
        {
            byte[] text = Encoding.ASCII.GetBytes(vendor.PadRight(8) + product.PadRight(16) + serial);
            body.AddRange([0x02, 0x01, 0x00, (byte)text.Length, .. text]);
        }

        if (port != 0)
        {
            body.AddRange([0x61, 0x93, 0x00, 0x08, .. BigEndian(port)]);
            body.AddRange([0x61, 0x94, 0x00, 0x04, 0x00, 0x00, 0x00, 0x01]);
        }

        return [.. body];
    }

    /// <summary>Block device characteristics (SBC-4 page B1h).</summary>
    public static byte[] Characteristics(int rotationRate, byte formFactor)
    {
        byte[] body = new byte[60];
        BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)rotationRate);
        body[3] = formFactor;
        return body;
    }

    /// <summary>READ CAPACITY (16) (SBC-4 §5.20).</summary>
    public static byte[] Capacity(DiskDescription disk)
    {
        byte[] data = new byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(data, (disk.CapacityBytes / (ulong)disk.LogicalBlock) - 1);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(8), (uint)disk.LogicalBlock);
        data[13] = (byte)int.Log2(disk.PhysicalBlock / disk.LogicalBlock);
        return data;
    }

    /// <summary>A log page (SPC-5 §7.3.2).</summary>
    public static byte[] Log(byte page, ReadOnlySpan<byte> parameters) => LogWithSubpage(page, 0, parameters);

    public static byte[] LogWithSubpage(byte page, byte subpage, ReadOnlySpan<byte> parameters)
    {
        byte[] data = new byte[4 + parameters.Length];
        (data[0], data[1]) = ((byte)(page | (subpage == 0 ? 0 : 0x40)), subpage);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(2), (ushort)parameters.Length);
        parameters.CopyTo(data.AsSpan(4));
        return data;
    }

    /// <summary>A log parameter (SPC-5 §7.3.2.2).</summary>
    public static byte[] Parameter(ushort code, byte control, params ReadOnlySpan<byte> value) =>
        [(byte)(code >> 8), (byte)code, control, (byte)value.Length, .. value];

    public static byte[] BigEndian(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] BigEndian(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static void Text(Span<byte> field, string text)
    {
        field.Fill((byte)' ');
        Encoding.ASCII.GetBytes(text.AsSpan(0, Math.Min(text.Length, field.Length)), field);
    }
}
