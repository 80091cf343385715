using Microsoft.Win32.SafeHandles;

namespace CimHost.VmKernel.FileSystem.Host;

/// <summary>The number of a descriptor that its owner keeps open during the call.</summary>
internal readonly record struct LinuxDirectoryHandle(int Number)
{
    public static implicit operator LinuxDirectoryHandle(int number) => new(number);

    public static implicit operator LinuxDirectoryHandle(SafeFileHandle handle) => new((int)handle.DangerousGetHandle());
}
