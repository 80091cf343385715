namespace CimHost.VmKernel.FileSystem.Generated;

/// <summary>A device with its numbers and what opens it.</summary>
internal sealed class DeviceNode(FileType type, ulong rawDevice, Func<OpenFlags, Credentials, OpenFile> open) : ISpecialFile
{
    public FileType Type => type;

    public ulong RawDevice => rawDevice;

    public ValueTask<OpenFile> OpenAsync(OpenFlags flags, Credentials caller, CancellationToken cancellationToken) =>
        ValueTask.FromResult(open(flags, caller));
}
