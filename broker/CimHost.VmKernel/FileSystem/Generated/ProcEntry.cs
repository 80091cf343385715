namespace CimHost.VmKernel.FileSystem.Generated;

/// <summary>A file, link or directory of /proc.</summary>
public sealed class ProcEntry
{
    private const int FileMode = 0x124; // 0444
    private const int DirectoryMode = 0x16D; // 0555
    private const int LinkMode = 0x1FF; // 0777

    private static long s_lastNumber = 1;

    private ProcEntry(FileType type, int mode, int userId)
    {
        Type = type;
        Mode = mode;
        UserId = userId;
    }

    internal FileType Type { get; }

    internal int Mode { get; }

    internal int UserId { get; }

    internal ulong Number { get; } = (ulong)Interlocked.Increment(ref s_lastNumber);

    internal long Time { get; } = FileClock.Now;

    internal Func<string>? Content { get; private init; }

    internal IProcDirectory? Directory { get; private init; }

    /// <summary>A file whose content is made whenever it is opened.</summary>
    /// <param name="content">Makes the text; called from any thread. A <see cref="KernelException"/> becomes the error of open().</param>
    /// <param name="mode">Permission bits; everybody may read by default.</param>
    /// <param name="userId">Owner.</param>
    public static ProcEntry OfFile(Func<string> content, int mode = FileMode, int userId = 0) =>
        new(FileType.Regular, mode, userId) { Content = content };

    /// <summary>A symbolic link whose target is made whenever it is read.</summary>
    /// <param name="target">Makes the target.</param>
    public static ProcEntry OfLink(Func<string> target) => new(FileType.SymbolicLink, LinkMode, 0) { Content = target };

    /// <summary>A directory.</summary>
    /// <param name="directory">Finds its entries.</param>
    /// <param name="mode">Permission bits; everybody may list and search by default.</param>
    /// <param name="userId">Owner.</param>
    public static ProcEntry OfDirectory(IProcDirectory directory, int mode = DirectoryMode, int userId = 0) =>
        new(FileType.Directory, mode, userId) { Directory = directory };
}
