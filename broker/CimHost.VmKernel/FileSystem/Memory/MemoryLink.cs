namespace CimHost.VmKernel.FileSystem.Memory;

/// <summary>A symbolic link.</summary>
internal sealed class MemoryLink(MemoryFileSystem fileSystem, in NewFile file, Credentials owner) : MemoryInode(fileSystem, file, owner)
{
    private readonly string _target = file.Target ?? string.Empty;

    protected override long Size { get; } = FileNames.Length(file.Target);

    public override string ReadLink() => _target;
}
