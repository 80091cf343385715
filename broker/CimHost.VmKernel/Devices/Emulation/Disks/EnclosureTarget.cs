using System.Buffers.Binary;
using System.Text;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>An enclosure services device (SES-3): pages 00h, 01h, 02h, 07h and 0Ah.</summary>
internal sealed class EnclosureTarget(EnclosureDescription enclosure, SelfTestRun run) : IScsiTarget
{
    private const byte DeviceType = 0x0D;
    private const byte Slot = 0x17;
    private const uint Generation = 1;

    public SelfTestRun SelfTest => run;

    public ScsiResponse Execute(ReadOnlySpan<byte> cdb, ReadOnlySpan<byte> data) => cdb[0] switch
    {
        0x00 => ScsiSense.Good(),
        0x03 => ScsiSense.Good(ScsiSense.Fixed(0, 0, 0)),
        0x12 when (cdb[1] & 1) == 0 => ScsiSense.Good(ScsiPages.Inquiry(DeviceType, enclosure.Vendor, enclosure.Model, enclosure.Firmware)),
        0x12 => cdb[2] switch
        {
            0x00 => ScsiSense.Good(ScsiPages.Vpd(DeviceType, 0x00, [0x00, 0x80, 0x83])),
            0x80 => ScsiSense.Good(ScsiPages.Vpd(DeviceType, 0x80, Encoding.ASCII.GetBytes(enclosure.SerialNumber))),
            0x83 => ScsiSense.Good(ScsiPages.Vpd(DeviceType, 0x83, ScsiPages.Identification(enclosure.Wwn, enclosure.Vendor, enclosure.Model, enclosure.SerialNumber, 0))),
            _ => ScsiSense.InvalidField,
        },
        0x1C when (cdb[1] & 1) != 0 => cdb[2] switch
        {
            0x00 => ScsiSense.Good(new byte[] { 0x00, 0x00, 0x00, 0x05, 0x00, 0x01, 0x02, 0x07, 0x0A }),
            0x01 => ScsiSense.Good(Configuration()),
            0x02 => ScsiSense.Good(Status()),
            0x07 => ScsiSense.Good(Descriptors()),
            0x0A => ScsiSense.Good(Additional()),
            _ => ScsiSense.InvalidField,
        },
        _ => ScsiSense.InvalidOpcode,
    };

    private static byte[] Page(byte code, byte second, List<byte> body)
    {
        byte[] page = new byte[8 + body.Count];
        (page[0], page[1]) = (code, second);
        BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(2), (ushort)(4 + body.Count));
        BinaryPrimitives.WriteUInt32BigEndian(page.AsSpan(4), Generation);
        body.CopyTo(page, 8);
        return page;
    }

    // §6.1.2.
    private byte[] Configuration()
    {
        byte[] head = new byte[40];
        (head[0], head[2], head[3]) = (0x11, (byte)enclosure.Groups.Count, 36);
        BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(4), enclosure.Wwn);
        ScsiPages.Text(head.AsSpan(12, 8), enclosure.Vendor);
        ScsiPages.Text(head.AsSpan(20, 16), enclosure.Model);
        ScsiPages.Text(head.AsSpan(36, 4), enclosure.Firmware);
        var body = new List<byte>(head);
        enclosure.Groups.ForEach(g => body.AddRange([g.Type, (byte)g.Elements.Count, 0, (byte)Encoding.ASCII.GetByteCount(g.Text)]));
        enclosure.Groups.ForEach(g => body.AddRange(Encoding.ASCII.GetBytes(g.Text)));
        return Page(0x01, 0, body);
    }

    // §6.1.3: an overall element of each type comes before its elements; its fields say nothing.
    private byte[] Status()
    {
        var body = new List<byte>();
        byte worst = 0;
        foreach (ElementGroup group in enclosure.Groups)
        {
            body.AddRange([0, 0, 0, 0]);
            foreach (EnclosureElement element in group.Elements)
            {
                body.AddRange(element.Status);
                worst |= (element.Status[0] & 0x0F) switch { 2 => 0x02, 3 => 0x04, 4 => 0x01, _ => 0 };
            }
        }

        return Page(0x02, worst, body);
    }

    // §6.1.10.
    private byte[] Descriptors()
    {
        var body = new List<byte>();
        foreach (ElementGroup group in enclosure.Groups)
        {
            body.AddRange([0, 0, 0, 0]);
            foreach (EnclosureElement element in group.Elements)
            {
                byte[] name = Encoding.ASCII.GetBytes(element.Name);
                body.AddRange([0, 0, 0, (byte)name.Length, .. name]);
            }
        }

        return Page(0x07, 0, body);
    }

    // §6.1.13: SAS descriptors of the slots, with element indexes that do not count overall elements.
    private byte[] Additional()
    {
        var body = new List<byte>();
        int index = 0;
        foreach (ElementGroup group in enclosure.Groups)
        {
            for (int i = 0; i < group.Elements.Count; i++, index++)
            {
                if (group.Type != Slot)
                {
                    continue;
                }

                byte[] descriptor = new byte[36];
                (descriptor[0], descriptor[1], descriptor[3]) = (0x16, 34, (byte)index);
                (descriptor[4], descriptor[7]) = (1, (byte)i);
                Span<byte> phy = descriptor.AsSpan(8, 28);
                if (group.Elements[i].SasAddress != 0)
                {
                    (phy[0], phy[3]) = (0x10, 0x08);
                }

                BinaryPrimitives.WriteUInt64BigEndian(phy[4..], enclosure.Wwn);
                BinaryPrimitives.WriteUInt64BigEndian(phy[12..], group.Elements[i].SasAddress);
                body.AddRange(descriptor);
            }
        }

        return Page(0x0A, 0, body);
    }
}
