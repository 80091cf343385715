namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>The registers of an ATA command or of its end.</summary>
internal record struct AtaRegisters
{
    public ushort Features { get; set; }

    public ushort Count { get; set; }

    /// <summary>48 bits.</summary>
    public ulong Lba { get; set; }

    public byte Device { get; set; }

    public byte Command { get; set; }

    public byte Error { get; set; }

    public byte Status { get; set; }
}
