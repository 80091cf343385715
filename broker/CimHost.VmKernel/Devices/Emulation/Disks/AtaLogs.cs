using System.Buffers.Binary;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>SMART data and the logs of an ATA disk (ACS-3 §7.53 and A, SCT: ACS-4 §8).</summary>
internal sealed class AtaLogs(AtaDescription disk, SelfTestRun run)
{
    private const int Sector = 512;
    private const byte PowerOnHours = 9;

    private uint Hours => disk.Attributes.Find(a => a.Id == PowerOnHours) is { } a ? (uint)(a.Raw[0] | (a.Raw[1] << 8) | (a.Raw[2] << 16)) : 0;

    /// <summary>Makes the last byte such that all bytes of a sector add up to 0.</summary>
    public static void Checksum(Span<byte> sector)
    {
        byte sum = 0;
        foreach (byte b in sector[..511])
        {
            sum += b;
        }

        sector[511] = (byte)-sum;
    }

    public byte[] SmartData()
    {
        byte[] data = new byte[Sector];
        data[0] = 0x10;
        for (int i = 0; i < disk.Attributes.Count; i++)
        {
            AtaAttribute a = disk.Attributes[i];
            Span<byte> entry = data.AsSpan(2 + (12 * i), 12);
            entry[0] = a.Id;
            BinaryPrimitives.WriteUInt16LittleEndian(entry[1..], a.Flags);
            (entry[3], entry[4]) = (a.Value, a.Worst);
            a.Raw.CopyTo(entry[5..]);
        }

        byte running = run.Running;
        data[362] = 0x82;
        data[363] = running != 0 ? (byte)(0xF0 | (10 - (run.Percent / 10))) : LastStatus();
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(364), 120);
        data[367] = (byte)(disk.ConveyanceTest ? 0x7B : 0x5B);
        data[368] = 0x03;
        data[370] = 0x01;
        data[372] = (byte)Math.Clamp(disk.SelfTestSeconds / 60, 1, 255);
        data[373] = (byte)Math.Clamp(disk.SelfTestSeconds / 60, 1, 254);
        data[374] = disk.ConveyanceTest ? data[372] : (byte)0;
        Checksum(data);
        return data;
    }

    public byte[] SmartThresholds()
    {
        byte[] data = new byte[Sector];
        data[0] = 0x10;
        for (int i = 0; i < disk.Attributes.Count; i++)
        {
            (data[2 + (12 * i)], data[3 + (12 * i)]) = (disk.Attributes[i].Id, disk.Attributes[i].Threshold);
        }

        Checksum(data);
        return data;
    }

    /// <summary>SMART READ LOG; null for a log that there is not.</summary>
    public byte[]? Smart(byte log, int sectors) => log switch
    {
        0x00 => Cut(Directory([0x01, 0x06, 0xE0]), sectors),
        0x01 => Cut(ErrorLog(), sectors),
        0x06 => Cut(SelfTestLog(), sectors),
        0xE0 when disk.Temperature is not null => Cut(SctStatus(), sectors),
        _ => null,
    };

    /// <summary>READ LOG EXT; null for a log that there is not.</summary>
    public byte[]? Extended(byte log, int page, int sectors)
    {
        byte[]? whole = log switch
        {
            0x00 => Directory([0x03, 0x04, 0x07, 0xE0]),
            0x03 => ExtendedErrorLog(),
            0x04 when disk.Statistics.Count > 0 => Statistics(),
            0x07 => ExtendedSelfTestLog(),
            0xE0 when disk.Temperature is not null => SctStatus(),
            _ => null,
        };
        return whole is null || sectors == 0 || (page + sectors) * Sector > whole.Length ? null : whole[(page * Sector)..((page + sectors) * Sector)];
    }

    private static byte[]? Cut(byte[] log, int sectors) => sectors * Sector <= log.Length && sectors > 0 ? log[..(sectors * Sector)] : null;

    private byte[] Directory(ReadOnlySpan<byte> logs)
    {
        byte[] data = new byte[Sector];
        data[0] = 1;
        foreach (byte log in logs)
        {
            bool there = log switch { 0x04 => disk.Statistics.Count > 0, 0xE0 => disk.Temperature is not null, _ => true };
            data[2 * log] = (byte)(!there ? 0 : log == 0x04 ? 8 : 1);
        }

        return data;
    }

    private byte[] ErrorLog()
    {
        byte[] data = new byte[Sector];
        (data[0], data[1]) = (1, (byte)disk.Errors.Count);
        for (int i = 0; i < disk.Errors.Count; i++)
        {
            // The newest stands where the index says, the older ones before it.
            AtaError e = disk.Errors[disk.Errors.Count - 1 - i];
            Span<byte> entry = data.AsSpan(2 + (90 * i), 90);
            Span<byte> command = entry.Slice(48, 12);
            (command[2], command[3], command[4], command[5], command[6], command[7]) = ((byte)e.Count, (byte)e.Lba, (byte)(e.Lba >> 8), (byte)(e.Lba >> 16), 0x40, e.Command);
            Span<byte> error = entry.Slice(60, 30);
            (error[1], error[2], error[3], error[4], error[5], error[6], error[7]) = (e.Error, (byte)e.Count, (byte)e.Lba, (byte)(e.Lba >> 8), (byte)(e.Lba >> 16), (byte)(0x40 | ((e.Lba >> 24) & 0x0F)), e.Status);
            error[27] = 0x03;
            BinaryPrimitives.WriteUInt16LittleEndian(error[28..], e.Hours);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(452), (ushort)Math.Max(disk.ErrorCount, disk.Errors.Count));
        Checksum(data);
        return data;
    }

    private byte[] ExtendedErrorLog()
    {
        byte[] data = new byte[Sector];
        int count = Math.Min(disk.Errors.Count, 4);
        (data[0], data[2]) = (1, (byte)count);
        for (int i = 0; i < count; i++)
        {
            AtaError e = disk.Errors[count - 1 - i];
            Span<byte> command = data.AsSpan(4 + (124 * i) + 72, 18);
            (command[3], command[4]) = ((byte)e.Count, (byte)(e.Count >> 8));
            Lba(command[5..], e.Lba);
            (command[11], command[12]) = (0x40, e.Command);
            Span<byte> error = data.AsSpan(4 + (124 * i) + 90, 34);
            (error[1], error[2], error[3]) = (e.Error, (byte)e.Count, (byte)(e.Count >> 8));
            Lba(error[4..], e.Lba);
            (error[10], error[11], error[31]) = (0x40, e.Status, 0x03);
            BinaryPrimitives.WriteUInt16LittleEndian(error[32..], e.Hours);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(500), (ushort)Math.Max(disk.ErrorCount, disk.Errors.Count));
        Checksum(data);
        return data;
    }

    // Each register with its previous content beside it.
    private static void Lba(Span<byte> at, ulong lba) =>
        (at[0], at[1], at[2], at[3], at[4], at[5]) = ((byte)lba, (byte)(lba >> 24), (byte)(lba >> 8), (byte)(lba >> 32), (byte)(lba >> 16), (byte)(lba >> 40));

    private List<SelfTestDescription> SelfTests() =>
        [.. run.Finished.Select(f => new SelfTestDescription(f.Type, (byte)(f.Aborted ? 0x10 : 0x00), Hours, null)), .. disk.SelfTests];

    private byte LastStatus() => SelfTests() is [{ } last, ..] ? last.Result : (byte)0;

    private byte[] SelfTestLog()
    {
        byte[] data = new byte[Sector];
        List<SelfTestDescription> tests = SelfTests();
        int count = Math.Min(tests.Count, 21);
        data[0] = 1;
        for (int i = 0; i < count; i++)
        {
            SelfTestDescription test = tests[count - 1 - i];
            Span<byte> entry = data.AsSpan(2 + (24 * i), 24);
            (entry[0], entry[1]) = (test.Type, test.Result);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], (ushort)test.Hours);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[5..], (uint)Math.Min(test.Lba ?? uint.MaxValue, uint.MaxValue));
        }

        data[508] = (byte)count;
        Checksum(data);
        return data;
    }

    private byte[] ExtendedSelfTestLog()
    {
        byte[] data = new byte[Sector];
        List<SelfTestDescription> tests = SelfTests();
        int count = Math.Min(tests.Count, 19);
        (data[0], data[2]) = (1, (byte)count);
        for (int i = 0; i < count; i++)
        {
            SelfTestDescription test = tests[count - 1 - i];
            Span<byte> entry = data.AsSpan(4 + (26 * i), 26);
            (entry[0], entry[1]) = (test.Type, test.Result);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], (ushort)test.Hours);
            ulong lba = test.Lba ?? 0xFFFF_FFFF_FFFF;
            BinaryPrimitives.WriteUInt32LittleEndian(entry[5..], (uint)lba);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[9..], (ushort)(lba >> 32));
        }

        Checksum(data);
        return data;
    }

    private byte[] Statistics()
    {
        byte[] data = new byte[8 * Sector];
        byte[] pages = [.. disk.Statistics.Select(s => s.Page).Distinct().Order()];
        data[0] = 1;
        data[8] = (byte)(pages.Length + 1);
        pages.CopyTo(data, 10);
        foreach (byte page in pages)
        {
            (data[page * Sector], data[(page * Sector) + 2]) = (1, page);
        }

        foreach (AtaStatistic s in disk.Statistics)
        {
            Span<byte> entry = data.AsSpan((s.Page * Sector) + s.Offset, 8);
            BinaryPrimitives.WriteUInt64LittleEndian(entry, s.Value);
            entry[7] = s.Flags;
        }

        return data;
    }

    // ACS-4 §8.2.5.
    private byte[] SctStatus()
    {
        byte[] data = new byte[Sector];
        AtaTemperature t = disk.Temperature!;
        (data[0], data[2], data[10]) = (3, 1, 0);
        (data[200], data[201], data[202]) = ((byte)t.Current, (byte)t.Minimum, (byte)t.Maximum);
        (data[203], data[204], data[205]) = ((byte)t.LifetimeMinimum, (byte)t.LifetimeMaximum, 60);
        return data;
    }
}
