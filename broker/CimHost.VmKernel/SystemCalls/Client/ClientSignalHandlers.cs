using System.Runtime.InteropServices;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls.Protocol;

namespace CimHost.VmKernel.SystemCalls.Client;

/// <summary>
/// The signal handlers of a process world: they run in the process, one at a time, when the kernel sends the real signal. The kernel
/// knows that there is a handler, keeps mask and pending signals, and makes calls that wait fail with EINTR.
/// </summary>
internal sealed class ClientSignalHandlers : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Signal, (SignalHandler Handler, PosixSignalRegistration Registration)> _handlers = [];
    private readonly SemaphoreSlim _running = new(1, 1);

    /// <summary>sigaction().</summary>
    public async ValueTask<SignalAction> SetAsync(SystemCallClient client, Signal signal, SignalAction? action)
    {
        SignalHandler? old = Find(signal);
        if (action is { Disposition: SignalDisposition.Handler, Handler: { } handler } && SignalRules.IsKnown(signal)
            && !SignalRules.Unblockable.Contains(signal))
        {
            // The process catches the signal before the kernel knows that it may send it.
            Put(client, signal, handler);
        }

        SignalAction before = await client.CallAsync(
            SystemCallNumber.Sigaction,
            w => w.Int32((int)signal).Optional(action, static (to, a) => CallValues.Write(to, a)),
            r => CallValues.ReadAction(r, old));
        if (action is { Disposition: not SignalDisposition.Handler })
        {
            Remove(signal);
        }

        return before;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach ((_, PosixSignalRegistration registration) in _handlers.Values)
            {
                registration.Dispose();
            }

            _handlers.Clear();
        }

        _running.Dispose();
    }

    private SignalHandler? Find(Signal signal)
    {
        lock (_lock)
        {
            return _handlers.TryGetValue(signal, out (SignalHandler Handler, PosixSignalRegistration Registration) entry) ? entry.Handler : null;
        }
    }

    private void Put(SystemCallClient client, Signal signal, SignalHandler handler)
    {
        PosixSignalRegistration registration = PosixSignalRegistration.Create((PosixSignal)(int)signal, context =>
        {
            context.Cancel = true;
            _ = RunAsync(client, signal);
        });
        lock (_lock)
        {
            if (_handlers.TryGetValue(signal, out (SignalHandler Handler, PosixSignalRegistration Registration) old))
            {
                old.Registration.Dispose();
            }

            _handlers[signal] = (handler, registration);
        }
    }

    private void Remove(Signal signal)
    {
        lock (_lock)
        {
            if (_handlers.Remove(signal, out (SignalHandler Handler, PosixSignalRegistration Registration) old))
            {
                old.Registration.Dispose();
            }
        }
    }

    private async Task RunAsync(SystemCallClient client, Signal signal)
    {
        await _running.WaitAsync();
        try
        {
            if (Find(signal) is { } handler)
            {
                await handler(signal, client);
            }
        }
        finally
        {
            _running.Release();
        }
    }
}
