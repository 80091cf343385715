namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>Numbers of the system calls in the protocol; never given to another call.</summary>
internal enum SystemCallNumber
{
    /// <summary>open.</summary>
    Open = 1,

    /// <summary>stat.</summary>
    Stat = 2,

    /// <summary>lstat.</summary>
    Lstat = 3,

    /// <summary>access.</summary>
    Access = 4,

    /// <summary>mkdir.</summary>
    Mkdir = 5,

    /// <summary>rmdir.</summary>
    Rmdir = 6,

    /// <summary>unlink.</summary>
    Unlink = 7,

    /// <summary>link.</summary>
    Link = 8,

    /// <summary>symlink.</summary>
    Symlink = 9,

    /// <summary>readlink.</summary>
    Readlink = 10,

    /// <summary>rename.</summary>
    Rename = 11,

    /// <summary>chmod.</summary>
    Chmod = 12,

    /// <summary>chown.</summary>
    Chown = 13,

    /// <summary>lchown.</summary>
    Lchown = 14,

    /// <summary>utimensat.</summary>
    Utimens = 15,

    /// <summary>truncate.</summary>
    Truncate = 16,

    /// <summary>chdir.</summary>
    Chdir = 17,

    /// <summary>getcwd.</summary>
    Getcwd = 18,

    /// <summary>umask.</summary>
    Umask = 19,

    /// <summary>close.</summary>
    Close = 20,

    /// <summary>read.</summary>
    Read = 21,

    /// <summary>write.</summary>
    Write = 22,

    /// <summary>pread.</summary>
    Pread = 23,

    /// <summary>pwrite.</summary>
    Pwrite = 24,

    /// <summary>lseek.</summary>
    Lseek = 25,

    /// <summary>fstat.</summary>
    Fstat = 26,

    /// <summary>ftruncate.</summary>
    Ftruncate = 27,

    /// <summary>fsync.</summary>
    Fsync = 28,

    /// <summary>readdir.</summary>
    Readdir = 29,

    /// <summary>dup.</summary>
    Dup = 30,

    /// <summary>dup2.</summary>
    Dup2 = 31,

    /// <summary>fcntl.</summary>
    Fcntl = 32,

    /// <summary>pipe.</summary>
    Pipe = 33,

    /// <summary>poll.</summary>
    Poll = 34,

    /// <summary>socket.</summary>
    Socket = 35,

    /// <summary>bind.</summary>
    Bind = 36,

    /// <summary>listen.</summary>
    Listen = 37,

    /// <summary>accept.</summary>
    Accept = 38,

    /// <summary>connect.</summary>
    Connect = 39,

    /// <summary>send.</summary>
    Send = 40,

    /// <summary>recv.</summary>
    Recv = 41,

    /// <summary>shutdown.</summary>
    Shutdown = 42,

    /// <summary>getsockname.</summary>
    Getsockname = 43,

    /// <summary>getpeername.</summary>
    Getpeername = 44,

    /// <summary>getpid.</summary>
    Getpid = 45,

    /// <summary>getppid.</summary>
    Getppid = 46,

    /// <summary>getpgid.</summary>
    Getpgid = 47,

    /// <summary>setpgid.</summary>
    Setpgid = 48,

    /// <summary>getenv for all names.</summary>
    GetEnvironment = 49,

    /// <summary>posix_spawn.</summary>
    Spawn = 50,

    /// <summary>execve.</summary>
    Exec = 51,

    /// <summary>_exit.</summary>
    Exit = 52,

    /// <summary>waitpid.</summary>
    Waitpid = 53,

    /// <summary>times.</summary>
    Times = 54,

    /// <summary>getrlimit.</summary>
    Getrlimit = 55,

    /// <summary>setrlimit.</summary>
    Setrlimit = 56,

    /// <summary>getuid.</summary>
    Getuid = 57,

    /// <summary>geteuid.</summary>
    Geteuid = 58,

    /// <summary>getgid.</summary>
    Getgid = 59,

    /// <summary>getegid.</summary>
    Getegid = 60,

    /// <summary>getgroups.</summary>
    Getgroups = 61,

    /// <summary>setuid.</summary>
    Setuid = 62,

    /// <summary>seteuid.</summary>
    Seteuid = 63,

    /// <summary>setgid.</summary>
    Setgid = 64,

    /// <summary>setegid.</summary>
    Setegid = 65,

    /// <summary>setgroups.</summary>
    Setgroups = 66,

    /// <summary>kill.</summary>
    Kill = 67,

    /// <summary>sigaction.</summary>
    Sigaction = 68,

    /// <summary>sigprocmask.</summary>
    Sigprocmask = 69,

    /// <summary>sigpending.</summary>
    Sigpending = 70,

    /// <summary>sigsuspend.</summary>
    Sigsuspend = 71,

    /// <summary>pause.</summary>
    Pause = 72,

    /// <summary>alarm.</summary>
    Alarm = 73,

    /// <summary>clock_gettime.</summary>
    ClockGettime = 74,

    /// <summary>nanosleep.</summary>
    Nanosleep = 75,

    /// <summary>pthread_self.</summary>
    ThreadSelf = 76,

    /// <summary>pthread_create, of which the kernel only keeps count.</summary>
    ThreadCreate = 77,

    /// <summary>pthread_exit.</summary>
    ThreadExit = 78,

    /// <summary>pthread_join.</summary>
    ThreadJoin = 79,

    /// <summary>pthread_detach.</summary>
    ThreadDetach = 80,

    /// <summary>memfd_create.</summary>
    MemfdCreate = 81,
}
