namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>The commands of an ATA disk (ACS-4).</summary>
internal sealed class AtaDisk(AtaDescription disk, SelfTestRun run)
{
    private const byte Ready = 0x50;
    private const ulong SmartSignature = 0xC24F00;
    private const ulong SmartExceeded = 0x2CF400;
    private readonly AtaLogs _logs = new(disk, run);
    private bool _awake = disk.PowerMode != "standby";

    /// <summary>Carries out a command: the registers become those of its end, and the data that it returns are the result.</summary>
    public byte[] Execute(ref AtaRegisters registers, ReadOnlySpan<byte> data)
    {
        _ = data;
        byte[]? answer = registers.Command switch
        {
            0xEC => Identify(),
            0xE5 => CheckPowerMode(ref registers),
            0xB0 => Smart(ref registers),
            0x2F when disk.GeneralPurposeLogging => _logs.Extended((byte)registers.Lba, (int)(((registers.Lba >> 8) & 0xFF) | ((registers.Lba >> 24) & 0xFF00)), registers.Count),
            _ => null,
        };

        // ABRT: the disk does not know the command, or not with these values.
        (registers.Error, registers.Status) = answer is null ? ((byte)0x04, (byte)(Ready | 0x01)) : ((byte)0, Ready);
        return answer ?? [];
    }

    /// <summary>IDENTIFY DEVICE data.</summary>
    public byte[] Identify() => AtaIdentify.Write(disk);

    // ACS-4 §7.4: 00h standby, 80h idle, FFh active or idle. Any command that needs the platters wakes the disk.
    private byte[] CheckPowerMode(ref AtaRegisters registers)
    {
        registers.Count = !_awake ? (ushort)0x00 : disk.PowerMode == "idle" ? (ushort)0x80 : (ushort)0xFF;
        return [];
    }

    private byte[]? Smart(ref AtaRegisters registers)
    {
        if ((registers.Lba & 0xFFFF00) != SmartSignature || (!disk.SmartEnabled && registers.Features != 0xD8))
        {
            return null;
        }

        // SMART data of most disks lie on the platters.
        _awake = true;
        switch (registers.Features)
        {
            case 0xD0:
                return _logs.SmartData();
            case 0xD1:
                return _logs.SmartThresholds();
            case 0xD4:
                return Offline((byte)registers.Lba);
            case 0xD5:
                return _logs.Smart((byte)registers.Lba, registers.Count);
            case 0xD8:
                return [];
            case 0xDA:
                registers.Lba = disk.Failing ? SmartExceeded : SmartSignature;
                return [];
            default:
                return null;
        }
    }

    // ACS-3 §7.53.5: 1 short, 2 extended, 3 conveyance, 7Fh abort.
    private byte[]? Offline(byte subcommand)
    {
        switch (subcommand)
        {
            case 0x01 or 0x02:
            case 0x03 when disk.ConveyanceTest:
                run.Start(subcommand, disk.SelfTestSeconds);
                return [];
            case 0x7F:
                run.Abort();
                return [];
            default:
                return null;
        }
    }
}
