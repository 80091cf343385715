using CimHost.VmKernel.Devices.Io.Requests;

namespace CimHost.VmKernel.Tests.Devices.Io;

/// <summary>A driver whose requests are names; each is answered when the test says so.</summary>
internal sealed class ScriptedDevice : IoOperation<string, string>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskCompletionSource<string>> _waiting = [];
    private readonly List<string> _issued = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether a cancelled request ends at once; otherwise it goes on until it is answered.</summary>
    public bool HonoursAbort { get; init; } = true;

    /// <summary>Whether requests may be given to it again.</summary>
    public bool IsIdempotent { get; init; }

    /// <summary>The requests in the order in which they reached the driver.</summary>
    public IReadOnlyList<string> Issued
    {
        get
        {
            lock (_lock)
            {
                return [.. _issued];
            }
        }
    }

    public override ValueTask<string> IssueAsync(string request, CancellationToken abort)
    {
        lock (_lock)
        {
            _issued.Add(request);
            var source = new TaskCompletionSource<string>();
            _waiting[request] = source;
            _arrived.TrySetResult();
            _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask<string>(HonoursAbort ? source.Task.WaitAsync(abort) : source.Task);
        }
    }

    public override long CountBytes(in string request, in string response) => request.Length + response.Length;

    public override bool MayRetry(in string request, CimHost.Sdk.Hardware.HardwareFault fault) => IsIdempotent;

    /// <summary>Waits until that many requests reached the driver.</summary>
    public async Task IssuedAsync(int count)
    {
        while (true)
        {
            Task arrived;
            lock (_lock)
            {
                if (_issued.Count >= count)
                {
                    return;
                }

                arrived = _arrived.Task;
            }

            await arrived.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public void Answer(string request, string response = "ok") => Take(request).SetResult(response);

    public void Fail(string request, Exception exception) => Take(request).SetException(exception);

    private TaskCompletionSource<string> Take(string request)
    {
        lock (_lock)
        {
            _waiting.Remove(request, out TaskCompletionSource<string>? source);
            return source!;
        }
    }
}
