using System.Buffers.Binary;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>Writes IDENTIFY DEVICE data (ACS-4 §7.13.6).</summary>
internal static class AtaIdentify
{
    public static byte[] Write(AtaDescription disk)
    {
        byte[] data = new byte[512];
        Word(data, 0, 0x0040);
        Text(data, 10, 10, disk.SerialNumber);
        Text(data, 23, 4, disk.Firmware);
        Text(data, 27, 20, disk.Model);
        Word(data, 49, 0x0F00);
        Word(data, 53, 0x0006);
        ulong sectors = disk.CapacityBytes / (ulong)disk.LogicalBlock;
        uint first = (uint)Math.Min(sectors, 0x0FFFFFFF);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(120), first);
        Word(data, 76, 0x870E);
        Word(data, 77, 0x0006);
        Word(data, 80, 0x0FF0);
        ushort gpl = (ushort)(disk.GeneralPurposeLogging ? 0x20 : 0);
        Word(data, 82, 0x346B);
        Word(data, 83, 0x7D09);
        Word(data, 84, (ushort)(0x4003 | gpl | (disk.Wwn != 0 ? 0x100 : 0)));
        Word(data, 85, (ushort)(0x346A | (disk.SmartEnabled ? 1 : 0)));
        Word(data, 86, 0xBC09);
        Word(data, 87, (ushort)(0x4003 | gpl | (disk.Wwn != 0 ? 0x100 : 0)));
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(200), sectors);
        Word(data, 106, SectorSize(disk));
        if (disk.LogicalBlock > 512)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(234), (uint)(disk.LogicalBlock / 2));
        }

        for (int i = 0; i < 4 && disk.Wwn != 0; i++)
        {
            Word(data, 108 + i, (ushort)(disk.Wwn >> (48 - (16 * i))));
        }

        Word(data, 206, (ushort)(disk.Temperature is null ? 0 : 0x0021));
        Word(data, 217, (ushort)disk.RotationRate);
        Word(data, 222, 0x107F);
        data[510] = 0xA5;
        AtaLogs.Checksum(data);
        return data;
    }

    // Word 106: logical sectors larger than 256 words, and how many (a power of two) lie in a physical one.
    private static ushort SectorSize(AtaDescription disk)
    {
        int logicalPerPhysical = int.Log2(disk.PhysicalBlock / disk.LogicalBlock);
        return (ushort)(0x4000 | (disk.LogicalBlock > 512 ? 0x1000 : 0) | (logicalPerPhysical > 0 ? 0x2000 | logicalPerPhysical : 0));
    }

    private static void Word(byte[] data, int word, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2 * word), value);

    // Texts have the bytes of each word exchanged (ACS-4 §3.4.9).
    private static void Text(byte[] data, int word, int words, string text)
    {
        Span<byte> field = data.AsSpan(2 * word, 2 * words);
        ScsiPages.Text(field, text);
        for (int i = 0; i < field.Length; i += 2)
        {
            (field[i], field[i + 1]) = (field[i + 1], field[i]);
        }
    }
}
