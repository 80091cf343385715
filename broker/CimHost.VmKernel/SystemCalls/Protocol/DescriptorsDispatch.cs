using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>Descriptors, reading and writing. How the kernel answers these requests.</summary>
internal static class DescriptorsDispatch
{
    /// <summary>For each call what is done: arguments are read from the request, the call is made, its results go to the answer.</summary>
    public static Dictionary<SystemCallNumber, SystemCallHandler> Handlers { get; } = new()
    {
        [SystemCallNumber.Close] = static async (k, r, w) => await k.CloseAsync(r.Int32()),
        [SystemCallNumber.Lseek] = static async (k, r, w) => w.Int64(await k.LseekAsync(r.Int32(), r.Int64(), (SeekOrigin)r.Int32())),
        [SystemCallNumber.Fstat] = static async (k, r, w) => CallValues.Write(w, await k.FstatAsync(r.Int32())),
        [SystemCallNumber.Ftruncate] = static async (k, r, w) => await k.FtruncateAsync(r.Int32(), r.Int64()),
        [SystemCallNumber.Fsync] = static async (k, r, w) => await k.FsyncAsync(r.Int32()),
        [SystemCallNumber.Readdir] = static async (k, r, w) => w.List(await k.ReaddirAsync(r.Int32(), r.Int64(), r.Int32()), CallValues.Write),
        [SystemCallNumber.Dup] = static async (k, r, w) => w.Int32(await k.DupAsync(r.Int32())),
        [SystemCallNumber.Dup2] = static async (k, r, w) => w.Int32(await k.Dup2Async(r.Int32(), r.Int32())),
        [SystemCallNumber.Fcntl] = static async (k, r, w) => w.Int32(await k.FcntlAsync(r.Int32(), (FcntlCommand)r.Int32(), r.Int32())),
        [SystemCallNumber.MemfdCreate] = static async (k, r, w) => w.Int32(await k.MemfdCreateAsync(r.Text(), (OpenFlags)r.Int32())),
        [SystemCallNumber.Pipe] = static async (k, r, w) =>
        {
            DescriptorPair result = await k.PipeAsync((OpenFlags)r.Int32());
            w.Int32(result.Read).Int32(result.Write);
        },
        [SystemCallNumber.Read] = static (k, r, w) =>
        {
            int descriptor = r.Int32();
            return Transfers.ReceiveAsync(w, r.Int32(), (k, descriptor), static (s, buffer) => s.k.ReadAsync(s.descriptor, buffer));
        },
        [SystemCallNumber.Pread] = static (k, r, w) =>
        {
            int descriptor = r.Int32();
            int length = r.Int32();
            return Transfers.ReceiveAsync(w, length, (k, descriptor, offset: r.Int64()), static (s, buffer) => s.k.PreadAsync(s.descriptor, buffer, s.offset));
        },
        [SystemCallNumber.Write] = static async (k, r, w) => w.Int32(await k.WriteAsync(r.Int32(), r.Bytes())),
        [SystemCallNumber.Pwrite] = static async (k, r, w) => w.Int32(await k.PwriteAsync(r.Int32(), r.Bytes(), r.Int64())),
        [SystemCallNumber.Poll] = static async (k, r, w) => w.List(
            await k.PollAsync(r.List(static x => new PollRequest(x.Int32(), (PollEvents)x.Int32())), r.Optional(static x => (TimeSpan?)new TimeSpan(x.Int64()))),
            static (to, e) => to.Int32((int)e)),
    };
}
