namespace CimHost.VmKernel.SystemCalls;

/// <summary>An open file that the system calls made themselves, a pipe or a socket: the file system knows nothing of it.</summary>
internal interface IKernelFile
{
    /// <summary>S_IFMT bits of its type.</summary>
    int FileType { get; }
}
