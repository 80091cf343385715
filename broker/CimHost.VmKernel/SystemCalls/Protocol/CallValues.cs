using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls.Sockets;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>How the values of system calls stand in payloads: for each type a way to write and one to read it.</summary>
internal static class CallValues
{
    public static void Write(PayloadWriter w, Stat s) => w
        .Int64((long)s.Device).Int64((long)s.Inode).Int32(s.Mode).Int32(s.LinkCount).Int32(s.UserId).Int32(s.GroupId)
        .Int64((long)s.RawDevice).Int64(s.Size).Int64(s.Blocks).Int64(s.AccessTime).Int64(s.ModificationTime).Int64(s.ChangeTime);

    public static Stat ReadStat(PayloadReader r) => new(
        (ulong)r.Int64(), (ulong)r.Int64(), r.Int32(), r.Int32(), r.Int32(), r.Int32(),
        (ulong)r.Int64(), r.Int64(), r.Int64(), r.Int64(), r.Int64(), r.Int64());

    public static void Write(PayloadWriter w, Dirent d) => w.Text(d.Name).Int64((long)d.Inode).Int32(d.Type).Int64(d.Position);

    public static Dirent ReadDirent(PayloadReader r) => new(r.Text(), (ulong)r.Int64(), r.Int32(), r.Int64());

    public static void Write(PayloadWriter w, LoopbackAddress a) => w.Int32((int)a.Domain).Text(a.Name).Int32(a.Port);

    public static LoopbackAddress ReadAddress(PayloadReader r) => new((SocketDomain)r.Int32(), r.Text(), r.Int32());

    public static void Write(PayloadWriter w, IReadOnlyDictionary<string, string> environment) =>
        w.List(environment, static (to, v) => to.Text(v.Key).Text(v.Value));

    public static IReadOnlyDictionary<string, string> ReadEnvironment(PayloadReader r)
    {
        var environment = new Dictionary<string, string>();
        foreach ((string name, string value) in r.List(static from => (from.Text(), from.Text())))
        {
            environment[name] = value;
        }

        return environment;
    }

    public static void Write(PayloadWriter w, WaitResult result) =>
        w.Int32(result.WorldId).Int32(result.Status.Raw).Int64(result.ChildCpuTime.Ticks);

    public static WaitResult ReadWaitResult(PayloadReader r) => new(r.Int32(), new WaitStatus(r.Int32()), new TimeSpan(r.Int64()));

    /// <summary>An action without its handler, which stays in the process.</summary>
    public static void Write(PayloadWriter w, SignalAction a) =>
        w.Int32((int)a.Disposition).Int32(unchecked((int)a.Mask.Bits)).Int32((int)a.Flags);

    public static SignalAction ReadAction(PayloadReader r, SignalHandler? handler)
    {
        var disposition = (SignalDisposition)r.Int32();
        return new SignalAction(
            disposition, disposition == SignalDisposition.Handler ? handler : null, new SignalSet(unchecked((uint)r.Int32())), (SignalFlags)r.Int32());
    }

    public static void Write(PayloadWriter w, SpawnRequest s) => w
        .Text(s.Path)
        .List(s.Arguments, static (to, a) => to.Text(a))
        .Optional(s.Environment, static (to, e) => Write(to, e))
        .Optional(s.Name, static (to, n) => to.Text(n))
        .List(s.FileActions, static (to, a) => Write(to, a))
        .OptionalValue(s.ProcessGroup, static (to, g) => to.Int32(g))
        .Optional(s.Credentials, static (to, c) => to.Int32(c.UserId).Int32(c.GroupId).List(c.Groups, static (t, g) => t.Int32(g)))
        .OptionalValue(s.SignalMask, static (to, m) => to.Int32(unchecked((int)m.Bits)))
        .Int32(unchecked((int)s.DefaultSignals.Bits))
        .Optional(s.WorkingDirectory, static (to, d) => to.Text(d));

    public static SpawnRequest ReadSpawnRequest(PayloadReader r) => new(r.Text(), r.List(static from => from.Text()))
    {
        Environment = r.Optional(ReadEnvironment),
        Name = r.Optional(static from => from.Text()),
        FileActions = r.List(ReadFileAction),
        ProcessGroup = r.Optional(static from => (int?)from.Int32()),
        Credentials = r.Optional(static from => new Credentials(from.Int32(), from.Int32(), [.. from.List(static f => f.Int32())])),
        SignalMask = r.Optional(static from => (SignalSet?)new SignalSet(unchecked((uint)from.Int32()))),
        DefaultSignals = new SignalSet(unchecked((uint)r.Int32())),
        WorkingDirectory = r.Optional(static from => from.Text()),
    };

    private static void Write(PayloadWriter w, SpawnFileAction a) => w
        .Int32((int)a.Kind).Int32(a.Descriptor).Int32(a.Source).Text(a.Path ?? string.Empty).Int32((int)a.Flags).Int32(a.Mode);

    private static SpawnFileAction ReadFileAction(PayloadReader r)
    {
        var kind = (SpawnFileActionKind)r.Int32();
        int descriptor = r.Int32();
        int source = r.Int32();
        string path = r.Text();
        var flags = (OpenFlags)r.Int32();
        int mode = r.Int32();
        return kind switch
        {
            SpawnFileActionKind.Close => SpawnFileAction.Close(descriptor),
            SpawnFileActionKind.Dup2 => SpawnFileAction.Dup2(source, descriptor),
            SpawnFileActionKind.Open => SpawnFileAction.Open(descriptor, path, flags, mode),
            _ => throw new KernelException(Errno.EPROTO, $"There is no file action {(int)kind}."),
        };
    }
}
