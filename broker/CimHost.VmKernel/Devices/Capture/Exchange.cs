namespace CimHost.VmKernel.Devices.Capture;

/// <summary>
/// A command to a management controller or a disk, and its answer. What the request holds: IPMI: network function, LUN, command, data; SCSI:
/// the command descriptor block; NVMe: operation code, namespace and dwords 10 to 15, big endian.
/// </summary>
/// <param name="Request">The command.</param>
internal sealed record Exchange(byte[] Request)
{
    /// <summary>Data that went to the device with the command (SCSI and NVMe).</summary>
    public byte[] Sent { get; init; } = [];

    /// <summary>Completion code (IPMI) or status; 0 for success.</summary>
    public int Status { get; init; }

    /// <summary>Command-specific result (NVMe).</summary>
    public uint Result { get; init; }

    /// <summary>Sense data (SCSI).</summary>
    public byte[] Sense { get; set; } = [];

    /// <summary>Data of the answer.</summary>
    public byte[] Data { get; set; } = [];

    /// <summary>Why there was no answer; null when there was one.</summary>
    public CapturedFault? Fault { get; init; }

    /// <summary>What identifies the command among those of a port.</summary>
    public string Key => KeyOf(Request, Sent);

    /// <summary>How good an answer is: 0 none, 1 a refusal, 2 success. A worse one never takes the place of a better one.</summary>
    public int Rank => Fault is not null ? 0 : Status != 0 ? 1 : 2;

    /// <summary>Bytes that it holds.</summary>
    public int Size => Request.Length + Sent.Length + Sense.Length + Data.Length;

    public static string KeyOf(ReadOnlySpan<byte> request, ReadOnlySpan<byte> sent) =>
        sent.IsEmpty ? Convert.ToHexString(request) : $"{Convert.ToHexString(request)}/{Convert.ToHexString(sent)}";
}
