using System.Text;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls.Memory;
using CimHost.VmKernel.SystemCalls.Pipes;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>Descriptors, reading and writing, pipes.</summary>
internal sealed partial class WorldSystemCalls
{
    private const int MostDirectoryEntries = 1024;
    private const int LongestMemoryName = 249;
    private const OpenFlags Changeable = OpenFlags.O_APPEND | OpenFlags.O_NONBLOCK;

    /// <inheritdoc/>
    public async ValueTask CloseAsync(int descriptor)
    {
        await thread.EnterAsync();
        World.Descriptors.Close(descriptor);
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(int descriptor, Memory<byte> buffer) =>
        WithFileAsync(descriptor, buffer, static (file, bytes, interrupt) => file.CanRead
            ? file.ReadAsync(bytes, interrupt)
            : throw new KernelException(Errno.EBADF, "The descriptor is not open for reading."));

    /// <inheritdoc/>
    public async ValueTask<int> WriteAsync(int descriptor, ReadOnlyMemory<byte> buffer)
    {
        try
        {
            return await WithFileAsync(descriptor, buffer, static (file, bytes, interrupt) => file.CanWrite
                ? file.WriteAsync(bytes, interrupt)
                : throw new KernelException(Errno.EBADF, "The descriptor is not open for writing."));
        }
        catch (KernelException broken) when (broken.Errno == Errno.EPIPE)
        {
            await RaiseAsync(Signal.SIGPIPE);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> PreadAsync(int descriptor, Memory<byte> buffer, long offset) =>
        WithFileAsync(descriptor, (Files, buffer, offset), static (file, s, interrupt) =>
        {
            CheckPosition(file, s.offset);
            return file is AnonymousMemory memory
                ? memory.ReadAtAsync(s.buffer, s.offset, interrupt)
                : s.Files.ReadAtAsync(file, s.buffer, s.offset, interrupt);
        });

    /// <inheritdoc/>
    public ValueTask<int> PwriteAsync(int descriptor, ReadOnlyMemory<byte> buffer, long offset) =>
        WithFileAsync(descriptor, (Files, buffer, offset), static (file, s, interrupt) =>
        {
            CheckPosition(file, s.offset);
            return file is AnonymousMemory memory
                ? memory.WriteAtAsync(s.buffer, s.offset, interrupt)
                : s.Files.WriteAtAsync(file, s.buffer, s.offset, interrupt);
        });

    /// <inheritdoc/>
    public ValueTask<long> LseekAsync(int descriptor, long offset, SeekOrigin origin) =>
        WithFileAsync(descriptor, (Files, offset, origin), static (file, s, interrupt) =>
        {
            CheckPosition(file, 0);
            return s.origin is < SeekOrigin.Begin or > SeekOrigin.End
                ? throw new KernelException(Errno.EINVAL, $"lseek: {(int)s.origin} is none of its origins.")
                : file is AnonymousMemory memory ? memory.SeekAsync(s.offset, s.origin, interrupt)
                : s.Files.SeekAsync(file, s.offset, s.origin, interrupt);
        });

    /// <inheritdoc/>
    public ValueTask<Stat> FstatAsync(int descriptor) =>
        WithFileAsync(descriptor, (Files, World.Credentials), static (file, s) => file is IKernelFile own
            ? new Stat(0, 0, own.FileType | 0x180, 1, s.Credentials.UserId, s.Credentials.GroupId, 0, 0, 0, 0, 0, 0)
            : file is AnonymousMemory memory ? memory.Status : s.Files.Fstat(file));

    /// <inheritdoc/>
    public async ValueTask FtruncateAsync(int descriptor, long length) =>
        await WithFileAsync(descriptor, (Files, length), static async (file, s, interrupt) =>
        {
            if (file is IKernelFile)
            {
                throw new KernelException(Errno.EINVAL, "A pipe or socket cannot be truncated.");
            }

            await (file is AnonymousMemory memory ? memory.TruncateAsync(s.length, interrupt) : s.Files.TruncateAsync(file, s.length));
            return true;
        });

    /// <inheritdoc/>
    public async ValueTask FsyncAsync(int descriptor) =>
        await WithFileAsync(descriptor, Files, static async (file, files, _) =>
        {
            if (file is IKernelFile)
            {
                throw new KernelException(Errno.EINVAL, "A pipe or socket is kept nowhere.");
            }

            if (file is not AnonymousMemory)
            {
                await files.SyncAsync(file);
            }

            return true;
        });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Dirent>> ReaddirAsync(int descriptor, long position, int count) =>
        WithFileAsync(descriptor, (Files, position, count), static (file, s, interrupt) => file is IKernelFile or AnonymousMemory
            ? throw new KernelException(Errno.ENOTDIR, "The descriptor is not a directory.")
            : s.Files.ReadDirectoryAsync(file, s.position, Math.Clamp(s.count, 0, MostDirectoryEntries), interrupt));

    /// <inheritdoc/>
    public async ValueTask<int> DupAsync(int descriptor)
    {
        await thread.EnterAsync();
        return World.Descriptors.Duplicate(descriptor, 0, closeOnExec: false);
    }

    /// <inheritdoc/>
    public async ValueTask<int> Dup2Async(int descriptor, int target)
    {
        await thread.EnterAsync();
        return World.Descriptors.DuplicateTo(descriptor, target);
    }

    /// <inheritdoc/>
    public async ValueTask<int> FcntlAsync(int descriptor, FcntlCommand command, int argument = 0)
    {
        await thread.EnterAsync();
        Worlds.DescriptorTable table = World.Descriptors;
        switch (command)
        {
            case FcntlCommand.F_DUPFD or FcntlCommand.F_DUPFD_CLOEXEC:
                return table.Duplicate(descriptor, argument, command == FcntlCommand.F_DUPFD_CLOEXEC);
            case FcntlCommand.F_GETFD:
                return table.ClosesOnExec(descriptor) ? 1 : 0;
            case FcntlCommand.F_SETFD:
                table.SetCloseOnExec(descriptor, (argument & 1) != 0);
                return 0;
            case FcntlCommand.F_GETFL:
                return await WithFileAsync(descriptor, 0, static (file, _) => (int)file.Flags);
            case FcntlCommand.F_SETFL:
                return await WithFileAsync(descriptor, argument, static (file, flags) =>
                {
                    file.Flags = (file.Flags & ~Changeable) | ((OpenFlags)flags & Changeable);
                    return 0;
                });
            default:
                throw new KernelException(Errno.EINVAL, $"fcntl: there is no command {(int)command}.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask<DescriptorPair> PipeAsync(OpenFlags flags = 0)
    {
        await thread.EnterAsync();
        if ((flags & ~(OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC)) != 0)
        {
            throw new KernelException(Errno.EINVAL, $"pipe: flags {flags} are not for pipes.");
        }

        bool closeOnExec = (flags & OpenFlags.O_CLOEXEC) != 0;
        var pipe = new PipeBuffer(World.Memory);
        var writer = new PipeWriter(pipe, flags & OpenFlags.O_NONBLOCK);
        int read;
        try
        {
            read = World.Descriptors.Add(new PipeReader(pipe, flags & OpenFlags.O_NONBLOCK), closeOnExec);
        }
        catch
        {
            writer.Release();
            throw;
        }

        try
        {
            return new DescriptorPair(read, World.Descriptors.Add(writer, closeOnExec));
        }
        catch
        {
            World.Descriptors.TryClose(read);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> MemfdCreateAsync(string name, OpenFlags flags = 0)
    {
        await thread.EnterAsync();
        if ((flags & ~OpenFlags.O_CLOEXEC) != 0 || Encoding.UTF8.GetByteCount(name) > LongestMemoryName)
        {
            throw new KernelException(Errno.EINVAL, $"memfd_create: flags {flags}, or a name above {LongestMemoryName} bytes.");
        }

        WorldMemory memory = Table.Options.Memory
            ?? throw new KernelException(Errno.ENOSYS, "This kernel has no memory for worlds (memfd_create).");
        return World.Descriptors.Add(await memory.CreateAsync(World.Credentials, World.Memory), (flags & OpenFlags.O_CLOEXEC) != 0);
    }

    private static void CheckPosition(OpenFile file, long offset)
    {
        if (file is IKernelFile)
        {
            throw new KernelException(Errno.ESPIPE, "A pipe or socket has no position.");
        }

        if (offset < 0)
        {
            throw new KernelException(Errno.EINVAL, $"The position {offset} is negative.");
        }
    }
}
