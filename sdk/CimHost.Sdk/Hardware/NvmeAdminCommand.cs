namespace CimHost.Sdk.Hardware;

/// <summary>One NVMe admin command (NVMe Base 2.0 §5): the command dwords that matter, without pointers.</summary>
/// <param name="Opcode">Operation code: 02h Get Log Page, 06h Identify, 14h Device Self-test…</param>
/// <param name="NamespaceId">Namespace, 0 for none, FFFFFFFFh for all.</param>
/// <param name="Direction">Which way the data go.</param>
/// <param name="TransferLength">Length of the data that the device returns, a multiple of 4; 0 unless they come from the device. At most <see cref="MaxTransfer"/>.</param>
public readonly record struct NvmeAdminCommand(byte Opcode, uint NamespaceId = 0, DataDirection Direction = DataDirection.None, int TransferLength = 0)
{
    /// <summary>Most bytes of data that one command carries.</summary>
    public const int MaxTransfer = 64 * 1024;

    /// <summary>Command dword 10.</summary>
    public uint Dword10 { get; init; }

    /// <summary>Command dword 11.</summary>
    public uint Dword11 { get; init; }

    /// <summary>Command dword 12.</summary>
    public uint Dword12 { get; init; }

    /// <summary>Command dword 13.</summary>
    public uint Dword13 { get; init; }

    /// <summary>Command dword 14.</summary>
    public uint Dword14 { get; init; }

    /// <summary>Command dword 15.</summary>
    public uint Dword15 { get; init; }

    /// <summary>Data for the device; empty unless they go to it.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>After what time the port gives the command up; zero for its own limit (10 s).</summary>
    public TimeSpan TimeLimit { get; init; }
}
