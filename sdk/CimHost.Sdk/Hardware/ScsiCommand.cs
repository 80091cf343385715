namespace CimHost.Sdk.Hardware;

/// <summary>One SCSI command (SPC-5).</summary>
/// <param name="Cdb">Command descriptor block, 6 to 16 bytes.</param>
/// <param name="Direction">Which way the data go.</param>
/// <param name="TransferLength">Most bytes that the device may return; 0 unless the data come from the device. At most <see cref="MaxTransfer"/>.</param>
/// <param name="Data">Data for the device; empty unless they go to it.</param>
public readonly record struct ScsiCommand(
    ReadOnlyMemory<byte> Cdb,
    DataDirection Direction = DataDirection.None,
    int TransferLength = 0,
    ReadOnlyMemory<byte> Data = default)
{
    /// <summary>Most bytes of data that one command carries.</summary>
    public const int MaxTransfer = 64 * 1024;

    /// <summary>After what time the port gives the command up; zero for its own limit (10 s).</summary>
    public TimeSpan TimeLimit { get; init; }

    /// <summary>A command that returns data.</summary>
    public static ScsiCommand Read(ReadOnlyMemory<byte> cdb, int transferLength) => new(cdb, DataDirection.FromDevice, transferLength);
}
