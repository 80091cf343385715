using CimHost.VmKernel.Devices.Emulation.Disks;
using CimHost.VmKernel.Devices.Emulation.Live;

namespace CimHost.VmKernel.Devices.Capture.Live;

/// <summary>What can be changed of a captured disk: the values in its answers whose place the specifications fix.</summary>
internal abstract class CapturedDisk
{
    private const byte Inquiry = 0x12, EnclosureServices = 0x0D;

    /// <summary>The disk as it was; what a change has no use for is empty.</summary>
    public abstract DiskDescription Description { get; }

    /// <summary>Names of what can be set: what the disk told, and what stands in its answers.</summary>
    public abstract IReadOnlyList<string> Settable { get; }

    /// <summary>Finds out what kind of disk it is.</summary>
    public static CapturedDisk Of(CommandLog log) =>
        log.Protocol == CommandLog.Nvme ? new CapturedNvmeDisk(log)
        : log.Exchanges.Values.Any(e => e.Rank == 2 && e.Request is [Inquiry, 0, ..] && e.Data.Length > 0 && (e.Data[0] & 0x1F) == EnclosureServices) ? new CapturedEnclosure(log)
        : log.Exchanges.Values.Any(e => e.Rank == 2 && AtaCommandIn.Of(e.Request) is not null) ? new CapturedAtaDisk(log)
        : new CapturedScsiDisk(log);

    /// <summary>Writes the values of a changed disk over an answer; one that tells none of them stays.</summary>
    /// <param name="now">The disk with changes.</param>
    /// <param name="request">The command.</param>
    /// <param name="data">Data of the answer, a copy.</param>
    /// <param name="sense">Sense data of the answer, a copy.</param>
    public abstract void Change(DiskDescription now, ReadOnlySpan<byte> request, Span<byte> data, Span<byte> sense);

    /// <summary>Of what can be set of a disk of that kind, what is not in <paramref name="without"/>.</summary>
    protected IReadOnlyList<string> SettableWithout(params ReadOnlySpan<string> without)
    {
        string[] left = [.. without];
        return [.. DiskEdits.Settable(Description).Except(left)];
    }

    /// <summary>Data of the first good answer to a command.</summary>
    protected static byte[]? Data(CommandLog log, Func<byte[], bool> command, int shortest) =>
        log.Exchanges.Values.FirstOrDefault(e => e.Rank == 2 && e.Data.Length >= shortest && command(e.Request))?.Data;
}
