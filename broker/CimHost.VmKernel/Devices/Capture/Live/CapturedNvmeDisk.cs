using System.Buffers.Binary;
using CimHost.VmKernel.Devices.Emulation.Disks;
using CimHost.VmKernel.Devices.Emulation.Live;

namespace CimHost.VmKernel.Devices.Capture.Live;

/// <summary>An NVMe controller: its SMART / health log (NVMe Base 2.0 §5.16.1.3).</summary>
internal sealed class CapturedNvmeDisk : CapturedDisk
{
    private const byte GetLogPage = 0x02, Health = 0x02;
    private const int Kelvin = 273, Shortest = 6;

    public CapturedNvmeDisk(CommandLog log)
    {
        byte[]? health = Data(log, r => IsHealth(r), Shortest);
        Description = new NvmeDescription
        {
            Name = log.Name,
            Location = log.Location,
            Model = string.Empty,
            SerialNumber = string.Empty,
            Firmware = string.Empty,
            Health = health is null ? new NvmeHealth() : new NvmeHealth
            {
                CriticalWarning = health[0],
                Temperature = BinaryPrimitives.ReadUInt16LittleEndian(health.AsSpan(1)) - Kelvin,
                AvailableSpare = health[3],
                PercentageUsed = health[5],
            },
        };
        Settable = health is null ? [] : DiskEdits.Settable(Description);
    }

    public override DiskDescription Description { get; }

    public override IReadOnlyList<string> Settable { get; }

    public override void Change(DiskDescription now, ReadOnlySpan<byte> request, Span<byte> data, Span<byte> sense)
    {
        if (now is NvmeDescription { Health: var health } && IsHealth(request) && data.Length >= Shortest)
        {
            (data[0], data[3], data[5]) = (health.CriticalWarning, health.AvailableSpare, health.PercentageUsed);
            BinaryPrimitives.WriteUInt16LittleEndian(data[1..], (ushort)(health.Temperature + Kelvin));
        }
    }

    // The log's identifier is the low byte of dword 10; dwords 12 and 13 are an offset (see CommandKeys).
    private static bool IsHealth(ReadOnlySpan<byte> request) => request.Length >= 21 && request[0] == GetLogPage && request[8] == Health && request[13..21].IndexOfAnyExcept((byte)0) < 0;
}
