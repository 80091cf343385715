using System.Collections.Concurrent;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Ipmi.Linux;

/// <summary>
/// The local BMC through the kernel's IPMI driver. The node is opened with the first command; one thread of its own waits for answers and
/// hands them out by message id. When the device goes, what is in flight fails, and the next command opens it again.
/// </summary>
public sealed class LinuxIpmiPort : IIpmiPort, IDisposable
{
    /// <summary>The system interface carries one command at a time; a second one in the kernel's queue keeps it busy.</summary>
    internal const int InFlight = 2;

    private const int MaxData = 255;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);

    private readonly Func<ILinuxIpmiDevice> _open;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _slots = new(InFlight);
    private readonly Lock _lock = new();
    private Opened? _opened;
    private bool _disposed;

    /// <summary>Creates the port; the node is not opened before the first command.</summary>
    public LinuxIpmiPort(string path)
        : this(path, () => LinuxIpmiDevice.Open(path), TimeProvider.System)
    {
    }

    internal LinuxIpmiPort(string path, Func<ILinuxIpmiDevice> open, TimeProvider time)
    {
        Path = path;
        _open = open;
        _time = time;
    }

    /// <summary>The device node.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public string Name => "ipmi0";

    /// <inheritdoc/>
    public string Description => Path;

    /// <inheritdoc/>
    public int Concurrency => InFlight;

    /// <inheritdoc/>
    public bool LeadsToThisComputer => true;

    /// <inheritdoc/>
    public async ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        if (request.Data.Length > MaxData)
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{Path}: {request.Data.Length} bytes of data are more than an IPMI message takes ({MaxData}).");
        }

        if (!await _slots.WaitAsync(s_limit, cancellationToken))
        {
            throw new HardwareException(HardwareFault.TimedOut, $"{Path}: the BMC is so slow that a command waited {s_limit.TotalSeconds:0} s for its turn.");
        }

        try
        {
            return await ExchangeAsync(request, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Closes the device; what is in flight fails.</summary>
    public void Dispose()
    {
        Opened? opened;
        lock (_lock)
        {
            _disposed = true;
            opened = _opened;
            _opened = null;
        }

        opened?.Stop($"{Path}: the port is closed.");
    }

    private async ValueTask<IpmiResponse> ExchangeAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        (Opened opened, long id, Task<LinuxIpmiMessage> answer) = Begin(request);
        try
        {
            LinuxIpmiMessage message = await answer.WaitAsync(s_limit, _time, cancellationToken);
            if (request.IsBridged && message.Data.Length > 0 && message.Data[0] is IpmiCommands.Timeout or IpmiCommands.NotAcknowledged)
            {
                // The driver says in the place of the answer that it got none.
                throw new HardwareException(
                    HardwareFault.TimedOut, $"{Path}: the controller at {request.Target:X2}h on channel {request.Channel} did not answer command {request.NetFn:X2}h/{request.Command:X2}h.");
            }

            return message.Data.Length > 0 && message.NetFn == (request.NetFn | 1) && message.Command == request.Command
                ? new IpmiResponse(message.Data[0], message.Data.AsMemory(1))
                : throw new HardwareException(HardwareFault.Malformed, $"{Path}: the answer to command {request.NetFn:X2}h/{request.Command:X2}h breaks its format.");
        }
        catch (TimeoutException e)
        {
            throw new HardwareException(
                HardwareFault.TimedOut, $"{Path}: the BMC did not answer command {request.NetFn:X2}h/{request.Command:X2}h within {s_limit.TotalSeconds:0} s.", e);
        }
        finally
        {
            opened.Forget(id);
        }
    }

    // A device that came back has a new descriptor: when the old one turns out to be dead, the command is given to a new one, once.
    private (Opened Opened, long Id, Task<LinuxIpmiMessage> Answer) Begin(in IpmiRequest request)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                throw new HardwareException(HardwareFault.Unavailable, $"{Path}: the port is closed.");
            }

            bool fresh = _opened is not { IsGone: false };
            _opened = fresh ? new Opened(_open(), Path) : _opened!;
            try
            {
                (long id, Task<LinuxIpmiMessage> answer) = _opened.Send(request);
                return (_opened, id, answer);
            }
            catch (HardwareException) when (!fresh)
            {
                _opened.Stop($"{Path} is gone.");
                _opened = new Opened(_open(), Path);
                (long id, Task<LinuxIpmiMessage> answer) = _opened.Send(request);
                return (_opened, id, answer);
            }
        }
    }

    /// <summary>An opened device with its reading thread and the commands that wait for answers.</summary>
    private sealed class Opened
    {
        private readonly ILinuxIpmiDevice _device;
        private readonly string _path;
        private readonly ConcurrentDictionary<long, TaskCompletionSource<LinuxIpmiMessage>> _waiting = new();
        private long _lastId;
        private volatile string? _stopped;

        public Opened(ILinuxIpmiDevice device, string path)
        {
            _device = device;
            _path = path;
            new Thread(Read) { IsBackground = true, Name = $"answers of {path}" }.Start();
        }

        public bool IsGone => _stopped is not null;

        public (long Id, Task<LinuxIpmiMessage> Answer) Send(in IpmiRequest request)
        {
            long id = Interlocked.Increment(ref _lastId);
            var source = new TaskCompletionSource<LinuxIpmiMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting[id] = source;
            try
            {
                _device.Send(id, request);
            }
            catch (ObjectDisposedException e)
            {
                // The reading thread closes the device only after it noted why.
                _waiting.TryRemove(id, out _);
                throw new HardwareException(HardwareFault.Unavailable, _stopped ?? $"{_path} is gone.", e);
            }
            catch
            {
                _waiting.TryRemove(id, out _);
                throw;
            }

            // The reading thread may have ended between the check and now.
            if (_stopped is { } reason)
            {
                Fail(source, reason);
            }

            return (id, source.Task);
        }

        public void Forget(long id) => _waiting.TryRemove(id, out _);

        public void Stop(string reason)
        {
            _stopped ??= reason;
            foreach (TaskCompletionSource<LinuxIpmiMessage> source in _waiting.Values)
            {
                Fail(source, reason);
            }
        }

        private static void Fail(TaskCompletionSource<LinuxIpmiMessage> source, string reason) =>
            source.TrySetException(new HardwareException(HardwareFault.Unavailable, reason));

        // The only one that closes the device, so that its descriptor cannot be another file's while this thread waits on it.
        private void Read()
        {
            try
            {
                while (_stopped is null)
                {
                    if (_device.Receive(s_poll) is { IsResponse: true } message && _waiting.TryGetValue(message.Id, out TaskCompletionSource<LinuxIpmiMessage>? source))
                    {
                        source.TrySetResult(message);
                    }
                }
            }
            catch (HardwareException e)
            {
                Stop(e.Message);
            }
            catch (Exception e)
            {
                Stop($"{_path}: reading answers failed: {e.Message}");
            }
            finally
            {
                _device.Dispose();
            }
        }
    }
}
