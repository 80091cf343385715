using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>Files by path.</summary>
internal sealed partial class WorldSystemCalls
{
    private const int PermissionBits = 0xFFF;
    private const int UmaskBits = 0x1FF;

    /// <inheritdoc/>
    public async ValueTask<int> OpenAsync(string path, OpenFlags flags, int mode = 0)
    {
        await thread.EnterAsync();
        OpenFile file = await Files.OpenAsync(Context, path, flags & ~OpenFlags.O_CLOEXEC, mode & PermissionBits);
        return World.Descriptors.Add(file, (flags & OpenFlags.O_CLOEXEC) != 0);
    }

    /// <inheritdoc/>
    public async ValueTask<Stat> StatAsync(string path)
    {
        await thread.EnterAsync();
        return Files.Stat(Context, path);
    }

    /// <inheritdoc/>
    public async ValueTask<Stat> LstatAsync(string path)
    {
        await thread.EnterAsync();
        return Files.Lstat(Context, path);
    }

    /// <inheritdoc/>
    public async ValueTask AccessAsync(string path, AccessMode mode)
    {
        await thread.EnterAsync();
        if ((mode & ~(AccessMode.R_OK | AccessMode.W_OK | AccessMode.X_OK)) != 0)
        {
            throw new KernelException(Errno.EINVAL, $"access: unknown mode {(int)mode}.");
        }

        // access() asks for the real ids, unlike everything else (POSIX.1-2017 access()).
        Worlds.UserIdentity identity = World.Identity;
        Files.Access(Context with { Credentials = new Credentials(identity.RealUser, identity.RealGroup, identity.Groups) }, path, mode);
    }

    /// <inheritdoc/>
    public async ValueTask MkdirAsync(string path, int mode)
    {
        await thread.EnterAsync();
        await Files.MakeDirectoryAsync(Context, path, mode & PermissionBits);
    }

    /// <inheritdoc/>
    public async ValueTask RmdirAsync(string path)
    {
        await thread.EnterAsync();
        await Files.RemoveDirectoryAsync(Context, path);
    }

    /// <inheritdoc/>
    public async ValueTask UnlinkAsync(string path)
    {
        await thread.EnterAsync();
        await Files.UnlinkAsync(Context, path);
    }

    /// <inheritdoc/>
    public async ValueTask LinkAsync(string existing, string path)
    {
        await thread.EnterAsync();
        await Files.LinkAsync(Context, existing, path);
    }

    /// <inheritdoc/>
    public async ValueTask SymlinkAsync(string target, string path)
    {
        await thread.EnterAsync();
        await Files.SymlinkAsync(Context, target, path);
    }

    /// <inheritdoc/>
    public async ValueTask<string> ReadlinkAsync(string path)
    {
        await thread.EnterAsync();
        return Files.ReadLink(Context, path);
    }

    /// <inheritdoc/>
    public async ValueTask RenameAsync(string oldPath, string newPath)
    {
        await thread.EnterAsync();
        await Files.RenameAsync(Context, oldPath, newPath);
    }

    /// <inheritdoc/>
    public async ValueTask ChmodAsync(string path, int mode)
    {
        await thread.EnterAsync();
        await Files.ChangeModeAsync(Context, path, mode & PermissionBits);
    }

    /// <inheritdoc/>
    public async ValueTask ChownAsync(string path, int user, int group)
    {
        await thread.EnterAsync();
        await Files.ChangeOwnerAsync(Context, path, user, group, follow: true);
    }

    /// <inheritdoc/>
    public async ValueTask LchownAsync(string path, int user, int group)
    {
        await thread.EnterAsync();
        await Files.ChangeOwnerAsync(Context, path, user, group, follow: false);
    }

    /// <inheritdoc/>
    public async ValueTask UtimensAsync(string path, FileTime access, FileTime modification, bool follow = true)
    {
        await thread.EnterAsync();
        await Files.SetTimesAsync(Context, path, access, modification, follow);
    }

    /// <inheritdoc/>
    public async ValueTask TruncateAsync(string path, long length)
    {
        await thread.EnterAsync();
        await Files.TruncateAsync(Context, path, length);
    }

    /// <inheritdoc/>
    public async ValueTask ChdirAsync(string path)
    {
        await thread.EnterAsync();
        World.WorkingDirectory = Files.ResolveDirectory(Context, path);
    }

    /// <inheritdoc/>
    public async ValueTask<string> GetcwdAsync()
    {
        await thread.EnterAsync();
        return World.WorkingDirectory;
    }

    /// <inheritdoc/>
    public async ValueTask<int> UmaskAsync(int mask)
    {
        await thread.EnterAsync();
        int old = World.Umask;
        World.Umask = mask & UmaskBits;
        return old;
    }
}
