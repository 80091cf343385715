using CimHost.VmKernel.Signals;

namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>Signals, time and threads. How the kernel answers these requests.</summary>
internal static class SignalsDispatch
{
    // The handler runs in the world's process, as answer to the real signal; the kernel only has to know that there is one.
    private static readonly SignalHandler s_inProcess = static (_, _) => ValueTask.CompletedTask;

    /// <summary>For each call what is done: arguments are read from the request, the call is made, its results go to the answer.</summary>
    public static Dictionary<SystemCallNumber, SystemCallHandler> Handlers { get; } = new()
    {
        [SystemCallNumber.Kill] = static async (k, r, w) => await k.KillAsync(r.Int32(), (Signal)r.Int32()),
        [SystemCallNumber.Sigprocmask] = static async (k, r, w) => w.Int32(unchecked((int)(await k.SigprocmaskAsync((MaskChange)r.Int32(), new SignalSet(unchecked((uint)r.Int32())))).Bits)),
        [SystemCallNumber.Sigpending] = static async (k, r, w) => w.Int32(unchecked((int)(await k.SigpendingAsync()).Bits)),
        [SystemCallNumber.Sigsuspend] = static async (k, r, w) => await k.SigsuspendAsync(new SignalSet(unchecked((uint)r.Int32()))),
        [SystemCallNumber.Pause] = static async (k, r, w) => await k.PauseAsync(),
        [SystemCallNumber.Alarm] = static async (k, r, w) => w.Int32(await k.AlarmAsync(r.Int32())),
        [SystemCallNumber.ClockGettime] = static async (k, r, w) => w.Int64(await k.ClockGettimeAsync((ClockId)r.Int32())),
        [SystemCallNumber.Nanosleep] = static async (k, r, w) => w.Int64((await k.NanosleepAsync(new TimeSpan(r.Int64()))).Ticks),
        [SystemCallNumber.ThreadSelf] = static async (k, r, w) => w.Int32(await k.ThreadSelfAsync()),
        [SystemCallNumber.ThreadJoin] = static async (k, r, w) => w.Int32(await k.ThreadJoinAsync(r.Int32())),
        [SystemCallNumber.ThreadDetach] = static async (k, r, w) => await k.ThreadDetachAsync(r.Int32()),
        [SystemCallNumber.Sigaction] = static async (k, r, w) => CallValues.Write(
            w, await k.SigactionAsync((Signal)r.Int32(), r.Optional(static x => CallValues.ReadAction(x, s_inProcess)))),
    };
}
