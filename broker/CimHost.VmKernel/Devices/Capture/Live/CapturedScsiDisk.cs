using CimHost.VmKernel.Devices.Emulation.Disks;

namespace CimHost.VmKernel.Devices.Capture.Live;

/// <summary>A SCSI disk: its log pages (SPC-5 §7.3, SBC-4 §6.4).</summary>
internal sealed class CapturedScsiDisk : CapturedDisk
{
    private const byte LogSense = 0x4D, TemperaturePage = 0x0D, SolidStatePage = 0x11, ExceptionsPage = 0x2F;

    public CapturedScsiDisk(CommandLog log)
    {
        byte[]? exceptions = Data(log, r => IsPage(r, ExceptionsPage), 11);
        Description = new ScsiDescription
        {
            Name = log.Name,
            Location = log.Location,
            Model = string.Empty,
            SerialNumber = string.Empty,
            Firmware = string.Empty,
            Temperature = (Data(log, r => IsPage(r, TemperaturePage), 10) is { } page ? page[9] : exceptions?[10]) is { } celsius and not 0xFF ? celsius : null,
            PercentageUsed = Data(log, r => IsPage(r, SolidStatePage), 12)?[11],
            ExceptionCode = exceptions?[8] ?? 0,
            ExceptionQualifier = exceptions?[9] ?? 0,
        };
        var disk = (ScsiDescription)Description;
        Settable = SettableWithout("powerMode", "grownDefects", disk.Temperature is null ? "temperature" : string.Empty, disk.PercentageUsed is null ? "percentageUsed" : string.Empty);
    }

    public override DiskDescription Description { get; }

    public override IReadOnlyList<string> Settable { get; }

    public override void Change(DiskDescription now, ReadOnlySpan<byte> request, Span<byte> data, Span<byte> sense)
    {
        if (now is not ScsiDescription disk)
        {
            return;
        }

        if (IsPage(request, TemperaturePage) && data.Length >= 10 && disk.Temperature is { } celsius)
        {
            data[9] = (byte)celsius;
        }
        else if (IsPage(request, SolidStatePage) && data.Length >= 12 && disk.PercentageUsed is { } used)
        {
            data[11] = used;
        }
        else if (IsPage(request, ExceptionsPage) && data.Length >= 11)
        {
            (data[8], data[9]) = (disk.ExceptionCode, disk.ExceptionQualifier);
            data[10] = disk.Temperature is { } most && data[10] != 0xFF ? (byte)most : data[10];
        }
    }

    private static bool IsPage(ReadOnlySpan<byte> cdb, byte page) => cdb.Length >= 10 && cdb[0] == LogSense && (cdb[2] & 0x3F) == page && cdb[3] == 0;
}
