using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.SystemCalls.Protocol;

namespace CimHost.VmKernel.SystemCalls.Client;

/// <summary>Files by path.</summary>
public sealed partial class SystemCallClient
{
    /// <inheritdoc/>
    public ValueTask<int> OpenAsync(string path, OpenFlags flags, int mode = 0) =>
        CallAsync(SystemCallNumber.Open, w => w.Text(path).Int32((int)flags).Int32(mode), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<Stat> StatAsync(string path) =>
        CallAsync(SystemCallNumber.Stat, w => w.Text(path), CallValues.ReadStat);

    /// <inheritdoc/>
    public ValueTask<Stat> LstatAsync(string path) =>
        CallAsync(SystemCallNumber.Lstat, w => w.Text(path), CallValues.ReadStat);

    /// <inheritdoc/>
    public ValueTask AccessAsync(string path, AccessMode mode) =>
        CallAsync(SystemCallNumber.Access, w => w.Text(path).Int32((int)mode));

    /// <inheritdoc/>
    public ValueTask MkdirAsync(string path, int mode) =>
        CallAsync(SystemCallNumber.Mkdir, w => w.Text(path).Int32(mode));

    /// <inheritdoc/>
    public ValueTask RmdirAsync(string path) =>
        CallAsync(SystemCallNumber.Rmdir, w => w.Text(path));

    /// <inheritdoc/>
    public ValueTask UnlinkAsync(string path) =>
        CallAsync(SystemCallNumber.Unlink, w => w.Text(path));

    /// <inheritdoc/>
    public ValueTask LinkAsync(string existing, string path) =>
        CallAsync(SystemCallNumber.Link, w => w.Text(existing).Text(path));

    /// <inheritdoc/>
    public ValueTask SymlinkAsync(string target, string path) =>
        CallAsync(SystemCallNumber.Symlink, w => w.Text(target).Text(path));

    /// <inheritdoc/>
    public ValueTask<string> ReadlinkAsync(string path) =>
        CallAsync(SystemCallNumber.Readlink, w => w.Text(path), static r => r.Text());

    /// <inheritdoc/>
    public ValueTask RenameAsync(string oldPath, string newPath) =>
        CallAsync(SystemCallNumber.Rename, w => w.Text(oldPath).Text(newPath));

    /// <inheritdoc/>
    public ValueTask ChmodAsync(string path, int mode) =>
        CallAsync(SystemCallNumber.Chmod, w => w.Text(path).Int32(mode));

    /// <inheritdoc/>
    public ValueTask ChownAsync(string path, int user, int group) =>
        CallAsync(SystemCallNumber.Chown, w => w.Text(path).Int32(user).Int32(group));

    /// <inheritdoc/>
    public ValueTask LchownAsync(string path, int user, int group) =>
        CallAsync(SystemCallNumber.Lchown, w => w.Text(path).Int32(user).Int32(group));

    /// <inheritdoc/>
    public ValueTask UtimensAsync(string path, FileTime access, FileTime modification, bool follow = true) =>
        CallAsync(SystemCallNumber.Utimens, w => w.Text(path).Int64(access.Nanoseconds).Int64(modification.Nanoseconds).Boolean(follow));

    /// <inheritdoc/>
    public ValueTask TruncateAsync(string path, long length) =>
        CallAsync(SystemCallNumber.Truncate, w => w.Text(path).Int64(length));

    /// <inheritdoc/>
    public ValueTask ChdirAsync(string path) =>
        CallAsync(SystemCallNumber.Chdir, w => w.Text(path));

    /// <inheritdoc/>
    public ValueTask<string> GetcwdAsync() =>
        CallAsync(SystemCallNumber.Getcwd, static _ => { }, static r => r.Text());

    /// <inheritdoc/>
    public ValueTask<int> UmaskAsync(int mask) =>
        CallAsync(SystemCallNumber.Umask, w => w.Int32(mask), static r => r.Int32());

}
