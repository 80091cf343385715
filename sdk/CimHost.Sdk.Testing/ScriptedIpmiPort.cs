using System.Collections.Concurrent;
using CimHost.Sdk.Hardware;

namespace CimHost.Sdk.Testing;

/// <summary>
/// A management controller of a test: it answers each command as the test says, and C1h (invalid command) where the test says nothing.
/// Faults go before answers. Every request is remembered.
/// </summary>
public sealed class ScriptedIpmiPort : IIpmiPort
{
    private readonly ConcurrentDictionary<int, Func<IpmiRequest, IpmiResponse>> _answers = new();
    private readonly ConcurrentQueue<IpmiRequest> _requests = new();
    private volatile Func<IpmiRequest, CancellationToken, ValueTask<IpmiResponse?>>? _fault;
    private int _inFlight;
    private int _maxInFlight;

    /// <summary>Creates a port without any answer.</summary>
    public ScriptedIpmiPort(string name = "ipmi0") => Name = name;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description => "scripted " + Name;

    /// <inheritdoc/>
    public int Concurrency { get; set; } = 1;

    /// <inheritdoc/>
    public bool LeadsToThisComputer { get; set; }

    /// <summary>Every request so far, oldest first.</summary>
    public IReadOnlyList<IpmiRequest> Requests => [.. _requests];

    /// <summary>Most requests that were in flight at once.</summary>
    public int MaxInFlight => Volatile.Read(ref _maxInFlight);

    /// <summary>Number of requests of a command so far.</summary>
    public int Count(byte netFn, byte command) => _requests.Count(r => r.NetFn == netFn && r.Command == command);

    /// <summary>Forgets the requests so far.</summary>
    public void ClearRequests() => _requests.Clear();

    /// <summary>Answers a command with what the function makes of the request.</summary>
    public ScriptedIpmiPort On(byte netFn, byte command, Func<IpmiRequest, IpmiResponse> answer)
    {
        _answers[(netFn << 8) | command] = answer;
        return this;
    }

    /// <summary>Answers a command with completion code 00h and these data.</summary>
    public ScriptedIpmiPort On(byte netFn, byte command, params byte[] data) => On(netFn, command, _ => new IpmiResponse(0, data));

    /// <summary>
    /// Goes before every answer: a fault that returns an answer, throws, or waits; null lets the command through. A null fault ends the
    /// faults.
    /// </summary>
    public void SetFault(Func<IpmiRequest, CancellationToken, ValueTask<IpmiResponse?>>? fault) => _fault = fault;

    /// <summary>From now on, requests that match get no answer: the port's own time limit has passed without one.</summary>
    public void TimeOut(Func<IpmiRequest, bool> matches) => SetFault((request, _) => matches(request)
        ? throw new HardwareException(HardwareFault.TimedOut, $"{Name} did not answer command {request.NetFn:X2}h/{request.Command:X2}h in time.")
        : ValueTask.FromResult<IpmiResponse?>(null));

    /// <summary>From now on, requests that match wait until their caller gives up.</summary>
    public void Hang(Func<IpmiRequest, bool> matches) => SetFault(async (request, cancellationToken) =>
    {
        if (!matches(request))
        {
            return null;
        }

        var never = new TaskCompletionSource<IpmiResponse?>(TaskCreationOptions.RunContinuationsAsynchronously);
        return await never.Task.WaitAsync(cancellationToken);
    });

    /// <inheritdoc/>
    public async ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _requests.Enqueue(request with { Data = request.Data.ToArray() });
        int inFlight = Interlocked.Increment(ref _inFlight);
        try
        {
            InterlockedMax(ref _maxInFlight, inFlight);
            if (_fault is { } fault && await fault(request, cancellationToken) is { } faulty)
            {
                return faulty;
            }

            return _answers.TryGetValue((request.NetFn << 8) | request.Command, out Func<IpmiRequest, IpmiResponse>? answer)
                ? answer(request)
                : new IpmiResponse(0xC1, default);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen && Interlocked.CompareExchange(ref target, value, seen) is int other && other != seen)
        {
            seen = other;
        }
    }
}
