using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Host;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace CimHost.VmKernel.Tests.Conformance;

/// <summary>
/// The calls on the real Linux, by one thread that has a root directory, working directory, umask and user of its own. The C library would
/// change the user of all threads, so that these system calls are made directly.
/// </summary>
internal sealed partial class LinuxPosixFiles : IPosixFiles
{
    private const int OwnFileSystemView = 0x200; // CLONE_FS
    private const int EffectiveIds = 0x200; // AT_EACCESS
    private static readonly bool s_isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    private readonly string _directory = Directory.CreateTempSubdirectory("cimhost-posix-").FullName;
    private readonly BlockingCollection<Action> _calls = [];
    private readonly Thread _thread;
    private readonly HashSet<int> _open = [];
    private Credentials _current = Credentials.Root;

    public LinuxPosixFiles()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "root"));
        _thread = new Thread(Run) { IsBackground = true, Name = "posix calls" };
        _thread.Start();
    }

    /// <summary>Whether the tests may change their user and root directory.</summary>
    public static bool IsPossible => OperatingSystem.IsLinux() && EffectiveUserId() == 0;

    public string Name => "Linux";

    public Credentials User { get; set; } = Credentials.Root;

    public Task<int> UmaskAsync(int mask) => CallAsync(() => SetUmask(mask));

    public Task ChangeDirectoryAsync(string path) => CallAsync(() => Demand(SetDirectory(path)));

    public Task<string> GetWorkingDirectoryAsync() => CallAsync(CurrentDirectory);

    public Task<int> OpenAsync(string path, OpenFlags flags, int mode) => CallAsync(() =>
    {
        // An error is thrown before the handle exists; the descriptor itself is what the suite works with.
        SafeFileHandle handle = LinuxFileCalls.Open(LinuxFileCalls.WorkingDirectory, path, LinuxFileCalls.ToNative(flags), mode, path);
        int descriptor = (int)handle.DangerousGetHandle();
        handle.SetHandleAsInvalid();
        _open.Add(descriptor);
        return descriptor;
    });

    public Task CloseAsync(int descriptor) => CallAsync(() =>
    {
        // Another thread may have got the number meanwhile: only what is ours is closed.
        Demand(_open.Remove(descriptor) ? CloseFile(descriptor) : CloseFile(-1));
    });

    public Task<int> ReadAsync(int descriptor, byte[] buffer) => OnAsync(descriptor, buffer, (d, b, n) => ReadFile(d, b, n));

    public Task<int> WriteAsync(int descriptor, byte[] buffer) => OnAsync(descriptor, buffer, (d, b, n) => WriteFile(d, b, n));

    public Task<int> ReadAtAsync(int descriptor, byte[] buffer, long offset) => OnAsync(descriptor, buffer, (d, b, n) => ReadFileAt(d, b, n, offset));

    public Task<int> WriteAtAsync(int descriptor, byte[] buffer, long offset) => OnAsync(descriptor, buffer, (d, b, n) => WriteFileAt(d, b, n, offset));

    public Task<long> SeekAsync(int descriptor, long offset, SeekOrigin origin) => CallAsync(() => Demand(SeekFile(Own(descriptor), offset, (int)origin)));

    public Task TruncateAsync(int descriptor, long size) => CallAsync(() => Demand(TruncateFile(Own(descriptor), size)));

    public Task SyncAsync(int descriptor) => CallAsync(() => Demand(SyncFile(Own(descriptor))));

    public Task<FileStatus> StatusAsync(int descriptor) => CallAsync(() => LinuxFileCalls.Status(Own(descriptor), string.Empty, 0, "fstat"));

    public Task<FileStatus> StatusAsync(string path, bool follow) =>
        CallAsync(() => path.Length == 0
            ? throw new KernelException(Errno.ENOENT, "an empty path")
            : LinuxFileCalls.Status(LinuxFileCalls.WorkingDirectory, path, follow ? 0 : LinuxFileCalls.NoFollow, path));

    public Task AccessAsync(string path, AccessRights rights) =>
        CallAsync(() => Demand(Access(LinuxFileCalls.WorkingDirectory, path, (int)rights, EffectiveIds)));

    public Task MakeDirectoryAsync(string path, int mode) =>
        CallAsync(() => LinuxFileCalls.MakeDirectory(LinuxFileCalls.WorkingDirectory, path, mode, path));

    public Task RemoveDirectoryAsync(string path) =>
        CallAsync(() => LinuxFileCalls.Unlink(LinuxFileCalls.WorkingDirectory, path, LinuxFileCalls.RemoveDirectory, path));

    public Task UnlinkAsync(string path) => CallAsync(() => LinuxFileCalls.Unlink(LinuxFileCalls.WorkingDirectory, path, 0, path));

    public Task LinkAsync(string existing, string path) =>
        CallAsync(() => LinuxFileCalls.Link(LinuxFileCalls.WorkingDirectory, existing, LinuxFileCalls.WorkingDirectory, path, path));

    public Task SymbolicLinkAsync(string target, string path) =>
        CallAsync(() => LinuxFileCalls.SymbolicLink(target, LinuxFileCalls.WorkingDirectory, path, path));

    public Task<string> ReadLinkAsync(string path) => CallAsync(() => LinuxFileCalls.ReadLink(LinuxFileCalls.WorkingDirectory, path, path));

    public Task RenameAsync(string oldPath, string newPath) =>
        CallAsync(() => LinuxFileCalls.Rename(LinuxFileCalls.WorkingDirectory, oldPath, LinuxFileCalls.WorkingDirectory, newPath, newPath));

    public Task ChangeModeAsync(string path, int mode) =>
        CallAsync(() => LinuxFileCalls.ChangeMode(LinuxFileCalls.WorkingDirectory, path, mode, path));

    public Task ChangeOwnerAsync(string path, int userId, int groupId, bool follow) =>
        CallAsync(() => LinuxFileCalls.ChangeOwner(LinuxFileCalls.WorkingDirectory, path, userId, groupId, follow ? 0 : LinuxFileCalls.NoFollow, path));

    public Task ChangeTimesAsync(string path, FileTimeChange access, FileTimeChange modification, bool follow) =>
        CallAsync(() => LinuxFileCalls.ChangeTimes(
            LinuxFileCalls.WorkingDirectory, path, access, modification, follow ? 0 : LinuxFileCalls.NoFollow, path));

    public Task TruncateAsync(string path, long size) => CallAsync(() => Demand(TruncatePath(path, size)));

    public Task<IReadOnlyList<string>> ListAsync(string path) => CallAsync<IReadOnlyList<string>>(() =>
    {
        int flags = LinuxFileCalls.ToNative(OpenFlags.O_DIRECTORY);
        using SafeFileHandle directory = LinuxFileCalls.Open(LinuxFileCalls.WorkingDirectory, path, flags, 0, path);
        return [.. LinuxDirectory.Read(directory, path).Select(e => e.Name)];
    });

    public async ValueTask DisposeAsync()
    {
        await CallAsync(() =>
        {
            foreach (int descriptor in _open)
            {
                _ = CloseFile(descriptor);
            }
        });
        _calls.CompleteAdding();
        _thread.Join();
        Directory.Delete(_directory, recursive: true);
    }

    private void Run()
    {
        WarmUp();
        Demand(Unshare(OwnFileSystemView));
        Demand(ChangeRoot(Path.Combine(_directory, "root")));
        Demand(SetDirectory("/"));
        _ = SetUmask(0x12);
        LinuxFileCalls.ChangeMode(LinuxFileCalls.WorkingDirectory, "/", 0x1FF, "/");
        foreach (Action call in _calls.GetConsumingEnumerable())
        {
            call();
        }
    }

    // Assemblies and libraries that are needed cannot be found any more when "/" is the empty directory.
    private void WarmUp()
    {
        int flags = LinuxFileCalls.ToNative(OpenFlags.O_DIRECTORY);
        using (SafeFileHandle directory = LinuxFileCalls.Open(LinuxFileCalls.WorkingDirectory, _directory, flags, 0, _directory))
        {
            _ = string.Join(',', LinuxDirectory.Read(directory, _directory).Select(e => e.Name));
        }

        LinuxFileCalls.TryStatus(LinuxFileCalls.WorkingDirectory, _directory, 0, out _, out _);
        Become(Credentials.Root with { UserId = 1 });
        Become(Credentials.Root);
        Assert.Throws<KernelException>(() => LinuxFileCalls.ReadLink(LinuxFileCalls.WorkingDirectory, _directory, _directory));
    }

    private Task CallAsync(Action call) => CallAsync(() =>
    {
        call();
        return 0;
    });

    // The caller waits in its place: a continuation could make the pool start a thread from here, which would inherit the root directory.
    private Task<T> CallAsync<T>(Func<T> call)
    {
        Credentials user = User;
        T? result = default;
        Exception? failure = null;
        using var done = new ManualResetEventSlim();
        _calls.Add(() =>
        {
            try
            {
                Become(user);
                result = call();
            }
            catch (Exception e)
            {
                failure = e;
            }

            done.Set();
        });
        done.Wait();
        return failure is null ? Task.FromResult(result!) : Task.FromException<T>(failure);
    }

    private static unsafe string CurrentDirectory()
    {
        byte* buffer = stackalloc byte[4096];
        return GetDirectory(buffer, 4096) != 0 ? Marshal.PtrToStringUTF8((nint)buffer)! : throw LinuxFileCalls.Failure("getcwd");
    }

    private Task<int> OnAsync(int descriptor, byte[] buffer, Func<int, nint, nuint, nint> call) => CallAsync(() => On(descriptor, buffer, call));

    private unsafe int On(int descriptor, byte[] buffer, Func<int, nint, nuint, nint> call)
    {
        fixed (byte* bytes = buffer)
        {
            return (int)Demand(call(Own(descriptor), (nint)bytes, (nuint)buffer.Length));
        }
    }

    // The saved user id stays 0, which is the way back.
    private unsafe void Become(Credentials user)
    {
        if (user == _current)
        {
            return;
        }

        Demand(SystemCall(s_isArm ? 147 : 117, -1, 0, 0));
        int[] groups = [.. user.Groups];
        fixed (int* list = groups)
        {
            Demand(SystemCall(s_isArm ? 159 : 116, groups.Length, (nint)list, 0));
        }

        Demand(SystemCall(s_isArm ? 149 : 119, user.GroupId, user.GroupId, user.GroupId));
        Demand(SystemCall(s_isArm ? 147 : 117, user.UserId, user.UserId, 0));
        _current = user;
    }

    private int Own(int descriptor) => _open.Contains(descriptor) ? descriptor : -1;

    private static long Demand(long result) => result >= 0 ? result : throw LinuxFileCalls.Failure("call");

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial int EffectiveUserId();

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "chroot", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeRoot(string path);

    [LibraryImport("libc", EntryPoint = "chdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetDirectory(string path);

    [LibraryImport("libc", EntryPoint = "getcwd", SetLastError = true)]
    private static unsafe partial nint GetDirectory(byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial int SetUmask(int mask);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseFile(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadFile(int descriptor, nint buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteFile(int descriptor, nint buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint ReadFileAt(int descriptor, nint buffer, nuint length, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    private static partial nint WriteFileAt(int descriptor, nint buffer, nuint length, long offset);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long SeekFile(int descriptor, long offset, int origin);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int TruncateFile(int descriptor, long size);

    [LibraryImport("libc", EntryPoint = "truncate", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int TruncatePath(string path, long size);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFile(int descriptor);

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(int directory, string path, int rights, int flags);
}
