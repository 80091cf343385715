using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls.Protocol;

namespace CimHost.VmKernel.SystemCalls.Client;

/// <summary>Signals, time and threads.</summary>
public sealed partial class SystemCallClient
{
    /// <inheritdoc/>
    public ValueTask KillAsync(int id, Signal signal) =>
        CallAsync(SystemCallNumber.Kill, w => w.Int32(id).Int32((int)signal));

    /// <inheritdoc/>
    public ValueTask<SignalSet> SigprocmaskAsync(MaskChange how, SignalSet set) =>
        CallAsync(SystemCallNumber.Sigprocmask, w => w.Int32((int)how).Int32(unchecked((int)set.Bits)), static r => new SignalSet(unchecked((uint)r.Int32())));

    /// <inheritdoc/>
    public ValueTask<SignalSet> SigpendingAsync() =>
        CallAsync(SystemCallNumber.Sigpending, static _ => { }, static r => new SignalSet(unchecked((uint)r.Int32())));

    /// <inheritdoc/>
    public ValueTask SigsuspendAsync(SignalSet mask) =>
        CallAsync(SystemCallNumber.Sigsuspend, w => w.Int32(unchecked((int)mask.Bits)));

    /// <inheritdoc/>
    public ValueTask PauseAsync() =>
        CallAsync(SystemCallNumber.Pause, static _ => { });

    /// <inheritdoc/>
    public ValueTask<int> AlarmAsync(int seconds) =>
        CallAsync(SystemCallNumber.Alarm, w => w.Int32(seconds), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<long> ClockGettimeAsync(ClockId clock) =>
        CallAsync(SystemCallNumber.ClockGettime, w => w.Int32((int)clock), static r => r.Int64());

    /// <inheritdoc/>
    public ValueTask<TimeSpan> NanosleepAsync(TimeSpan duration) =>
        CallAsync(SystemCallNumber.Nanosleep, w => w.Int64(duration.Ticks), static r => new TimeSpan(r.Int64()));

    /// <inheritdoc/>
    public ValueTask<int> ThreadSelfAsync() =>
        CallAsync(SystemCallNumber.ThreadSelf, static _ => { }, static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<int> ThreadJoinAsync(int thread) =>
        CallAsync(SystemCallNumber.ThreadJoin, w => w.Int32(thread), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask ThreadDetachAsync(int thread) =>
        CallAsync(SystemCallNumber.ThreadDetach, w => w.Int32(thread));

    /// <inheritdoc/>
    public ValueTask<SignalAction> SigactionAsync(Signal signal, SignalAction? action) => _connection.Handlers.SetAsync(this, signal, action);

    /// <inheritdoc/>
    public async ValueTask<int> ThreadCreateAsync(Func<ISystemCalls, Task<int>> entry)
    {
        int id = await CallAsync(SystemCallNumber.ThreadCreate, static _ => { }, static r => r.Int32());
        var created = new SystemCallClient(_connection, id);
        _ = Task.Run(() => created.RunThreadAsync(entry));
        return id;
    }
}
