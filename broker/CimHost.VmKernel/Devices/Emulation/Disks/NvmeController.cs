using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>An NVMe controller with one namespace (NVMe Base 2.0).</summary>
internal sealed class NvmeController(NvmeDescription disk, SelfTestRun run)
{
    private const ushort InvalidOpcode = 0x001;
    private const ushort InvalidField = 0x002;
    private const ushort InvalidNamespace = 0x00B;
    private const ushort InvalidLogPage = 0x109;

    public SelfTestRun SelfTest => run;

    public NvmeAdminResponse Execute(in NvmeAdminCommand command) => command.Opcode switch
    {
        0x02 => GetLogPage(command),
        0x06 => Identify(command),
        0x14 when disk.SupportsSelfTest => DeviceSelfTest(command.Dword10),
        _ => new NvmeAdminResponse(InvalidOpcode, 0, default),
    };

    private static NvmeAdminResponse Answer(byte[] data, in NvmeAdminCommand command)
    {
        byte[] returned = new byte[command.TransferLength];
        data.AsSpan(0, Math.Min(data.Length, returned.Length)).CopyTo(returned);
        return new NvmeAdminResponse(0, 0, returned);
    }

    private NvmeAdminResponse Identify(in NvmeAdminCommand command) => (command.Dword10 & 0xFF) switch
    {
        0x00 => command.NamespaceId == 1 ? Answer(Namespace(), command) : command.NamespaceId == uint.MaxValue ? Answer(new byte[4096], command) : new NvmeAdminResponse(InvalidNamespace, 0, default),
        0x01 => Answer(Controller(), command),
        0x02 => Answer([1, 0, 0, 0], command),
        0x03 => command.NamespaceId == 1 ? Answer(Descriptors(), command) : new NvmeAdminResponse(InvalidNamespace, 0, default),
        _ => new NvmeAdminResponse(InvalidField, 0, default),
    };

    // §5.17.2.1.
    private byte[] Controller()
    {
        byte[] data = new byte[4096];
        BinaryPrimitives.WriteUInt16LittleEndian(data, disk.VendorId);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2), disk.VendorId);
        ScsiPages.Text(data.AsSpan(4, 20), disk.SerialNumber);
        ScsiPages.Text(data.AsSpan(24, 40), disk.Model);
        ScsiPages.Text(data.AsSpan(64, 8), disk.Firmware);
        data[77] = 5;
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(80), 0x00020000);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(96), disk.EnduranceGroups.Count > 0 ? 0x10u : 0);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(256), (ushort)(disk.SupportsSelfTest ? 0x10 : 0));
        data[260] = (byte)(Math.Max(disk.FirmwareSlots.Count, 1) << 1);
        data[262] = 63;
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(266), Kelvin(disk.WarningTemperature));
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(268), Kelvin(disk.CriticalTemperature));
        BinaryPrimitives.WriteUInt128LittleEndian(data.AsSpan(280), disk.CapacityBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(316), (ushort)Math.Max(disk.SelfTestSeconds / 60, 1));
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(340), (ushort)(disk.EnduranceGroups.Count == 0 ? 0 : disk.EnduranceGroups.Max(g => g.Id)));
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(516), 1);
        return data;
    }

    // NVM Command Set 1.0 §4.1.5.1.
    private byte[] Namespace()
    {
        byte[] data = new byte[4096];
        ulong blocks = disk.CapacityBytes / (ulong)disk.LogicalBlock;
        BinaryPrimitives.WriteUInt64LittleEndian(data, blocks);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(8), blocks);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16), blocks / 2);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(102), (ushort)(disk.EnduranceGroups.Count == 0 ? 0 : disk.EnduranceGroups[0].Id));
        disk.Nguid.CopyTo(data, 104);
        BinaryPrimitives.WriteUInt64BigEndian(data.AsSpan(120), disk.Eui64);
        data[130] = (byte)int.Log2(disk.LogicalBlock);
        return data;
    }

    private byte[] Descriptors()
    {
        byte[] data = new byte[4096];
        int at = 0;
        if (disk.Eui64 != 0)
        {
            (data[0], data[1]) = (1, 8);
            BinaryPrimitives.WriteUInt64BigEndian(data.AsSpan(4), disk.Eui64);
            at = 12;
        }

        if (disk.Nguid.Any(b => b != 0))
        {
            (data[at], data[at + 1]) = (2, 16);
            disk.Nguid.CopyTo(data, at + 4);
        }

        return data;
    }

    private NvmeAdminResponse GetLogPage(in NvmeAdminCommand command)
    {
        uint specific = command.Dword11 >> 16;
        ulong offset = command.Dword12 | ((ulong)command.Dword13 << 32);
        byte[]? page = (byte)command.Dword10 switch
        {
            0x01 => ErrorLog(),
            0x02 => Health(),
            0x03 => FirmwareSlots(),
            0x06 when disk.SupportsSelfTest => SelfTestLog(),
            0x09 when disk.EnduranceGroups.Find(g => g.Id == specific) is { } group => EnduranceGroup(group),
            _ => null,
        };
        return page is null ? new NvmeAdminResponse(InvalidLogPage, 0, default)
            : offset > (ulong)page.Length ? new NvmeAdminResponse(InvalidField, 0, default)
            : Answer(page[(int)offset..], command);
    }

    // §5.16.1.3.
    private byte[] Health()
    {
        byte[] data = new byte[512];
        NvmeHealth h = disk.Health;
        data[0] = h.CriticalWarning;
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(1), (ushort)(h.Temperature + 273));
        (data[3], data[4], data[5], data[6]) = (h.AvailableSpare, h.SpareThreshold, h.PercentageUsed, h.EnduranceWarning);
        for (int i = 0; i < h.Counters.Length; i++)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(data.AsSpan(32 + (16 * i)), h.Counters[i]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(192), h.WarningMinutes);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(196), h.CriticalMinutes);
        for (int i = 0; i < h.Sensors.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(200 + (2 * i)), (ushort)(h.Sensors[i] + 273));
        }

        return data;
    }

    // §5.16.1.2.
    private byte[] ErrorLog()
    {
        byte[] data = new byte[64 * 64];
        for (int i = 0; i < disk.Errors.Count; i++)
        {
            NvmeError e = disk.Errors[i];
            Span<byte> entry = data.AsSpan(64 * i, 64);
            BinaryPrimitives.WriteUInt64LittleEndian(entry, e.Count);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[8..], e.Queue);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[10..], e.Command);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[12..], e.Status);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[14..], e.Location);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], e.Lba);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[24..], e.Namespace);
        }

        return data;
    }

    // §5.16.1.4.
    private byte[] FirmwareSlots()
    {
        byte[] data = new byte[512];
        data[0] = (byte)(disk.ActiveSlot | (disk.NextSlot << 4));
        for (int i = 0; i < disk.FirmwareSlots.Count; i++)
        {
            if (disk.FirmwareSlots[i].Length > 0)
            {
                ScsiPages.Text(data.AsSpan(8 + (8 * i), 8), disk.FirmwareSlots[i]);
            }
        }

        return data;
    }

    // §5.16.1.7.
    private byte[] SelfTestLog()
    {
        byte[] data = new byte[564];
        data[0] = run.Running;
        data[1] = (byte)run.Percent;
        ulong hours = (ulong)disk.Health.Counters[6];
        List<(byte Status, ulong Hours, ulong? Lba)> results =
        [
            .. run.Finished.Select(f => ((byte)((f.Type << 4) | (f.Aborted ? 1 : 0)), hours, (ulong?)null)),
            .. disk.SelfTests.Select(t => ((byte)((t.Type << 4) | t.Result), (ulong)t.Hours, t.Lba)),
        ];
        for (int i = 0; i < 20; i++)
        {
            Span<byte> entry = data.AsSpan(4 + (28 * i), 28);
            if (i >= results.Count)
            {
                entry[0] = 0x0F;
                continue;
            }

            (entry[0], entry[2]) = (results[i].Status, (byte)(results[i].Lba is null ? 0 : 0x03));
            BinaryPrimitives.WriteUInt64LittleEndian(entry[4..], results[i].Hours);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], 1);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], results[i].Lba ?? 0);
        }

        return data;
    }

    // §5.16.1.10.
    private static byte[] EnduranceGroup(NvmeEnduranceGroup group)
    {
        byte[] data = new byte[512];
        (data[0], data[3], data[4], data[5]) = (group.CriticalWarning, group.AvailableSpare, group.SpareThreshold, group.PercentageUsed);
        BinaryPrimitives.WriteUInt128LittleEndian(data.AsSpan(64), group.DataUnitsWritten);
        return data;
    }

    private NvmeAdminResponse DeviceSelfTest(uint code)
    {
        const ushort InProgress = 0x11D;
        switch (code & 0x0F)
        {
            case 1 or 2 when run.Running != 0:
                return new NvmeAdminResponse(InProgress, 0, default);
            case 1 or 2:
                run.Start((byte)(code & 0x0F), disk.SelfTestSeconds);
                return new NvmeAdminResponse(0, 0, default);
            case 0xF:
                run.Abort();
                return new NvmeAdminResponse(0, 0, default);
            default:
                return new NvmeAdminResponse(InvalidField, 0, default);
        }
    }

    private static ushort Kelvin(int celsius) => celsius == 0 ? (ushort)0 : (ushort)(celsius + 273);
}
