using System.Buffers.Binary;
using System.Text;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>A SCSI disk (SPC-5, SBC-4; SAS phys of SPL-4).</summary>
internal sealed class ScsiDisk(ScsiDescription disk, SelfTestRun run) : IScsiTarget
{
    private const byte DeviceType = 0x00;
    private readonly ScsiLogs _logs = new(disk, run);
    private bool _awake = disk.PowerMode != "standby";

    public SelfTestRun SelfTest => run;

    public ScsiResponse Execute(ReadOnlySpan<byte> cdb, ReadOnlySpan<byte> data)
    {
        switch (cdb[0])
        {
            case 0x00:
                return _awake ? ScsiSense.Good() : ScsiSense.Refuse(0x02, 0x04, 0x02);
            case 0x03:
                return ScsiSense.Good(RequestSense());
            case 0x12:
                return Inquiry(cdb);
            case 0x1D:
                return SendDiagnostic(cdb);
            case 0x37 or 0xB7:
                return ReadDefects(cdb);
            case 0x4D:
                // Log pages of a real disk may lie on its platters.
                _awake = true;
                return _logs.Read((byte)(cdb[2] & 0x3F), cdb[3]) is { } page ? ScsiSense.Good(page) : ScsiSense.InvalidField;
            case 0x9E when (cdb[1] & 0x1F) == 0x10:
                return ScsiSense.Good(ScsiPages.Capacity(disk));
            default:
                return ScsiSense.InvalidOpcode;
        }
    }

    // SPC-5 §6.40: a self-test in progress with its progress indication, or the power condition.
    private byte[] RequestSense()
    {
        if (run.Running != 0)
        {
            byte[] sense = ScsiSense.Fixed(0x00, 0x04, 0x09);
            sense[15] = 0x80;
            BinaryPrimitives.WriteUInt16BigEndian(sense.AsSpan(16), (ushort)(run.Percent * 65_536 / 100));
            return sense;
        }

        return !_awake ? ScsiSense.Fixed(0x00, 0x5E, 0x04) : disk.PowerMode == "idle" ? ScsiSense.Fixed(0x00, 0x5E, 0x01) : ScsiSense.Fixed(0, 0, 0);
    }

    private ScsiResponse Inquiry(ReadOnlySpan<byte> cdb)
    {
        if ((cdb[1] & 1) == 0)
        {
            return ScsiSense.Good(ScsiPages.Inquiry(DeviceType, disk.Vendor, disk.Model, disk.Firmware));
        }

        return cdb[2] switch
        {
            0x00 => Page(0x00, [0x00, 0x80, 0x83, 0xB0, 0xB1, 0xB2]),
            0x80 => Page(0x80, Encoding.ASCII.GetBytes(disk.SerialNumber)),
            0x83 => Page(0x83, ScsiPages.Identification(disk.Wwn, disk.Vendor, disk.Model, disk.SerialNumber, disk.Phys.Count > 0 ? disk.Phys[0] : 0)),
            0xB0 => Page(0xB0, BlockLimits()),
            0xB1 => Page(0xB1, ScsiPages.Characteristics(disk.RotationRate, 2)),
            0xB2 => Page(0xB2, [0x00, (byte)(disk.RotationRate == 1 ? 0xE0 : 0x00), 0x00, 0x00]),
            _ => ScsiSense.InvalidField,
        };

        static ScsiResponse Page(byte code, ReadOnlySpan<byte> body) => ScsiSense.Good(ScsiPages.Vpd(DeviceType, code, body));
    }

    // SBC-4 §6.6.4.
    private static byte[] BlockLimits()
    {
        byte[] body = new byte[60];
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(2), 8);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(4), 0x4000);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(8), 0x800);
        return body;
    }

    // SPC-5 §6.43: background short and extended self-tests, and their end.
    private ScsiResponse SendDiagnostic(ReadOnlySpan<byte> cdb)
    {
        switch (cdb[1] >> 5)
        {
            case 1 or 2:
                run.Start((byte)(cdb[1] >> 5), disk.SelfTestSeconds);
                return ScsiSense.Good();
            case 4:
                run.Abort();
                return ScsiSense.Good();
            default:
                return ScsiSense.InvalidField;
        }
    }

    // SBC-4 §5.21, §5.22: the length says how many descriptors there are, whatever the allocation length; 8 bytes each (long block).
    private ScsiResponse ReadDefects(ReadOnlySpan<byte> cdb)
    {
        bool twelve = cdb[0] == 0xB7;
        byte wanted = twelve ? cdb[1] : cdb[2];
        uint? grown = (wanted & 0x08) != 0 ? disk.GrownDefects : null, primary = (wanted & 0x10) != 0 ? disk.PrimaryDefects : null;
        if (grown is null && primary is null)
        {
            return ScsiSense.InvalidField;
        }

        uint length = ((grown ?? 0) + (primary ?? 0)) * 8;
        byte flags = (byte)((grown is null ? 0 : 0x08) | (primary is null ? 0 : 0x10) | 0x03);
        byte[] header = new byte[twelve ? 8 : 4];
        header[1] = flags;
        if (twelve)
        {
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), length);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)Math.Min(length, ushort.MaxValue));
        }

        return ScsiSense.Good(header);
    }
}
