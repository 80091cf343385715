using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>System calls that name files by path.</summary>
public interface IFileCalls
{
    /// <summary>open(): the lowest free descriptor.</summary>
    ValueTask<int> OpenAsync(string path, OpenFlags flags, int mode = 0);

    /// <summary>stat().</summary>
    ValueTask<Stat> StatAsync(string path);

    /// <summary>lstat().</summary>
    ValueTask<Stat> LstatAsync(string path);

    /// <summary>access().</summary>
    ValueTask AccessAsync(string path, AccessMode mode);

    /// <summary>mkdir().</summary>
    ValueTask MkdirAsync(string path, int mode);

    /// <summary>rmdir().</summary>
    ValueTask RmdirAsync(string path);

    /// <summary>unlink().</summary>
    ValueTask UnlinkAsync(string path);

    /// <summary>link().</summary>
    ValueTask LinkAsync(string existing, string path);

    /// <summary>symlink().</summary>
    ValueTask SymlinkAsync(string target, string path);

    /// <summary>readlink().</summary>
    ValueTask<string> ReadlinkAsync(string path);

    /// <summary>rename().</summary>
    ValueTask RenameAsync(string oldPath, string newPath);

    /// <summary>chmod().</summary>
    ValueTask ChmodAsync(string path, int mode);

    /// <summary>chown(); -1 leaves an id as it is.</summary>
    ValueTask ChownAsync(string path, int user, int group);

    /// <summary>lchown().</summary>
    ValueTask LchownAsync(string path, int user, int group);

    /// <summary>utimensat(); follow false: AT_SYMLINK_NOFOLLOW.</summary>
    ValueTask UtimensAsync(string path, FileTime access, FileTime modification, bool follow = true);

    /// <summary>truncate().</summary>
    ValueTask TruncateAsync(string path, long length);

    /// <summary>chdir().</summary>
    ValueTask ChdirAsync(string path);

    /// <summary>getcwd().</summary>
    ValueTask<string> GetcwdAsync();

    /// <summary>umask(): the old mask.</summary>
    ValueTask<int> UmaskAsync(int mask);
}
