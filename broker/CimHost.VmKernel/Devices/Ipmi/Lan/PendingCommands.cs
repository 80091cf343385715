using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>
/// The commands in flight in one session by their 6-bit sequence number. A number whose command was sent twice or was given up is not used
/// again for a while: a late second answer must not be taken for another command's.
/// </summary>
internal sealed class PendingCommands(TimeProvider time)
{
    private const int Numbers = 64;
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly PendingCommand?[] _pending = new PendingCommand?[Numbers];
    private readonly long[] _restsUntil = new long[Numbers];
    private int _last;
    private bool _closed;

    /// <summary>Takes a number; null after <see cref="Close"/>. Callers keep fewer commands in flight than there are numbers.</summary>
    public PendingCommand? Add(in IpmiRequest request)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return null;
            }

            byte number = Choose();
            var command = new PendingCommand(number, (byte)(request.NetFn | 1), request.Command, request.IsBridged);
            _pending[number] = command;
            return command;
        }
    }

    /// <summary>Gives the number back.</summary>
    /// <param name="command">The command that ended.</param>
    /// <param name="mayBeAnsweredLater">True when a further answer to it may still be under way.</param>
    public void Remove(PendingCommand command, bool mayBeAnsweredLater)
    {
        lock (_lock)
        {
            _pending[command.Sequence] = null;
            _restsUntil[command.Sequence] = mayBeAnsweredLater ? time.GetTimestamp() + (long)(s_rest.TotalSeconds * time.TimestampFrequency) : 0;
        }
    }

    /// <summary>Hands an answer to its command; false when there is none.</summary>
    public bool TryComplete(in LanMessage message)
    {
        PendingCommand? command;
        lock (_lock)
        {
            command = _pending[message.Sequence];
        }

        if (command is null)
        {
            return false;
        }

        if (command.IsBridged && message.NetFn == (IpmiCommands.App | 1) && message.Command == IpmiCommands.SendMessage)
        {
            return TakeBridge(command, message);
        }

        return command.NetFn == message.NetFn && command.Command == message.Command
            && command.Answer.TrySetResult(new LanAnswer(LanOutcome.Answered, new IpmiResponse(message.Data[0], message.Data[1..].ToArray())));
    }

    // Send Message answers that the message went out; the command's answer comes behind, in a message of its own or within this one.
    private static bool TakeBridge(PendingCommand command, in LanMessage message)
    {
        byte code = message.Data[0];
        if (code != 0)
        {
            return command.Answer.TrySetResult(new LanAnswer(LanOutcome.NotBridged, new IpmiResponse(code, default)));
        }

        return LanMessage.TryRead(message.Data[1..], out LanMessage inner) && inner.IsResponse && inner.NetFn == command.NetFn && inner.Command == command.Command
            && command.Answer.TrySetResult(new LanAnswer(LanOutcome.Answered, new IpmiResponse(inner.Data[0], inner.Data[1..].ToArray())));
    }

    /// <summary>Ends every command; no further one is taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (PendingCommand? command in _pending)
            {
                command?.Answer.TrySetResult(new LanAnswer(LanOutcome.Closed));
            }
        }
    }

    private byte Choose()
    {
        long now = time.GetTimestamp();
        int choice = -1;
        for (int i = 1; i <= Numbers; i++)
        {
            int number = (_last + i) % Numbers;
            if (_pending[number] is null)
            {
                if (_restsUntil[number] <= now)
                {
                    choice = number;
                    break;
                }

                // When all rest, the one that has rested longest is the safest.
                choice = choice < 0 || _restsUntil[number] < _restsUntil[choice] ? number : choice;
            }
        }

        _last = choice >= 0 ? choice : throw new InvalidOperationException($"More than {Numbers} commands in flight in one session.");
        return (byte)choice;
    }
}

/// <summary>A command in flight.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="NetFn">Network function of the answer.</param>
/// <param name="Command">Command code.</param>
/// <param name="IsBridged">True when it went out within a Send Message.</param>
internal sealed record PendingCommand(byte Sequence, byte NetFn, byte Command, bool IsBridged)
{
    /// <summary>Completed by the receiving loop.</summary>
    public TaskCompletionSource<LanAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
