namespace CimHost.VmKernel.FileSystem;

/// <summary>What a write did.</summary>
/// <param name="Count">Bytes written.</param>
/// <param name="End">Offset behind them.</param>
internal readonly record struct FileWrite(int Count, long End)
{
    /// <summary>The offset that means the end of the file.</summary>
    public const long Append = -1;
}
