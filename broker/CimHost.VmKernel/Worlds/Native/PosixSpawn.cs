using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace CimHost.VmKernel.Worlds.Native;

/// <summary>posix_spawn() and what belongs to it, of glibc on 64-bit Linux.</summary>
internal static unsafe partial class PosixSpawn
{
    private const int UnixDomain = 1;
    private const int StreamCloseOnExec = 1 | 0x80000;
    private const int Spacious = 1024;
    private const short SetSignalDefaults = 4;
    private const short SetSignalMask = 8;
    private const short SetSession = 0x80;
    private const int FirstOtherDescriptor = 4;
    private const int OfProcess = 1;
    private const int Stopped = 2;
    private const int Exited = 4;
    private const int LeaveWaitable = 0x01000000;
    private const int InfoCodeOffset = 8;
    private const int ChildStopped = 5;
    private const int Interrupted = 4;

    /// <summary>Two connected sockets: ours, and the descriptor of the other.</summary>
    /// <exception cref="KernelException">EMFILE, ENFILE.</exception>
    public static (Socket Ours, int Theirs) SocketPair()
    {
        int* pair = stackalloc int[2];
        Check(NativeSocketPair(UnixDomain, StreamCloseOnExec, 0, pair), "socketpair");
        return (new Socket(new SafeSocketHandle(pair[0], ownsHandle: true)), pair[1]);
    }

    /// <summary>Closes a descriptor.</summary>
    public static void Close(int descriptor) => _ = NativeClose(descriptor);

    /// <summary>Sends a signal.</summary>
    public static int Kill(int processId, int signal) => NativeKill(processId, signal);

    /// <summary>Starts a process.</summary>
    /// <returns>Its process id.</returns>
    /// <exception cref="KernelException">It cannot be started.</exception>
    public static int Run(string[] command, string[] environment, int output, int error, int systemCalls)
    {
        byte* actions = stackalloc byte[Spacious];
        byte* attributes = stackalloc byte[Spacious];
        CheckResult(FileActionsInit(actions), "posix_spawn_file_actions_init");
        CheckResult(AttributesInit(attributes), "posix_spawnattr_init");
        try
        {
            Prepare(actions, attributes, output, error, systemCalls);
            using var argv = new StringVector(command);
            using var envp = new StringVector(environment);
            int id;
            CheckResult(NativeSpawn(&id, argv.First, actions, attributes, argv.Pointer, envp.Pointer), "posix_spawn");
            return id;
        }
        finally
        {
            _ = FileActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
        }
    }

    /// <summary>Waits until a child has stopped or ended, and takes neither.</summary>
    /// <returns>Whether it has stopped.</returns>
    public static bool WaitForStopOrExit(int processId)
    {
        byte* info = stackalloc byte[Spacious];
        Wait(processId, info, Stopped | Exited | LeaveWaitable);
        return *(int*)(info + InfoCodeOffset) == ChildStopped;
    }

    /// <summary>Waits until a child has ended, and leaves it to be reaped.</summary>
    public static void WaitForExit(int processId)
    {
        byte* info = stackalloc byte[Spacious];
        Wait(processId, info, Exited | LeaveWaitable);
    }

    /// <summary>Reaps a child that has ended.</summary>
    public static (int Status, TimeSpan CpuTime, long PeakMemory) Reap(int processId)
    {
        int status = 0;
        long* usage = stackalloc long[Spacious / sizeof(long)];
        while (NativeWait4(processId, &status, 0, usage) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }

        // struct rusage starts with the user and the system time, each seconds and microseconds; then the largest resident set in KiB.
        return (status, TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]), usage[4] * 1024);
    }

    /// <summary>Sets soft and hard limit.</summary>
    /// <exception cref="KernelException">It cannot be set.</exception>
    public static void SetLimit(int processId, int resource, long value)
    {
        long* limit = stackalloc long[2];
        limit[0] = limit[1] = value;
        Check(NativeLimit(processId, resource, limit, null), "prlimit");
    }

    private static void Prepare(byte* actions, byte* attributes, int output, int error, int systemCalls)
    {
        byte* signals = stackalloc byte[Spacious];
        fixed (byte* empty = "/dev/null\0"u8)
        {
            CheckResult(FileActionsOpen(actions, 0, empty, 0, 0), "posix_spawn_file_actions_addopen");
        }

        CheckResult(FileActionsDup2(actions, output, 1), "posix_spawn_file_actions_adddup2");
        CheckResult(FileActionsDup2(actions, error, 2), "posix_spawn_file_actions_adddup2");
        CheckResult(FileActionsDup2(actions, systemCalls, 3), "posix_spawn_file_actions_adddup2");
        CheckResult(FileActionsCloseFrom(actions, FirstOtherDescriptor), "posix_spawn_file_actions_addclosefrom_np");
        fixed (byte* root = "/\0"u8)
        {
            CheckResult(FileActionsChdir(actions, root), "posix_spawn_file_actions_addchdir_np");
        }

        // A session of its own: no terminal, a process group, and a group for Linux' scheduler (sched(7), "The autogroup feature").
        CheckResult(AttributesSetFlags(attributes, SetSession | SetSignalDefaults | SetSignalMask), "posix_spawnattr_setflags");
        _ = SignalFillSet(signals);
        CheckResult(AttributesSetDefaults(attributes, signals), "posix_spawnattr_setsigdefault");
        _ = SignalEmptySet(signals);
        CheckResult(AttributesSetMask(attributes, signals), "posix_spawnattr_setsigmask");
    }

    private static void Wait(int processId, byte* info, int options)
    {
        while (NativeWaitId(OfProcess, processId, info, options) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }
    }

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            CheckResult(Marshal.GetLastPInvokeError(), call);
        }
    }

    private static void CheckResult(int error, string call)
    {
        if (error != 0)
        {
            throw new KernelException((Errno)error, $"The host's {call}() failed: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int NativeSocketPair(int domain, int type, int protocol, int* pair);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int NativeClose(int descriptor);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int NativeKill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int NativeWaitId(int kind, int processId, byte* info, int options);

    [LibraryImport("libc", EntryPoint = "wait4", SetLastError = true)]
    private static partial int NativeWait4(int processId, int* status, int options, long* usage);

    [LibraryImport("libc", EntryPoint = "prlimit64", SetLastError = true)]
    private static partial int NativeLimit(int processId, int resource, long* limit, long* old);

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int NativeSpawn(int* id, byte* path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int FileActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int FileActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    private static partial int FileActionsOpen(byte* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int FileActionsDup2(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static partial int FileActionsCloseFrom(byte* actions, int from);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    private static partial int FileActionsChdir(byte* actions, byte* path);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesSetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesSetDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int AttributesSetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int SignalFillSet(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int SignalEmptySet(byte* signals);

    /// <summary>A null-terminated array of C strings.</summary>
    private ref struct StringVector
    {
        private readonly byte** _strings;
        private readonly int _count;

        public StringVector(string[] strings)
        {
            _count = strings.Length;
            _strings = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
            for (int i = 0; i < _count; i++)
            {
                int length = Encoding.UTF8.GetByteCount(strings[i]);
                _strings[i] = (byte*)NativeMemory.AllocZeroed((nuint)length + 1);
                Encoding.UTF8.GetBytes(strings[i], new Span<byte>(_strings[i], length));
            }
        }

        public readonly byte** Pointer => _strings;

        public readonly byte* First => _strings[0];

        public readonly void Dispose()
        {
            for (int i = 0; i < _count; i++)
            {
                NativeMemory.Free(_strings[i]);
            }

            NativeMemory.Free(_strings);
        }
    }
}
