namespace CimHost.VmKernel.FileSystem.Memory;

/// <summary>A device, FIFO or socket: only its name and rights are here.</summary>
internal sealed class MemorySpecial(MemoryFileSystem fileSystem, in NewFile file, Credentials owner) : MemoryInode(fileSystem, file, owner)
{
    public override ISpecialFile? Special { get; } = file.Special;
}
