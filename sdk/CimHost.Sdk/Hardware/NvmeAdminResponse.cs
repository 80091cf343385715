namespace CimHost.Sdk.Hardware;

/// <summary>One NVMe answer.</summary>
/// <param name="Status">Status field of the completion (NVMe Base 2.0 §3.3.3.2.1) without the phase tag: code type in bits 10:8, code in bits 7:0; 0 for success.</param>
/// <param name="Result">Command-specific result, completion dword 0.</param>
/// <param name="Data">What the device returned.</param>
public readonly record struct NvmeAdminResponse(ushort Status, uint Result, ReadOnlyMemory<byte> Data)
{
    /// <summary>True when the command succeeded.</summary>
    public bool IsSuccess => (Status & 0x7FF) == 0;
}
