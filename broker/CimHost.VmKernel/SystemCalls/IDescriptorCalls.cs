using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>System calls on descriptors.</summary>
public interface IDescriptorCalls
{
    /// <summary>close().</summary>
    ValueTask CloseAsync(int descriptor);

    /// <summary>read(): 0 at the end.</summary>
    ValueTask<int> ReadAsync(int descriptor, Memory<byte> buffer);

    /// <summary>write().</summary>
    ValueTask<int> WriteAsync(int descriptor, ReadOnlyMemory<byte> buffer);

    /// <summary>pread().</summary>
    ValueTask<int> PreadAsync(int descriptor, Memory<byte> buffer, long offset);

    /// <summary>pwrite().</summary>
    ValueTask<int> PwriteAsync(int descriptor, ReadOnlyMemory<byte> buffer, long offset);

    /// <summary>lseek().</summary>
    ValueTask<long> LseekAsync(int descriptor, long offset, SeekOrigin origin);

    /// <summary>fstat().</summary>
    ValueTask<Stat> FstatAsync(int descriptor);

    /// <summary>ftruncate().</summary>
    ValueTask FtruncateAsync(int descriptor, long length);

    /// <summary>fsync().</summary>
    ValueTask FsyncAsync(int descriptor);

    /// <summary>readdir(): at most <paramref name="count"/> entries from a position (0: the start); empty at the end.</summary>
    ValueTask<IReadOnlyList<Dirent>> ReaddirAsync(int descriptor, long position, int count);

    /// <summary>dup().</summary>
    ValueTask<int> DupAsync(int descriptor);

    /// <summary>dup2().</summary>
    ValueTask<int> Dup2Async(int descriptor, int target);

    /// <summary>fcntl().</summary>
    ValueTask<int> FcntlAsync(int descriptor, FcntlCommand command, int argument = 0);

    /// <summary>pipe(), with O_NONBLOCK and O_CLOEXEC as flags.</summary>
    ValueTask<DescriptorPair> PipeAsync(OpenFlags flags = 0);

    /// <summary>
    /// memfd_create() of Linux and FreeBSD, as POSIX has no anonymous memory without a name: memory that is charged to the world, read,
    /// written and resized by descriptor, shared with children, and gone with the last descriptor. Cold pages of it are swapped.
    /// </summary>
    /// <param name="name">For people only, up to 249 bytes.</param>
    /// <param name="flags">O_CLOEXEC or nothing.</param>
    ValueTask<int> MemfdCreateAsync(string name, OpenFlags flags = 0);

    /// <summary>poll(): waits until a descriptor is ready.</summary>
    /// <param name="requests">Descriptors (negative ones are skipped) and what each is to be ready for; at most as many as RLIMIT_NOFILE.</param>
    /// <param name="timeout">How long; null: for ever.</param>
    /// <returns>What each is ready for, in the same order; all empty when the time has passed.</returns>
    ValueTask<IReadOnlyList<PollEvents>> PollAsync(IReadOnlyList<PollRequest> requests, TimeSpan? timeout);
}
