using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using CimHost.Endpoints.Files;
using CimHost.VmKernel;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Host;

namespace CimHost.Hosting.Files;

/// <summary>
/// Files below a directory of the kernel's tree, for callers whose privilege was checked. Every name is looked up in the directory opened
/// before it and no symbolic link is followed, so that nobody who may write there leads the host out of it, however quickly names change.
/// </summary>
internal sealed class VfsArea(Vfs files)
{
    private const int FileMode = 0x1A4; // 0644
    private const int MaxEntries = 10_000;

    private static readonly TimeSpan s_keptFor = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, bool> _uploading = new(StringComparer.Ordinal);

    /// <summary>The file; null when there is none.</summary>
    public async ValueTask<RemoteFile?> FindAsync(string root, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        try
        {
            VfsFile directory = await OpenAsync(root, names, names.Count - 1, cancellationToken);
            try
            {
                if (names.Count == 0)
                {
                    return Describe(string.Empty, directory.Status);
                }

                FileStatus status = files.LinkStat(new FileCaller(Credentials.Root, directory), names[^1]);
                return status.Type is FileType.Regular or FileType.Directory ? Describe(names[^1], status) : null;
            }
            finally
            {
                await directory.ReleaseAsync();
            }
        }
        catch (KernelException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }
        catch (KernelException e)
        {
            throw RemoteErrors.Of(e);
        }
    }

    /// <summary>Regular files and directories of a directory, by name; links and devices are not shown.</summary>
    public async IAsyncEnumerable<RemoteFile> ListAsync(string root, IReadOnlyList<string> names, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        VfsFile directory = await Guard(() => OpenAsync(root, names, names.Count, cancellationToken));
        try
        {
            List<string> found = await Guard(() => ReadNamesAsync(directory, cancellationToken));
            foreach (string name in found.Order(StringComparer.Ordinal))
            {
                if (!name.StartsWith(VfsUpload.Prefix, StringComparison.Ordinal) && TryDescribe(directory, name) is { } file)
                {
                    yield return file;
                }
            }
        }
        finally
        {
            await directory.ReleaseAsync();
        }
    }

    /// <summary>The content of a file.</summary>
    public ValueTask<Stream> ReadAsync(string root, IReadOnlyList<string> names, CancellationToken cancellationToken) => Guard<Stream>(async () =>
    {
        VfsFile directory = await OpenAsync(root, names, names.Count - 1, cancellationToken);
        try
        {
            return new VfsStream((VfsFile)await files.OpenAsync(new FileCaller(Credentials.Root, directory), names[^1], OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW, cancellationToken: cancellationToken));
        }
        finally
        {
            await directory.ReleaseAsync();
        }
    });

    /// <summary>Begins an upload.</summary>
    public ValueTask<IRemoteUpload> UploadAsync(string root, IReadOnlyList<string> names, long? total, CancellationToken cancellationToken) => Guard<IRemoteUpload>(async () =>
    {
        string name = names[^1];
        string temporary = VfsUpload.Prefix + (total is { } size
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{size} {name}"))))[..32]
            : Guid.NewGuid().ToString("N"));
        string key = $"{root}/{string.Join('/', names.SkipLast(1))}/{temporary}";
        if (!_uploading.TryAdd(key, true))
        {
            throw new RemoteFileException(StatusCodes.Status409Conflict, "This file is being uploaded already.");
        }

        VfsFile? directory = null;
        try
        {
            directory = await OpenAsync(root, names, names.Count - 1, cancellationToken);
            await RemoveForgottenAsync(directory, temporary, cancellationToken);
            OpenFlags flags = OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_NOFOLLOW | (total is null ? OpenFlags.O_EXCL : 0);
            var file = (VfsFile)await files.OpenAsync(new FileCaller(Credentials.Root, directory), temporary, flags, FileMode, cancellationToken);
            return new VfsUpload(files, directory, file, temporary, name, total is not null, () => _uploading.TryRemove(key, out _));
        }
        catch
        {
            directory?.Release();
            _uploading.TryRemove(key, out _);
            throw;
        }
    });

    /// <summary>Removes a file or an empty directory.</summary>
    public ValueTask<bool> DeleteAsync(string root, IReadOnlyList<string> names, bool isDirectory, CancellationToken cancellationToken) => Guard(async () =>
    {
        VfsFile directory = await OpenAsync(root, names, names.Count - 1, cancellationToken);
        try
        {
            var here = new FileCaller(Credentials.Root, directory);
            await (isDirectory ? files.RemoveDirectoryAsync(here, names[^1], cancellationToken) : files.UnlinkAsync(here, names[^1], cancellationToken));
            return true;
        }
        finally
        {
            await directory.ReleaseAsync();
        }
    });

    // The root may be a link that the kernel made (a datastore's label); below it none is followed.
    private async ValueTask<VfsFile> OpenAsync(string root, IReadOnlyList<string> names, int count, CancellationToken cancellationToken)
    {
        VfsFile directory = (VfsFile)await files.OpenAsync(FileCaller.Root, root, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, cancellationToken: cancellationToken);
        try
        {
            DemandShown(directory, root);
            for (int i = 0; i < count; i++)
            {
                OpenFile next = await files.OpenAsync(
                    new FileCaller(Credentials.Root, directory), names[i], OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW, cancellationToken: cancellationToken);
                directory.Release();
                directory = (VfsFile)next;
                DemandShown(directory, null);
            }

            return directory;
        }
        catch
        {
            directory.Release();
            throw;
        }
    }

    // Boot banks hold the hashes of the passwords. What is named as a volume has to be the root of one: a link in /vmfs/volumes that a
    // world of root made leads nowhere else.
    private static void DemandShown(VfsFile directory, string? root)
    {
        bool isVolume = root?.StartsWith(HostFiles.Volumes + "/", StringComparison.Ordinal) == true;
        if (directory.Mount.IsPrivate || (isVolume && !(directory.Mount.FileSystem is HostFileSystem && Vfs.GetPath(directory) == directory.Mount.Path)))
        {
            throw new KernelException(Errno.ENOENT, "There is no such file.");
        }
    }

    private static async ValueTask<List<string>> ReadNamesAsync(VfsFile directory, CancellationToken cancellationToken)
    {
        List<string> names = [];
        var entries = new DirectoryEntry[128];
        for (int count; (count = await directory.ReadDirectoryAsync(entries, cancellationToken)) > 0;)
        {
            names.AddRange(entries.Take(count).Select(e => e.Name).Where(n => n is not ("." or "..")));
            if (names.Count > MaxEntries)
            {
                throw new RemoteFileException(StatusCodes.Status507InsufficientStorage, $"The directory has more than {MaxEntries} entries and is not listed.");
            }
        }

        return names;
    }

    private RemoteFile? TryDescribe(VfsFile directory, string name)
    {
        try
        {
            FileStatus status = files.LinkStat(new FileCaller(Credentials.Root, directory), name);
            return status.Type is FileType.Regular or FileType.Directory ? Describe(name, status) : null;
        }
        catch (KernelException)
        {
            return null;
        }
    }

    // What was begun and not gone on with for a day.
    private async ValueTask RemoveForgottenAsync(VfsFile directory, string current, CancellationToken cancellationToken)
    {
        var here = new FileCaller(Credentials.Root, directory);
        long limit = (DateTimeOffset.UtcNow - s_keptFor).ToUnixTimeMilliseconds() * 1_000_000;
        foreach (string name in await ReadNamesAsync(directory, cancellationToken))
        {
            if (name.StartsWith(VfsUpload.Prefix, StringComparison.Ordinal) && name != current && files.LinkStat(here, name).ModificationTime < limit)
            {
                await files.UnlinkAsync(here, name, cancellationToken);
            }
        }
    }

    private static RemoteFile Describe(string name, FileStatus status) => new(
        name,
        status.IsDirectory,
        status.IsDirectory ? 0 : status.Size,
        DateTimeOffset.UnixEpoch.AddTicks(status.ModificationTime / 100),
        string.Create(CultureInfo.InvariantCulture, $"{status.Inode:x}-{status.ModificationTime:x}-{status.Size:x}"),
        true);

    private static async ValueTask<T> Guard<T>(Func<ValueTask<T>> action)
    {
        try
        {
            return await action();
        }
        catch (KernelException e)
        {
            throw RemoteErrors.Of(e);
        }
    }
}
