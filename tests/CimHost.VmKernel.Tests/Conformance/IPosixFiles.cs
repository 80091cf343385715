using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.Tests.Conformance;

/// <summary>
/// The file calls of POSIX as the conformance suite makes them: on the tree of the host or on the real Linux. "/" is an empty directory
/// that may be written by everybody. Errors are thrown as <see cref="KernelException"/>.
/// </summary>
public interface IPosixFiles : IAsyncDisposable
{
    /// <summary>Name in failures.</summary>
    string Name { get; }

    /// <summary>For whom the next calls are made.</summary>
    Credentials User { get; set; }

    Task<int> UmaskAsync(int mask);

    Task ChangeDirectoryAsync(string path);

    Task<string> GetWorkingDirectoryAsync();

    Task<int> OpenAsync(string path, OpenFlags flags, int mode);

    Task CloseAsync(int descriptor);

    Task<int> ReadAsync(int descriptor, byte[] buffer);

    Task<int> WriteAsync(int descriptor, byte[] buffer);

    Task<int> ReadAtAsync(int descriptor, byte[] buffer, long offset);

    Task<int> WriteAtAsync(int descriptor, byte[] buffer, long offset);

    Task<long> SeekAsync(int descriptor, long offset, SeekOrigin origin);

    Task TruncateAsync(int descriptor, long size);

    Task SyncAsync(int descriptor);

    Task<FileStatus> StatusAsync(int descriptor);

    Task<FileStatus> StatusAsync(string path, bool follow);

    Task AccessAsync(string path, AccessRights rights);

    Task MakeDirectoryAsync(string path, int mode);

    Task RemoveDirectoryAsync(string path);

    Task UnlinkAsync(string path);

    Task LinkAsync(string existing, string path);

    Task SymbolicLinkAsync(string target, string path);

    Task<string> ReadLinkAsync(string path);

    Task RenameAsync(string oldPath, string newPath);

    Task ChangeModeAsync(string path, int mode);

    Task ChangeOwnerAsync(string path, int userId, int groupId, bool follow);

    Task ChangeTimesAsync(string path, FileTimeChange access, FileTimeChange modification, bool follow);

    Task TruncateAsync(string path, long size);

    /// <summary>Names in a directory with "." and "..".</summary>
    Task<IReadOnlyList<string>> ListAsync(string path);
}
