using System.Buffers.Binary;
using System.Text;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>Log pages of a SCSI disk (SPC-5 §7.3, SBC-4 §6.4, SPL-4 §9.2.8).</summary>
internal sealed class ScsiLogs(ScsiDescription disk, SelfTestRun run)
{
    // Threshold values are not kept, and parameters are binary lists or counters of the device.
    private const byte BinaryList = 0x03;
    private const byte BoundedCounter = 0x02;

    /// <summary>A page; null when there is none of that code.</summary>
    public byte[]? Read(byte page, byte subpage) => subpage != 0 ? null : page switch
    {
        0x00 => ScsiPages.Log(0x00, Supported()),
        0x02 or 0x03 when disk.ErrorCounters.Count > page - 2 => Errors(page, disk.ErrorCounters[page - 2]),
        0x05 when disk.ErrorCounters.Count > 2 => Errors(page, disk.ErrorCounters[2]),
        0x06 when disk.NonMediumErrors is { } errors => ScsiPages.Log(0x06, ScsiPages.Parameter(0, BoundedCounter, ScsiPages.BigEndian(errors))),
        0x0D when disk.Temperature is { } temperature => Temperature((byte)temperature),
        0x0E when disk.StartStopCycles is not null => StartStop(),
        0x10 => SelfTests(),
        0x11 when disk.PercentageUsed is { } used => ScsiPages.Log(0x11, ScsiPages.Parameter(1, BinaryList, 0, 0, 0, used)),
        0x15 when disk.PowerOnMinutes is { } minutes => BackgroundScan(minutes),
        0x18 when disk.Phys.Count > 0 => Ports(),
        0x2F => ScsiPages.Log(0x2F, ScsiPages.Parameter(0, BinaryList, disk.ExceptionCode, disk.ExceptionQualifier, (byte)(disk.Temperature ?? 0xFF), 0)),
        _ => null,
    };

    private byte[] Supported()
    {
        var pages = new List<byte> { 0x00 };
        for (byte page = 1; page < 0x3F; page++)
        {
            if (Read(page, 0) is not null)
            {
                pages.Add(page);
            }
        }

        return [.. pages];
    }

    private static byte[] Errors(byte page, ulong[] counters)
    {
        var parameters = new List<byte>();
        for (int i = 0; i < counters.Length; i++)
        {
            parameters.AddRange(ScsiPages.Parameter((ushort)i, BoundedCounter, ScsiPages.BigEndian(counters[i])));
        }

        return ScsiPages.Log(page, [.. parameters]);
    }

    private byte[] Temperature(byte current)
    {
        byte[] now = ScsiPages.Parameter(0, BinaryList, 0, current);
        return ScsiPages.Log(0x0D, disk.TripTemperature is { } trip ? [.. now, .. ScsiPages.Parameter(1, BinaryList, 0, (byte)trip)] : now);
    }

    private byte[] StartStop()
    {
        byte[] date = Encoding.ASCII.GetBytes(disk.Manufactured.PadRight(6));
        byte[] parameters =
        [
            .. ScsiPages.Parameter(1, 0x01, date),
            .. ScsiPages.Parameter(3, BinaryList, ScsiPages.BigEndian(disk.SpecifiedStartStops)),
            .. ScsiPages.Parameter(4, BinaryList, ScsiPages.BigEndian(disk.StartStopCycles ?? 0)),
            .. ScsiPages.Parameter(5, BinaryList, ScsiPages.BigEndian(disk.SpecifiedLoadUnloads)),
            .. ScsiPages.Parameter(6, BinaryList, ScsiPages.BigEndian(disk.LoadUnloadCycles ?? 0)),
        ];
        return ScsiPages.Log(0x0E, parameters);
    }

    private byte[] SelfTests()
    {
        uint hours = (disk.PowerOnMinutes ?? 0) / 60;
        List<SelfTestDescription> tests =
        [
            .. run.Finished.Select(f => new SelfTestDescription(f.Type, (byte)(f.Aborted ? 0x01 : 0x00), hours, null)),
            .. disk.SelfTests,
        ];
        if (run.Running is not 0 and byte type)
        {
            tests.Insert(0, new SelfTestDescription(type, 0x0F, 0, null));
        }

        byte[] parameters = new byte[20 * 20];
        for (int i = 0; i < 20; i++)
        {
            Span<byte> p = parameters.AsSpan(20 * i, 20);
            (p[1], p[2], p[3]) = ((byte)(i + 1), BinaryList, 16);
            if (i >= tests.Count)
            {
                continue;
            }

            p[4] = (byte)((tests[i].Type << 5) | (tests[i].Result & 0x0F));
            BinaryPrimitives.WriteUInt16BigEndian(p[6..], (ushort)Math.Min(tests[i].Hours, ushort.MaxValue));
            BinaryPrimitives.WriteUInt64BigEndian(p[8..], tests[i].Lba ?? ulong.MaxValue);
            (p[16], p[17], p[18]) = tests[i].Lba is null ? ((byte)0, (byte)0, (byte)0) : ((byte)0x03, (byte)0x11, (byte)0x00);
        }

        return ScsiPages.Log(0x10, parameters);
    }

    private byte[] BackgroundScan(uint minutes)
    {
        byte[] value = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(value, minutes);
        value[5] = disk.BackgroundScanStatus;
        return ScsiPages.Log(0x15, ScsiPages.Parameter(0, BinaryList, value));
    }

    private byte[] Ports()
    {
        var parameters = new List<byte>();
        for (int i = 0; i < disk.Phys.Count; i++)
        {
            byte[] body = new byte[56];
            (body[0], body[2], body[3]) = (0x06, 1, 1);
            Span<byte> phy = body.AsSpan(4, 52);
            (phy[1], phy[3], phy[4], phy[5]) = ((byte)i, 48, 0x10, 0x0B);
            phy[6] = 0x08;
            BinaryPrimitives.WriteUInt64BigEndian(phy[8..], disk.Phys[i]);
            BinaryPrimitives.WriteUInt64BigEndian(phy[16..], 0x500056B300000000);
            parameters.AddRange(ScsiPages.Parameter((ushort)(i + 1), BinaryList, body));
        }

        return ScsiPages.Log(0x18, [.. parameters]);
    }
}
