using System.Collections.Concurrent;
using CimHost.Sdk.Hardware;

namespace CimHost.Sdk.Testing;

/// <summary>
/// A disk of a test: it answers each command with the bytes that were recorded for it, and what was not recorded as a device answers that
/// does not know the command. Faults go before answers. Every command is remembered.
/// </summary>
public sealed class ReplayDiskPort : IDiskPort
{
    private const byte CheckCondition = 0x02;
    private const ushort InvalidOpcode = 0x001;

    // Illegal request, invalid command operation code.
    private static readonly byte[] s_unknown = [0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0];

    private readonly ConcurrentDictionary<string, RecordedAnswer> _answers;
    private readonly ConcurrentQueue<string> _commands = new();
    private volatile Func<string, CancellationToken, ValueTask>? _fault;
    private int _inFlight;
    private int _maxInFlight;

    /// <summary>Creates a port from a recording.</summary>
    public ReplayDiskPort(DiskRecording recording)
    {
        Recording = recording;
        _answers = new ConcurrentDictionary<string, RecordedAnswer>(recording.Answers, StringComparer.Ordinal);
    }

    /// <summary>Where the answers come from.</summary>
    public DiskRecording Recording { get; }

    /// <inheritdoc/>
    public string Name => Recording.Name;

    /// <inheritdoc/>
    public string Description => "recorded " + Name;

    /// <inheritdoc/>
    public DiskProtocol Protocol => Recording.Protocol;

    /// <inheritdoc/>
    public string Location => Recording.Location;

    /// <summary>The commands so far, oldest first, as <see cref="DiskRecording"/> writes them.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    /// <summary>Most commands that were in flight at once.</summary>
    public int MaxInFlight => Volatile.Read(ref _maxInFlight);

    /// <summary>Answers a command otherwise from now on.</summary>
    public void Set(string command, RecordedAnswer answer) => _answers[command] = answer;

    /// <summary>Goes before every answer: a fault that throws or waits. Null ends the faults.</summary>
    public void SetFault(Func<string, CancellationToken, ValueTask>? fault) => _fault = fault;

    /// <summary>From now on commands wait until their caller gives up.</summary>
    public void Hang() => SetFault(async (_, token) => await Task.Delay(Timeout.Infinite, token));

    /// <inheritdoc/>
    public async ValueTask<ScsiResponse> ScsiAsync(ScsiCommand command, CancellationToken cancellationToken)
    {
        RecordedAnswer? answer = await AnswerAsync(DiskRecording.KeyOf(command), DiskProtocol.Scsi, cancellationToken);
        if (answer is null)
        {
            return new ScsiResponse(CheckCondition, s_unknown, default);
        }

        byte[] data = answer.Data.Length > command.TransferLength ? answer.Data[..command.TransferLength] : answer.Data;
        return new ScsiResponse((byte)answer.Status, answer.Sense, data);
    }

    /// <inheritdoc/>
    public async ValueTask<NvmeAdminResponse> NvmeAdminAsync(NvmeAdminCommand command, CancellationToken cancellationToken)
    {
        RecordedAnswer? answer = await AnswerAsync(DiskRecording.KeyOf(command), DiskProtocol.Nvme, cancellationToken);
        return answer is null ? new NvmeAdminResponse(InvalidOpcode, 0, default) : new NvmeAdminResponse(answer.Status, 0, answer.Data);
    }

    private async ValueTask<RecordedAnswer?> AnswerAsync(string key, DiskProtocol protocol, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (protocol != Protocol)
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{Description} takes no {protocol} commands.");
        }

        _commands.Enqueue(key);
        int inFlight = Interlocked.Increment(ref _inFlight);
        try
        {
            int seen = Volatile.Read(ref _maxInFlight);
            while (inFlight > seen && Interlocked.CompareExchange(ref _maxInFlight, inFlight, seen) is int other && other != seen)
            {
                seen = other;
            }

            // Let others in, so that commands that are sent at once are in flight at once.
            await Task.Yield();
            if (_fault is { } fault)
            {
                await fault(key, cancellationToken);
            }

            return _answers.GetValueOrDefault(key);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
