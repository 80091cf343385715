using System.Collections.Frozen;
using CimHost.VmKernel.Signals;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>System calls by name.</summary>
internal static class NamedCalls
{
    private static readonly FrozenDictionary<string, (int Count, Func<ISystemCalls, IReadOnlyList<long>, ValueTask<long>> Run)> s_calls =
        new Dictionary<string, (int, Func<ISystemCalls, IReadOnlyList<long>, ValueTask<long>>)>
        {
            ["getpid"] = (0, static async (k, _) => await k.GetpidAsync()),
            ["getppid"] = (0, static async (k, _) => await k.GetppidAsync()),
            ["getpgrp"] = (0, static async (k, _) => await k.GetpgidAsync(0)),
            ["getpgid"] = (1, static async (k, a) => await k.GetpgidAsync(Int(a[0]))),
            ["getuid"] = (0, static async (k, _) => await k.GetuidAsync()),
            ["geteuid"] = (0, static async (k, _) => await k.GeteuidAsync()),
            ["getgid"] = (0, static async (k, _) => await k.GetgidAsync()),
            ["getegid"] = (0, static async (k, _) => await k.GetegidAsync()),
            ["umask"] = (1, static async (k, a) => await k.UmaskAsync(Int(a[0]))),
            ["alarm"] = (1, static async (k, a) => await k.AlarmAsync(Int(a[0]))),
            ["dup"] = (1, static async (k, a) => await k.DupAsync(Int(a[0]))),
            ["dup2"] = (2, static async (k, a) => await k.Dup2Async(Int(a[0]), Int(a[1]))),
            ["lseek"] = (3, static async (k, a) => await k.LseekAsync(Int(a[0]), a[1], (SeekOrigin)Int(a[2]))),
            ["pthread_self"] = (0, static async (k, _) => await k.ThreadSelfAsync()),
            ["pthread_join"] = (1, static async (k, a) => await k.ThreadJoinAsync(Int(a[0]))),
            ["close"] = (1, static (k, a) => Zero(k.CloseAsync(Int(a[0])))),
            ["fsync"] = (1, static (k, a) => Zero(k.FsyncAsync(Int(a[0])))),
            ["ftruncate"] = (2, static (k, a) => Zero(k.FtruncateAsync(Int(a[0]), a[1]))),
            ["kill"] = (2, static (k, a) => Zero(k.KillAsync(Int(a[0]), (Signal)Int(a[1])))),
            ["pause"] = (0, static (k, _) => Zero(k.PauseAsync())),
            ["setpgid"] = (2, static (k, a) => Zero(k.SetpgidAsync(Int(a[0]), Int(a[1])))),
            ["setuid"] = (1, static (k, a) => Zero(k.SetuidAsync(Int(a[0])))),
            ["seteuid"] = (1, static (k, a) => Zero(k.SeteuidAsync(Int(a[0])))),
            ["setgid"] = (1, static (k, a) => Zero(k.SetgidAsync(Int(a[0])))),
            ["setegid"] = (1, static (k, a) => Zero(k.SetegidAsync(Int(a[0])))),
            ["pthread_detach"] = (1, static (k, a) => Zero(k.ThreadDetachAsync(Int(a[0])))),
            ["_exit"] = (1, static (k, a) => Zero(k.ExitAsync(Int(a[0])))),
        }.ToFrozenDictionary();

    private static readonly FrozenSet<string> s_typed = new[]
    {
        "open", "stat", "lstat", "fstat", "access", "mkdir", "rmdir", "unlink", "link", "symlink", "readlink", "rename", "chmod", "chown",
        "lchown", "utimensat", "truncate", "chdir", "getcwd", "read", "write", "pread", "pwrite", "readdir", "fcntl", "pipe", "memfd_create", "poll", "socket",
        "bind", "listen", "accept", "connect", "send", "recv", "shutdown", "getsockname", "getpeername", "posix_spawn", "execve", "waitpid",
        "times", "getrlimit", "setrlimit", "getgroups", "setgroups", "sigaction", "sigprocmask", "sigpending", "sigsuspend",
        "clock_gettime", "nanosleep", "pthread_create",
    }.ToFrozenSet();

    /// <summary>As <see cref="ISystemCalls.CallAsync"/>.</summary>
    public static ValueTask<long> CallAsync(ISystemCalls kernel, string name, IReadOnlyList<long> arguments)
    {
        if (s_calls.TryGetValue(name, out (int Count, Func<ISystemCalls, IReadOnlyList<long>, ValueTask<long>> Run) call))
        {
            return arguments.Count == call.Count
                ? call.Run(kernel, arguments)
                : throw new KernelException(Errno.EINVAL, $"{name} takes {call.Count} arguments, not {arguments.Count}.");
        }

        throw s_typed.Contains(name)
            ? new KernelException(Errno.EINVAL, $"{name} takes arguments that are not integers; it cannot be called by name.")
            : new KernelException(Errno.ENOSYS, $"The kernel has no system call {name}.");
    }

    private static int Int(long value) =>
        value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new KernelException(Errno.EINVAL, $"{value} is out of range.");

    private static async ValueTask<long> Zero(ValueTask call)
    {
        await call;
        return 0;
    }
}
