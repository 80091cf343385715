using System.Buffers;
using System.Net.Sockets;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Ipmi.Lan.Security;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>
/// An open session with a BMC: sends commands, several at once, matches answers by sequence number, sends again what was lost, keeps itself
/// alive. It does not open itself again; <see cref="LanIpmiPort"/> does.
/// </summary>
internal sealed class LanSession : IAsyncDisposable
{
    private const byte User = 2;

    // After the second unanswered packet, a session in which nothing at all is heard is given up.
    private const int TriesBeforeSilent = 2;

    private readonly Socket _socket;
    private readonly ISessionCodec _codec;
    private readonly uint _id;
    private readonly byte _maxPrivilege;
    private readonly LanTiming _timing;
    private readonly TimeProvider _time;
    private readonly PendingCommands _pending;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _raising = new(1);
    private readonly Task _receiving;
    private readonly Task _keepingAlive;
    private long _lastHeard;
    private long _lastMalformed = long.MinValue;
    private long _lastUsed;
    private byte _privilege = User;
    private int _disposed;

    /// <summary>Takes over the socket and the codec of a finished handshake.</summary>
    public LanSession(Socket socket, ISessionCodec codec, uint id, byte maxPrivilege, string kind, LanTiming timing, TimeProvider time)
    {
        _socket = socket;
        _codec = codec;
        _id = id;
        _maxPrivilege = maxPrivilege;
        Kind = kind;
        _timing = timing;
        _time = time;
        _pending = new PendingCommands(time);
        _lastHeard = _lastUsed = time.GetTimestamp();
        _receiving = ReceiveAsync();
        _keepingAlive = KeepAliveAsync();
    }

    /// <summary>What was agreed, for people: "RMCP+, cipher suite 17, up to ADMINISTRATOR".</summary>
    public string Kind { get; }

    /// <summary>True for RMCP+, false for IPMI 1.5.</summary>
    public bool IsRmcpPlus => _codec is RmcpPlusCodec;

    /// <summary>True when the session cannot be used any more.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <param name="request">The command.</param>
    /// <param name="limit">How long in all.</param>
    /// <param name="cancellationToken">Ends the wait at once.</param>
    public async ValueTask<LanAnswer> SendAsync(IpmiRequest request, TimeSpan limit, CancellationToken cancellationToken)
    {
        PendingCommand? command = _pending.Add(request);
        if (command is null)
        {
            return new LanAnswer(LanOutcome.Closed);
        }

        bool answeredOnce = false;
        try
        {
            (LanAnswer answer, int sent) = await SendAsync(command, request, limit, cancellationToken);
            answeredOnce = answer.Outcome == LanOutcome.Answered && sent == 1;
            return answer;
        }
        catch (ObjectDisposedException) when (IsLost)
        {
            return new LanAnswer(LanOutcome.Closed);
        }
        finally
        {
            _pending.Remove(command, mayBeAnsweredLater: !answeredOnce);
        }
    }

    /// <summary>Raises the session's privilege to what the user may have (IPMI 2.0 §22.18); false when that changes nothing.</summary>
    public async ValueTask<bool> TryRaisePrivilegeAsync(byte refusedAt, TimeSpan limit, CancellationToken cancellationToken)
    {
        await _raising.WaitAsync(cancellationToken);
        try
        {
            if (_privilege > refusedAt)
            {
                return true;
            }

            if (_privilege >= _maxPrivilege)
            {
                return false;
            }

            var request = new IpmiRequest(IpmiCommands.App, IpmiCommands.SetSessionPrivilegeLevel, new[] { _maxPrivilege });
            LanAnswer answer = await SendAsync(request, limit, cancellationToken);
            bool raised = answer is { Outcome: LanOutcome.Answered, Response.IsSuccess: true };
            _privilege = raised ? _maxPrivilege : _privilege;
            return raised;
        }
        finally
        {
            _raising.Release();
        }
    }

    /// <summary>The privilege at which commands run now.</summary>
    public byte Privilege => _privilege;

    /// <summary>Closes the session at the BMC if it still answers, and lets go of the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        byte[] id = BitConverter.GetBytes(_id);
        if (!BitConverter.IsLittleEndian)
        {
            Array.Reverse(id);
        }

        // One try: a BMC that does not answer ends the session by itself. A lost session is closed blindly, so that it does not hold a slot.
        await SendAsync(new IpmiRequest(IpmiCommands.App, IpmiCommands.CloseSession, id), IsLost ? TimeSpan.Zero : _timing.Try, CancellationToken.None);
        IsLost = true;
        await _stop.CancelAsync();
        _pending.Close();
        await _receiving;
        await _keepingAlive;
        _socket.Dispose();
        _codec.Dispose();
        _stop.Dispose();
    }

    /// <summary>Gives up a session in which nothing is heard any more: asks the BMC once, without waiting, to free its slot.</summary>
    public Task AbandonAsync()
    {
        IsLost = true;
        return DisposeAsync().AsTask();
    }

    private async Task<(LanAnswer Answer, int Sent)> SendAsync(PendingCommand command, IpmiRequest request, TimeSpan limit, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        TimeSpan wait = _timing.Try;
        for (int sent = 1; ; sent++)
        {
            await TransmitAsync(command, request, cancellationToken);
            TimeSpan left = limit - _time.GetElapsedTime(start);
            TimeSpan pause = left < wait ? left : wait;
            if (pause > TimeSpan.Zero)
            {
                try
                {
                    return (await command.Answer.Task.WaitAsync(pause, _time, cancellationToken), sent);
                }
                catch (TimeoutException)
                {
                    wait = LanTiming.Longer(wait);
                }
            }

            bool heard = Volatile.Read(ref _lastHeard) >= start;
            if (!heard && sent >= TriesBeforeSilent)
            {
                return (new LanAnswer(LanOutcome.Silent), sent);
            }

            if (_time.GetElapsedTime(start) >= limit)
            {
                bool malformed = Volatile.Read(ref _lastMalformed) >= start;
                return (new LanAnswer(malformed ? LanOutcome.Malformed : heard ? LanOutcome.TimedOut : LanOutcome.Silent), sent);
            }
        }
    }

    private async ValueTask TransmitAsync(PendingCommand command, IpmiRequest request, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ISessionCodec.MaxPacket);
        try
        {
            int length = Wrap(command, request, buffer);
            Volatile.Write(ref _lastUsed, _time.GetTimestamp());
            await _socket.SendAsync(buffer.AsMemory(0, length), SocketFlags.None, cancellationToken);
        }
        catch (SocketException e) when (LanTransport.IsTransient(e))
        {
            // The network's complaint about an earlier packet; this one counts as lost and is sent again like any other.
            Volatile.Write(ref _lastUsed, _time.GetTimestamp());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int Wrap(PendingCommand command, IpmiRequest request, Span<byte> packet)
    {
        Span<byte> message = stackalloc byte[ISessionCodec.MaxMessage];
        int length = request.IsBridged
            ? WriteBridged(command, request, message)
            : new LanMessage(LanMessage.BmcAddress, request.NetFn, request.Lun, LanMessage.ConsoleAddress, command.Sequence, 0, request.Command, request.Data.Span).Write(message);
        return _codec.Wrap(message[..length], packet);
    }

    // §6.13.2: towards the controller the BMC is the requester; the answer comes back with the same sequence number.
    private static int WriteBridged(PendingCommand command, IpmiRequest request, Span<byte> message)
    {
        Span<byte> data = stackalloc byte[ISessionCodec.MaxMessage];
        var inner = new LanMessage(request.Target, request.NetFn, request.Lun, LanMessage.BmcAddress, command.Sequence, 0, request.Command, request.Data.Span);
        int length = BridgedMessage.Write(request.Channel, inner, data);
        return new LanMessage(LanMessage.BmcAddress, IpmiCommands.App, 0, LanMessage.ConsoleAddress, command.Sequence, 0, IpmiCommands.SendMessage, data[..length]).Write(message);
    }

    private async Task ReceiveAsync()
    {
        byte[] packet = new byte[ISessionCodec.MaxPacket + 1];
        byte[] message = new byte[ISessionCodec.MaxPacket];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                int received = await _socket.ReceiveAsync(packet, SocketFlags.None, _stop.Token);
                if (_codec.TryUnwrap(packet.AsSpan(0, received), message, out int length))
                {
                    Take(message.AsSpan(0, length));
                }
            }
            catch (SocketException e) when (LanTransport.IsTransient(e))
            {
                // "Nothing listens there" about a packet that was sent; its command runs into its own time limit.
                continue;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                IsLost = true;
                _pending.Close();
                return;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        long now = _time.GetTimestamp();
        Volatile.Write(ref _lastHeard, now);
        if (!LanMessage.TryRead(bytes, out LanMessage message) || !message.IsResponse)
        {
            Volatile.Write(ref _lastMalformed, now);
            return;
        }

        _pending.TryComplete(message);
    }

    private async Task KeepAliveAsync()
    {
        using var timer = new PeriodicTimer(_timing.KeepAlive / 2, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token) && !IsLost)
            {
                if (_time.GetElapsedTime(Volatile.Read(ref _lastUsed)) >= _timing.KeepAlive / 2)
                {
                    LanAnswer answer = await SendAsync(new IpmiRequest(IpmiCommands.App, IpmiCommands.GetDeviceId), _timing.Total, _stop.Token);
                    IsLost |= answer.Outcome == LanOutcome.Silent;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The session is being closed: nothing is left to keep alive.
            return;
        }
    }
}
