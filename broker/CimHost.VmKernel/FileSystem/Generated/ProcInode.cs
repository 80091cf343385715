using System.Text;

namespace CimHost.VmKernel.FileSystem.Generated;

/// <summary>An entry of /proc in its place.</summary>
internal sealed class ProcInode(ProcFs fileSystem, ProcEntry entry, ProcInode? parent, string name) : Inode
{
    // readdir() keeps 0 and 1 for dot and dot-dot; keys start behind.
    private const int FirstPosition = 2;

    public override MountableFileSystem FileSystem => fileSystem;

    public override FileType Type => entry.Type;

    public override FileOwnership Ownership => new(entry.Mode, entry.UserId, 0, entry.Type == FileType.Directory);

    public override Inode Parent => parent ?? this;

    public override bool TryCover(Mount mount) => false;

    public override FileStatus GetStatus() => new(
        fileSystem.Device, entry.Number, entry.Type, entry.Mode, entry.Type == FileType.Directory ? 2 : 1, entry.UserId, 0, 0, 0, 4096, 0,
        entry.Time, entry.Time, entry.Time);

    public override Inode? Lookup(ReadOnlySpan<char> child)
    {
        string wanted = child.ToString();
        return entry.Directory?.Find(wanted) is { } found ? new ProcInode(fileSystem, found, this, wanted) : null;
    }

    public override string? NameOf(Inode child) => child is ProcInode { Name: var known } && entry.Directory?.Find(known) is not null ? known : null;

    public override string ReadLink() => entry.Type == FileType.SymbolicLink ? entry.Content!() : base.ReadLink();

    public override IFileData OpenData(OpenFlags flags) => (flags & OpenFlags.O_ACCMODE) == OpenFlags.O_RDONLY
        ? new GeneratedData(Encoding.UTF8.GetBytes(entry.Content!()))
        : throw FileErrors.Of(Errno.EROFS, name);

    public override int ReadDirectory(long position, Span<DirectoryEntry> entries)
    {
        int count = 0;
        foreach ((long key, string child, ProcEntry found) in entry.Directory!.ListAfter(position - FirstPosition - 1))
        {
            if (count == entries.Length)
            {
                break;
            }

            entries[count++] = new DirectoryEntry(child, found.Number, found.Type, key + FirstPosition + 1);
        }

        return count;
    }

    private string Name => name;
}
