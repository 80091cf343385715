using System.Buffers.Binary;
using System.Text;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>An ATA disk behind a SCSI/ATA translation (SAT-4), as libata and SAS HBAs have one.</summary>
internal sealed class SatTarget(AtaDescription disk, SelfTestRun run) : IScsiTarget
{
    private const byte DeviceType = 0x00;
    private readonly AtaDisk _ata = new(disk, run);

    public SelfTestRun SelfTest => run;

    public ScsiResponse Execute(ReadOnlySpan<byte> cdb, ReadOnlySpan<byte> data) => cdb[0] switch
    {
        0x00 => ScsiSense.Good(),
        0x03 => ScsiSense.Good(ScsiSense.Fixed(0, 0, 0)),
        0x12 => Inquiry(cdb),
        0x85 when cdb.Length == 16 => PassThrough(
            cdb,
            new AtaRegisters
            {
                Features = BinaryPrimitives.ReadUInt16BigEndian(cdb[3..]),
                Count = BinaryPrimitives.ReadUInt16BigEndian(cdb[5..]),
                Lba = cdb[8] | ((ulong)cdb[10] << 8) | ((ulong)cdb[12] << 16) | ((ulong)cdb[7] << 24) | ((ulong)cdb[9] << 32) | ((ulong)cdb[11] << 40),
                Device = cdb[13],
                Command = cdb[14],
            },
            data),
        0xA1 when cdb.Length == 12 => PassThrough(
            cdb,
            new AtaRegisters { Features = cdb[3], Count = cdb[4], Lba = cdb[5] | ((ulong)cdb[6] << 8) | ((ulong)cdb[7] << 16), Device = cdb[8], Command = cdb[9] },
            data),
        0x9E when (cdb[1] & 0x1F) == 0x10 => ScsiSense.Good(ScsiPages.Capacity(disk)),
        _ => ScsiSense.InvalidOpcode,
    };

    private ScsiResponse Inquiry(ReadOnlySpan<byte> cdb)
    {
        // SAT-4 §8.1.2: the vendor is "ATA", the product the first half of the model, the revision the second half of the firmware.
        if ((cdb[1] & 1) == 0)
        {
            return ScsiSense.Good(ScsiPages.Inquiry(DeviceType, "ATA", disk.Model, disk.Firmware.Length > 4 ? disk.Firmware[4..] : disk.Firmware));
        }

        return cdb[2] switch
        {
            0x00 => Page(0x00, [0x00, 0x80, 0x83, 0x89, 0xB1]),
            0x80 => Page(0x80, Encoding.ASCII.GetBytes(disk.SerialNumber.PadLeft(20))),
            0x83 => Page(0x83, ScsiPages.Identification(disk.Wwn, "ATA", disk.Model, disk.SerialNumber, 0)),
            0x89 => Page(0x89, AtaInformation()),
            0xB1 => Page(0xB1, ScsiPages.Characteristics(disk.RotationRate, 0)),
            _ => ScsiSense.InvalidField,
        };

        static ScsiResponse Page(byte code, ReadOnlySpan<byte> body) => ScsiSense.Good(ScsiPages.Vpd(DeviceType, code, body));
    }

    // SAT-4 §12.4.2: who translates, the device's signature, and its IDENTIFY DEVICE data.
    private byte[] AtaInformation()
    {
        byte[] body = new byte[568];
        ScsiPages.Text(body.AsSpan(4, 8), "linux");
        ScsiPages.Text(body.AsSpan(12, 16), "libata");
        ScsiPages.Text(body.AsSpan(28, 4), "3.00");
        (body[32], body[33], body[52]) = (0x34, 0x50, 0xEC);
        _ata.Identify().CopyTo(body, 56);
        return body;
    }

    private ScsiResponse PassThrough(ReadOnlySpan<byte> cdb, AtaRegisters registers, ReadOnlySpan<byte> data)
    {
        bool extended = cdb[0] == 0x85 && (cdb[1] & 1) != 0;
        bool registersWanted = (cdb[2] & 0x20) != 0;
        byte[] returned = _ata.Execute(ref registers, data);
        return registersWanted || (registers.Status & 1) != 0 ? ScsiSense.AtaReturn(registers, extended, returned) : ScsiSense.Good(returned);
    }
}
