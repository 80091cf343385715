using System.Collections.Concurrent;
using CimHost.Sdk.Hardware;

namespace CimHost.Sdk.Testing;

/// <summary>
/// A HID device of a test: it gives the reports that the test set, and refuses those that the test did not set, as a device stalls a
/// request that it does not know. Faults go before answers. Every request is remembered.
/// </summary>
public sealed class ScriptedHidPort(string name, HidIdentity identity, ReadOnlyMemory<byte> reportDescriptor) : IHidPort
{
    private readonly ConcurrentDictionary<(HidReportType Type, byte Id), byte[]> _reports = new();
    private readonly ConcurrentDictionary<byte, HidReport> _sent = new();
    private readonly ConcurrentQueue<(HidReportType Type, byte Id)> _requests = new();
    private volatile Func<HidReportType, byte, CancellationToken, ValueTask>? _fault;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Description => "scripted " + name;

    /// <inheritdoc/>
    public HidIdentity Identity => identity;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReportDescriptor => reportDescriptor;

    /// <summary>Every request so far, oldest first.</summary>
    public IReadOnlyList<(HidReportType Type, byte Id)> Requests => [.. _requests];

    /// <summary>Sets the report that the device gives when asked; its number stands in the first byte.</summary>
    public ScriptedHidPort Set(HidReportType type, params byte[] report)
    {
        _reports[(type, report[0])] = report;
        return this;
    }

    /// <summary>The device sends an input report by itself; its number stands in the first byte.</summary>
    public ScriptedHidPort Send(DateTimeOffset time, params byte[] report)
    {
        _sent[report[0]] = new HidReport(report, time);
        return this;
    }

    /// <summary>Goes before every answer: a fault that throws or waits. A null fault ends the faults.</summary>
    public void SetFault(Func<HidReportType, byte, CancellationToken, ValueTask>? fault) => _fault = fault;

    /// <summary>From now on, every request waits until its caller gives up.</summary>
    public void Hang() => SetFault(async (_, _, cancellationToken) =>
        await new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously).Task.WaitAsync(cancellationToken));

    /// <summary>From now on, the device is gone: every request fails.</summary>
    public void Unplug() => SetFault((_, _, _) => throw new HardwareException(HardwareFault.Unavailable, $"{name} is gone."));

    /// <inheritdoc/>
    public async ValueTask<HidReport> GetReportAsync(HidReportType type, byte reportId, int length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _requests.Enqueue((type, reportId));
        if (_fault is { } fault)
        {
            await fault(type, reportId, cancellationToken);
        }

        return _reports.TryGetValue((type, reportId), out byte[]? report)
            ? new HidReport(report.Length <= length ? report : report[..length], DateTimeOffset.UnixEpoch)
            : throw new HardwareException(HardwareFault.Unsupported, $"{name} has no {type} report {reportId}.");
    }

    /// <inheritdoc/>
    public HidReport? LastInput(byte reportId) => _sent.GetValueOrDefault(reportId);
}
