using System.Collections.Concurrent;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Hid;

/// <summary>
/// A HID device on a hidraw node. The node is opened when it is first used. The system calls block for as long as the device pleases (the
/// kernel gives it five seconds for a report), so they run on two threads of the port: one asks, one listens. What hangs in the kernel
/// holds these two and nothing else.
/// </summary>
internal sealed class LinuxHidPort : IHidPort, IDisposable
{
    private const int MaxReport = 4096;
    private const int MaxWaiting = 256;
    private const int MaxInputs = 256;
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(20);

    private readonly Func<IHidrawDevice> _open;
    private readonly bool _numbered;
    private readonly TimeProvider _time;
    private readonly object _lock = new();
    private readonly Lock _opening = new();
    private readonly Queue<Job> _waiting = new();
    private readonly ConcurrentDictionary<byte, HidReport> _inputs = new();
    private IHidrawDevice? _device;
    private bool _asking;
    private bool _listened;
    private bool _listening;
    private bool _disposed;

    /// <param name="node">Path of the device node.</param>
    /// <param name="name">Stable name.</param>
    /// <param name="identity">What the bus says of the device.</param>
    /// <param name="reportDescriptor">The device's descriptor.</param>
    /// <param name="open">Opens the node.</param>
    /// <param name="time">Clock of the input reports.</param>
    public LinuxHidPort(string node, string name, HidIdentity identity, byte[] reportDescriptor, Func<IHidrawDevice> open, TimeProvider time)
    {
        (Description, Name, Identity, ReportDescriptor, _open, _time) = (node, name, identity, reportDescriptor, open, time);
        _numbered = HidReportIds.AreUsed(reportDescriptor);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public HidIdentity Identity { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReportDescriptor { get; }

    /// <inheritdoc/>
    public async ValueTask<HidReport> GetReportAsync(HidReportType type, byte reportId, int length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxReport);
        cancellationToken.ThrowIfCancellationRequested();
        var job = new Job(type, reportId, length, cancellationToken);
        lock (_lock)
        {
            ThrowIfDisposed();
            if (_waiting.Count >= MaxWaiting)
            {
                throw new HardwareException(HardwareFault.TimedOut, $"{Description} gives no report: {MaxWaiting} requests wait already.");
            }

            _waiting.Enqueue(job);
            if (_asking)
            {
                Monitor.Pulse(_lock);
            }
            else
            {
                _asking = true;
                new Thread(Ask) { IsBackground = true, Name = "requests to " + Description }.Start();
            }
        }

        return await job.Completion.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public HidReport? LastInput(byte reportId)
    {
        lock (_lock)
        {
            // Once: a device at fault is not listened to again; a new port comes with the next device.
            if (!_listened && !_disposed)
            {
                _listened = _listening = true;
                new Thread(Listen) { IsBackground = true, Name = "reports of " + Description }.Start();
            }
        }

        return _inputs.GetValueOrDefault(reportId);
    }

    /// <summary>Ends the threads that do not hang in the kernel; the last one closes the node.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            Monitor.PulseAll(_lock);
            CloseIfUnused();
        }
    }

    private void ThrowIfDisposed()
    {
        if (_disposed)
        {
            throw new HardwareException(HardwareFault.Unavailable, $"{Description} is gone.");
        }
    }

    // For the port's own threads. Opening may wait for a device that wakes up, so that it must not hold the lock that callers take.
    private IHidrawDevice Device()
    {
        lock (_opening)
        {
            lock (_lock)
            {
                ThrowIfDisposed();
                if (_device is { } opened)
                {
                    return opened;
                }
            }

            IHidrawDevice device = _open();
            lock (_lock)
            {
                return _device = device;
            }
        }
    }

    // Called with the lock held. A descriptor must not become another file's while a thread waits on it.
    private void CloseIfUnused()
    {
        if (_disposed && !_asking && !_listening)
        {
            _device?.Dispose();
            _device = null;
        }
    }

    private void Ask()
    {
        byte[] buffer = new byte[MaxReport];
        while (Next() is { } job)
        {
            if (job.CancellationToken.IsCancellationRequested)
            {
                job.Completion.TrySetCanceled(job.CancellationToken);
                continue;
            }

            try
            {
                int length = Device().GetReport(job.Type, job.ReportId, buffer.AsSpan(0, job.Length));
                job.Completion.TrySetResult(new HidReport(buffer.AsSpan(0, length).ToArray(), _time.GetUtcNow()));
            }
            catch (Exception e)
            {
                job.Completion.TrySetException(e);
            }
        }
    }

    private Job? Next()
    {
        lock (_lock)
        {
            while (_waiting.Count == 0 && !_disposed && Monitor.Wait(_lock, s_idle))
            {
                // Woken: there is work, or the port is closed.
            }

            if (_waiting.TryDequeue(out Job? job))
            {
                return job;
            }

            _asking = false;
            CloseIfUnused();
            return null;
        }
    }

    private void Listen()
    {
        byte[] buffer = new byte[MaxReport];
        try
        {
            while (!Volatile.Read(ref _disposed))
            {
                // hidraw puts no number in front of the reports of a device that numbers none.
                int length = Device().Receive(_numbered ? buffer : buffer.AsSpan(1), s_poll);
                if (length > 0 && (_inputs.Count < MaxInputs || _inputs.ContainsKey(buffer[0])))
                {
                    _inputs[buffer[0]] = new HidReport(buffer.AsSpan(0, _numbered ? length : length + 1).ToArray(), _time.GetUtcNow());
                }
            }
        }
        catch (HardwareException)
        {
            // The device is gone or may not be read; who asks it for a report is told why.
            _inputs.Clear();
        }
        finally
        {
            lock (_lock)
            {
                _listening = false;
                CloseIfUnused();
            }
        }
    }

    private sealed record Job(HidReportType Type, byte ReportId, int Length, CancellationToken CancellationToken)
    {
        public TaskCompletionSource<HidReport> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
