using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.SystemCalls.Protocol;

namespace CimHost.VmKernel.SystemCalls.Client;

/// <summary>Descriptors, reading and writing.</summary>
public sealed partial class SystemCallClient
{
    /// <inheritdoc/>
    public ValueTask CloseAsync(int descriptor) =>
        CallAsync(SystemCallNumber.Close, w => w.Int32(descriptor));

    /// <inheritdoc/>
    public ValueTask<long> LseekAsync(int descriptor, long offset, SeekOrigin origin) =>
        CallAsync(SystemCallNumber.Lseek, w => w.Int32(descriptor).Int64(offset).Int32((int)origin), static r => r.Int64());

    /// <inheritdoc/>
    public ValueTask<Stat> FstatAsync(int descriptor) =>
        CallAsync(SystemCallNumber.Fstat, w => w.Int32(descriptor), CallValues.ReadStat);

    /// <inheritdoc/>
    public ValueTask FtruncateAsync(int descriptor, long length) =>
        CallAsync(SystemCallNumber.Ftruncate, w => w.Int32(descriptor).Int64(length));

    /// <inheritdoc/>
    public ValueTask FsyncAsync(int descriptor) =>
        CallAsync(SystemCallNumber.Fsync, w => w.Int32(descriptor));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Dirent>> ReaddirAsync(int descriptor, long position, int count) =>
        CallAsync<IReadOnlyList<Dirent>>(SystemCallNumber.Readdir, w => w.Int32(descriptor).Int64(position).Int32(count), static r => r.List(CallValues.ReadDirent));

    /// <inheritdoc/>
    public ValueTask<int> DupAsync(int descriptor) =>
        CallAsync(SystemCallNumber.Dup, w => w.Int32(descriptor), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<int> Dup2Async(int descriptor, int target) =>
        CallAsync(SystemCallNumber.Dup2, w => w.Int32(descriptor).Int32(target), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<int> FcntlAsync(int descriptor, FcntlCommand command, int argument = 0) =>
        CallAsync(SystemCallNumber.Fcntl, w => w.Int32(descriptor).Int32((int)command).Int32(argument), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<DescriptorPair> PipeAsync(OpenFlags flags = 0) =>
        CallAsync(SystemCallNumber.Pipe, w => w.Int32((int)flags), static r => new DescriptorPair(r.Int32(), r.Int32()));

    /// <inheritdoc/>
    public ValueTask<int> MemfdCreateAsync(string name, OpenFlags flags = 0) =>
        CallAsync(SystemCallNumber.MemfdCreate, w => w.Text(name).Int32((int)flags), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(int descriptor, Memory<byte> buffer) =>
        ReceiveAsync(SystemCallNumber.Read, w => w.Int32(descriptor).Int32(Chunk(buffer.Length)), buffer);

    /// <inheritdoc/>
    public ValueTask<int> WriteAsync(int descriptor, ReadOnlyMemory<byte> buffer) =>
        CallAsync(SystemCallNumber.Write, w => w.Int32(descriptor).Bytes(buffer.Span[..Chunk(buffer.Length)]), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<int> PreadAsync(int descriptor, Memory<byte> buffer, long offset) =>
        ReceiveAsync(SystemCallNumber.Pread, w => w.Int32(descriptor).Int32(Chunk(buffer.Length)).Int64(offset), buffer);

    /// <inheritdoc/>
    public ValueTask<int> PwriteAsync(int descriptor, ReadOnlyMemory<byte> buffer, long offset) =>
        CallAsync(
            SystemCallNumber.Pwrite, w => w.Int32(descriptor).Bytes(buffer.Span[..Chunk(buffer.Length)]).Int64(offset), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PollEvents>> PollAsync(IReadOnlyList<PollRequest> requests, TimeSpan? timeout) =>
        CallAsync<IReadOnlyList<PollEvents>>(
            SystemCallNumber.Poll,
            w => w.List(requests, static (to, q) => to.Int32(q.Descriptor).Int32((int)q.Events)).OptionalValue(timeout, static (to, t) => to.Int64(t.Ticks)),
            static r => r.List(static x => (PollEvents)x.Int32()));
}
