namespace CimHost.Sdk.Hardware;

/// <summary>One IPMI answer.</summary>
/// <param name="CompletionCode">00h for success, else a code of IPMI 2.0 §5.2 or of the command.</param>
/// <param name="Data">Response data after the completion code.</param>
public readonly record struct IpmiResponse(byte CompletionCode, ReadOnlyMemory<byte> Data)
{
    /// <summary>True when the command succeeded.</summary>
    public bool IsSuccess => CompletionCode == 0;
}
