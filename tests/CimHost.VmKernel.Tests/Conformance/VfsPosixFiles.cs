using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.FileSystem.Paging;

namespace CimHost.VmKernel.Tests.Conformance;

/// <summary>The calls on a tree of the host: by default on an in-memory file system.</summary>
internal class VfsPosixFiles(MountableFileSystem fileSystem) : IPosixFiles
{
    private readonly Vfs _vfs = new(fileSystem);
    private readonly Dictionary<int, VfsFile> _files = [];
    private VfsFile? _workingDirectory;
    private int _umask = 0x12;

    public VfsPosixFiles()
        : this(new MemoryFileSystem("conformance", new PageBudget(32 << 20), 32 << 20, rootMode: 0x1FF))
    {
    }

    public string Name => fileSystem.Statistics.Type;

    public Credentials User { get; set; } = Credentials.Root;

    private FileCaller Caller => new(User, _workingDirectory, _umask);

    public Task<int> UmaskAsync(int mask)
    {
        int old = _umask;
        _umask = mask;
        return Task.FromResult(old);
    }

    public Task ChangeDirectoryAsync(string path)
    {
        VfsFile directory = _vfs.OpenWorkingDirectory(Caller, path);
        _workingDirectory?.Release();
        _workingDirectory = directory;
        return Task.CompletedTask;
    }

    public Task<string> GetWorkingDirectoryAsync() => Task.FromResult(_workingDirectory is null ? "/" : Vfs.GetPath(_workingDirectory));

    public async Task<int> OpenAsync(string path, OpenFlags flags, int mode)
    {
        var file = (VfsFile)await _vfs.OpenAsync(Caller, path, flags, mode);
        int descriptor = 3;
        while (_files.ContainsKey(descriptor))
        {
            descriptor++;
        }

        _files[descriptor] = file;
        return descriptor;
    }

    public async Task CloseAsync(int descriptor)
    {
        VfsFile file = File(descriptor);
        _files.Remove(descriptor);
        await file.ReleaseAsync();
    }

    public async Task<int> ReadAsync(int descriptor, byte[] buffer) => await File(descriptor).ReadAsync(buffer);

    public async Task<int> WriteAsync(int descriptor, byte[] buffer) => await File(descriptor).WriteAsync(buffer);

    public async Task<int> ReadAtAsync(int descriptor, byte[] buffer, long offset) => await File(descriptor).ReadAtAsync(buffer, offset);

    public async Task<int> WriteAtAsync(int descriptor, byte[] buffer, long offset) => await File(descriptor).WriteAtAsync(buffer, offset);

    public async Task<long> SeekAsync(int descriptor, long offset, SeekOrigin origin) => await File(descriptor).SeekAsync(offset, origin);

    public async Task TruncateAsync(int descriptor, long size) => await File(descriptor).TruncateAsync(size);

    public async Task SyncAsync(int descriptor) => await File(descriptor).SyncAsync();

    public Task<FileStatus> StatusAsync(int descriptor) => Task.FromResult(File(descriptor).Status);

    public Task<FileStatus> StatusAsync(string path, bool follow) =>
        Task.FromResult(follow ? _vfs.Stat(Caller, path) : _vfs.LinkStat(Caller, path));

    public Task AccessAsync(string path, AccessRights rights)
    {
        _vfs.DemandAccess(Caller, path, rights);
        return Task.CompletedTask;
    }

    public Task MakeDirectoryAsync(string path, int mode) => _vfs.MakeDirectoryAsync(Caller, path, mode).AsTask();

    public Task RemoveDirectoryAsync(string path) => _vfs.RemoveDirectoryAsync(Caller, path).AsTask();

    public Task UnlinkAsync(string path) => _vfs.UnlinkAsync(Caller, path).AsTask();

    public Task LinkAsync(string existing, string path) => _vfs.LinkAsync(Caller, existing, path).AsTask();

    public Task SymbolicLinkAsync(string target, string path) => _vfs.SymbolicLinkAsync(Caller, target, path).AsTask();

    public Task<string> ReadLinkAsync(string path) => Task.FromResult(_vfs.ReadLink(Caller, path));

    public Task RenameAsync(string oldPath, string newPath) => _vfs.RenameAsync(Caller, oldPath, newPath).AsTask();

    public Task ChangeModeAsync(string path, int mode) => _vfs.ChangeModeAsync(Caller, path, mode).AsTask();

    public Task ChangeOwnerAsync(string path, int userId, int groupId, bool follow) =>
        _vfs.ChangeOwnerAsync(Caller, path, userId, groupId, follow).AsTask();

    public Task ChangeTimesAsync(string path, FileTimeChange access, FileTimeChange modification, bool follow) =>
        _vfs.ChangeTimesAsync(Caller, path, access, modification, follow).AsTask();

    public Task TruncateAsync(string path, long size) => _vfs.TruncateAsync(Caller, path, size).AsTask();

    public async Task<IReadOnlyList<string>> ListAsync(string path)
    {
        var directory = (VfsFile)await _vfs.OpenAsync(Caller, path, OpenFlags.O_DIRECTORY);
        var names = new List<string>();
        var entries = new DirectoryEntry[3];
        while (await directory.ReadDirectoryAsync(entries) is var count and > 0)
        {
            names.AddRange(entries.Take(count).Select(e => e.Name));
        }

        await directory.ReleaseAsync();
        return names;
    }

    public virtual ValueTask DisposeAsync()
    {
        foreach (VfsFile file in _files.Values)
        {
            file.Release();
        }

        GC.SuppressFinalize(this);
        return default;
    }

    private VfsFile File(int descriptor) =>
        _files.TryGetValue(descriptor, out VfsFile? file) ? file : throw new KernelException(Errno.EBADF, "not open");
}
