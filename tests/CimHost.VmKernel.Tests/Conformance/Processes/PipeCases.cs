using Xunit;

namespace CimHost.VmKernel.Tests.Conformance.Processes;

/// <summary>pipe(), and read(), write(), close(), dup(), fcntl(), poll() on pipes (POSIX.1-2017, the page of each function).</summary>
public static class PipeCases
{
    /// <summary>Name and script of each scenario.</summary>
    public static TheoryData<string, string> All { get; } = new()
    {
        { "pipe: the two lowest descriptors, first the end that is read", "pipe r w; number r = 0; number w = 1; flags r = r; flags w = w; type r = fifo; getfd r = 0" },
        { "pipe: a closed descriptor is given out again", "pipe r w; close r; pipe a b; number a = 0; number b = 2" },
        { "pipe: EMFILE opens neither end", "limit 3; pipe r w; pipe a b = EMFILE; dup r c; number c = 2; dup r d = EMFILE" },
        { "read: bytes come in their order and in the pieces that are asked for", "pipe r w; write w hello = 5; read r 3 = hel; write w x = 1; read r 9 = lox" },
        { "read: 0 when no writer is left", "pipe r w; write w ab = 2; close w; read r 9 = ab; read r 9 = end; read r 9 = end" },
        { "read: waits for a writer", "pipe r w; spawn c { until main blocked; write w late = 4 }; read r 9 = late; wait c = exited 0" },
        { "read: waits until the last of two writers has closed", "pipe r w; dup w v; close w; spawn c { close v; close r }; wait c; write v x = 1; close v; read r 9 = x; read r 9 = end" },
        { "read: the end comes when the child that holds the other end exits", "pipe r w; spawn c { until main blocked; exit 3 }; close w; read r 9 = end; wait c = exited 3" },
        { "read: EBADF on the end that is written and on what is not open", "pipe r w; read w 1 = EBADF; read bad 1 = EBADF; close r; read r 1 = EBADF" },
        { "read: of no bytes", "pipe r w; write w x; read r 0 = end; read r 1 = x" },
        { "write: EBADF on the end that is read", "pipe r w; write r x = EBADF; write bad x = EBADF" },
        { "write: EPIPE and SIGPIPE when nobody reads", "pipe r w; catch PIPE; close r; write w x = EPIPE; caught = PIPE" },
        { "write: SIGPIPE ends a process by default", "pipe r w; close r; spawn c { ! write w x }; wait c = killed PIPE" },
        { "write: an ignored SIGPIPE leaves EPIPE", "pipe r w; ignore PIPE; close r; write w x = EPIPE; write w x = EPIPE" },
        { "write: a blocked SIGPIPE is pending", "pipe r w; block PIPE; close r; write w x = EPIPE; pending = PIPE" },
        { "write: EPIPE to a writer that waits for room", "pipe r w nonblock; fill w 65536 = 65536; blocking w; ignore PIPE; spawn c { close r; write w x = EPIPE }; until c blocked; close r; wait c = exited 0" },
        { "write: waits for room", "pipe r w; fill w 65536 = 65536; spawn c { close r; fill w 4096 = 4096 }; until c blocked; read r 4096 = 4096; wait c = exited 0; read r 65536 = 65536" },
        { "write: more than fits is written as the reader makes room", "pipe r w; spawn c { close r; fill w 100000 = 100000 }; close w; until c blocked; read r 65536 = 65536; wait c = exited 0; read r 65536 = 34464; read r 9 = end" },
        { "O_NONBLOCK: EAGAIN when there is nothing, when there is no room", "pipe r w nonblock; flags r = r,nonblock; read r 1 = EAGAIN; fill w 65536 = 65536; write w x = EAGAIN; close w; read r 65536 = 65536; read r 1 = end" },
        { "O_NONBLOCK: up to PIPE_BUF bytes go in whole or not at all", "pipe r w nonblock; fill w 61441 = 61441; fill w 4096 = EAGAIN; read r 4096 = 4096; fill w 4096 = 4096" },
        { "O_NONBLOCK: of more than PIPE_BUF bytes as many go in as fit", "pipe r w nonblock; fill w 100000 = 65536; fill w 5000 = EAGAIN; read r 8192 = 8192; fill w 10000 = 8192" },
        { "fcntl F_SETFL: the flag is of the open file, not of the descriptor", "pipe r w; dup r s; nonblock r; flags s = r,nonblock; read s 1 = EAGAIN; blocking s; flags r = r; flags w = w" },
        { "fcntl F_SETFL: a child shares it", "pipe r w; spawn c { nonblock r }; wait c; flags r = r,nonblock" },
        { "fcntl F_SETFD: close-on-exec is of the descriptor", "pipe r w cloexec; getfd r = 1; dup r s; getfd s = 0; keep r; getfd r = 0; cloexec s; getfd s = 1" },
        { "exec: closes what is marked", "pipe r w; cloexec r; spawn c { read r 1 = EBADF; write w x = 1 }; wait c = exited 0; read r 1 = x" },
        { "dup2: to the other end closes it", "pipe r w; pipe a b; dup2 r a; write w x = 1; read a 9 = x; catch PIPE; write b x = EPIPE" },
        { "dup2: of a descriptor to itself does nothing", "pipe r w; cloexec r; dup2 r r; getfd r = 1; write w x; read r 9 = x" },
        { "dup2: EBADF when the first is not open, and the second stays", "pipe r w; dup2 bad r = EBADF; write w x = 1; read r 1 = x" },
        { "close: EBADF twice", "pipe r w; close r; close r = EBADF; close bad = EBADF" },
        { "lseek, pread, pwrite: ESPIPE", "pipe r w; seek r = ESPIPE; readat r = ESPIPE; writeat w = ESPIPE" },
        { "ftruncate: EINVAL on a pipe", "pipe r w; cut w = EINVAL" },
        { "fsync: EINVAL on a pipe", "pipe r w; sync w = EINVAL" },
        { "poll: what the ends are ready for", "pipe r w; poll r in = none; poll w out = out; write w x; poll r in = in; poll r out = none; read r 1; poll r in = none" },
        { "poll: no room is not ready", "pipe r w; fill w 65536; poll w out = none; read r 4096; poll w out = out" },
        { "poll: POLLHUP without writers, POLLERR without readers", "pipe r w; write w x; close w; poll r in = in,hup; read r 1; poll r in = hup; pipe a b; close a; poll b out = out,err" },
        { "poll: POLLNVAL for what is not open", "poll bad in = nval" },
        { "poll: waits until it is ready", "pipe r w; spawn c { until main blocked; write w x }; pollwait r in = in; wait c" },
        { "poll: EINTR, whatever the flags of the action", "pipe r w; catch USR1 flags=restart; spawn c { until main blocked; kill main USR1 }; pollwait r in = EINTR; caught = USR1; wait c" },
    };
}
