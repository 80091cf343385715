using System.Runtime.InteropServices;
using CimHost.Sdk.Hardware;
using Microsoft.Win32.SafeHandles;

namespace CimHost.VmKernel.Devices;

/// <summary>
/// Reads small files on a few threads of its own. A read of a sysfs attribute can wait in the kernel for as long as the device pleases; it
/// holds one of these threads and none of the thread pool's. Threads are started as reads wait, and end when there is nothing to do.
/// </summary>
internal sealed partial class BlockingReads : IDisposable
{
    /// <summary>Longest part of a file that is read.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>How many reads run at once.</summary>
    public const int MaxThreads = 8;

    private const int MaxWaiting = 4_096;
    private const int ReadOnlyNoBlockCloseOnExec = 0x0 | 0x800 | 0x80000;
    private const int NoEntry = 2;
    private const int Interrupted = 4;
    private const int NotDirectory = 20;
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(20);

    private readonly object _lock = new();
    private readonly Queue<Job> _waiting = new();
    private int _threads;
    private int _idle;
    private bool _disposed;

    /// <summary>Reads a file; null when it does not exist.</summary>
    /// <param name="place">Path on this computer.</param>
    /// <param name="name">Path for messages.</param>
    /// <param name="cancellationToken">Ends the wait; the read itself ends when the kernel lets it.</param>
    /// <exception cref="HardwareException">The kernel refused, or too many reads hang.</exception>
    public ValueTask<byte[]?> ReadAsync(string place, string name, CancellationToken cancellationToken) =>
        RunAsync(new Job(place, name, 0, MaxLength, cancellationToken));

    /// <summary>Reads a part of a file; null when it does not exist. The part ends where the file does.</summary>
    /// <param name="place">Path on this computer.</param>
    /// <param name="name">Path for messages.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="count">Most bytes; the caller has bounded it.</param>
    /// <param name="cancellationToken">Ends the wait; the read itself ends when the kernel lets it.</param>
    /// <exception cref="HardwareException">The kernel refused, or too many reads hang.</exception>
    public ValueTask<byte[]?> ReadRangeAsync(string place, string name, long offset, int count, CancellationToken cancellationToken) =>
        RunAsync(new Job(place, name, offset, count, cancellationToken));

    /// <summary>Makes a content by a system call that may block.</summary>
    /// <param name="call">The call; it ends when the kernel lets it.</param>
    /// <param name="name">Path for messages.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HardwareException">The call threw it, or too many reads hang.</exception>
    public ValueTask<byte[]?> CallAsync(Func<byte[]?> call, string name, CancellationToken cancellationToken) =>
        RunAsync(new Job(string.Empty, name, 0, 0, cancellationToken) { Call = call });

    private async ValueTask<byte[]?> RunAsync(Job job)
    {
        string name = job.Name;
        lock (_lock)
        {
            if (_disposed)
            {
                throw new HardwareException(HardwareFault.Unavailable, $"{name} cannot be read: the hardware is closed.");
            }

            if (_waiting.Count >= MaxWaiting)
            {
                throw new HardwareException(HardwareFault.TimedOut, $"{name} cannot be read: {MaxWaiting} reads wait already, and {MaxThreads} hang in the kernel.");
            }

            _waiting.Enqueue(job);
            if (_idle >= _waiting.Count)
            {
                Monitor.Pulse(_lock);
            }
            else if (_threads < MaxThreads)
            {
                _threads++;
                new Thread(Run) { IsBackground = true, Name = "file reads" }.Start();
            }
        }

        return await job.Completion.Task.WaitAsync(job.CancellationToken);
    }

    /// <summary>Ends the threads that do not hang in the kernel.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void Run()
    {
        byte[] buffer = new byte[MaxLength];
        while (Next() is { } job)
        {
            if (job.CancellationToken.IsCancellationRequested)
            {
                job.Completion.TrySetCanceled(job.CancellationToken);
                continue;
            }

            try
            {
                job.Completion.TrySetResult(job.Call is { } call ? call() : Read(job, job.Count <= buffer.Length ? buffer.AsSpan(0, job.Count) : new byte[job.Count]));
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
            while (_waiting.Count == 0 && !_disposed)
            {
                _idle++;
                bool woken = Monitor.Wait(_lock, s_idle);
                _idle--;
                if (!woken && _waiting.Count == 0)
                {
                    _threads--;
                    return null;
                }
            }

            if (_waiting.TryDequeue(out Job? job))
            {
                return job;
            }

            _threads--;
            return null;
        }
    }

    private static byte[]? Read(Job job, Span<byte> buffer)
    {
        int descriptor = OpenFile(job.Place, ReadOnlyNoBlockCloseOnExec);
        if (descriptor < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            return error is NoEntry or NotDirectory ? null : throw Refused(job, error);
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (job.Offset != 0 && Seek(handle, job.Offset, 0) < 0)
        {
            throw Refused(job, Marshal.GetLastPInvokeError());
        }

        int length = 0;
        while (length < buffer.Length)
        {
            nint read = ReadFile(handle, ref buffer[length], (nuint)(buffer.Length - length));
            if (read == 0)
            {
                break;
            }

            if (read < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == Interrupted)
                {
                    continue;
                }

                throw Refused(job, error);
            }

            length += (int)read;
        }

        return buffer[..length].ToArray();
    }

    private static HardwareException Refused(Job job, int error) =>
        new(HardwareFault.Unavailable, $"{job.Name} cannot be read: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadFile(SafeFileHandle file, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "lseek64", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int whence);

    private sealed record Job(string Place, string Name, long Offset, int Count, CancellationToken CancellationToken)
    {
        public Func<byte[]?>? Call { get; init; }

        public TaskCompletionSource<byte[]?> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
