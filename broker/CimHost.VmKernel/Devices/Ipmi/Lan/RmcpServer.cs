using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Ipmi.Lan.Security;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>
/// Serves any IPMI port over RMCP+ (cipher suites 3 and 17), so that ipmitool and its like can talk to an emulated machine. Answers presence
/// pings, the questions before a session, the log-in, session commands; everything else goes to the port. Bounded in sessions and in
/// commands under way: what is over is dropped, as a BMC does, and counted in <see cref="Dropped"/>.
/// </summary>
public sealed partial class RmcpServer : IAsyncDisposable
{
    private const int MaxSessions = 16;
    private const int MaxInFlight = 64;
    private static readonly TimeSpan s_sessionTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_taken = TimeSpan.FromMilliseconds(250);

    private readonly Socket _socket;
    private readonly IIpmiPort _port;
    private readonly ILogger _logger;
    private readonly RmcpServerSessions _sessions;
    private readonly RmcpServerLogin _login;
    private readonly RmcpServerCommands _commands;
    private readonly SemaphoreSlim _inFlight = new(MaxInFlight);
    private readonly CancellationTokenSource _stop = new();

    // Sessions belong to the receiving loop and to answers that come back from the port.
    private readonly Lock _lock = new();
    private readonly Task _receiving;
    private long _dropped;

    /// <summary>Binds the address and begins to serve; port 0 takes any free one.</summary>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    /// <exception cref="ArgumentException">A user's name or password is longer than IPMI allows, or the password is empty.</exception>
    public RmcpServer(IPEndPoint address, IIpmiPort port, IReadOnlyList<RmcpUser> users, ILogger logger, TimeProvider? time = null)
    {
        foreach (RmcpUser user in users)
        {
            if (user.Password.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(user.Name) > Wire.Rakp1.MaxUserName)
            {
                throw new ArgumentException($"RMCP {user}: a name has at most {Wire.Rakp1.MaxUserName} bytes and the password may not be empty.", nameof(users));
            }

            KeyExchange.PasswordBytes(user.Password, KeyExchange.MaxPassword);
        }

        _port = port;
        _logger = logger;
        _sessions = new RmcpServerSessions(MaxSessions, s_sessionTimeout, time ?? TimeProvider.System);
        _login = new RmcpServerLogin(users, _sessions);
        _commands = new RmcpServerCommands(_sessions);
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(address);
        LocalEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _receiving = Task.Run(ReceiveAsync);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Commands that were dropped because too many were under way.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Active sessions.</summary>
    public int ActiveSessions
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Active.Length;
            }
        }
    }

    /// <summary>Ends every session without a word, as a BMC that restarts.</summary>
    public void ForgetSessions()
    {
        lock (_lock)
        {
            _sessions.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _receiving;

        // Commands under way end with the token; each gives its place back last.
        for (int i = 0; i < MaxInFlight; i++)
        {
            await _inFlight.WaitAsync();
        }

        _socket.Dispose();
        _sessions.Dispose();
        _stop.Dispose();
        _inFlight.Dispose();
    }

    private async Task ReceiveAsync()
    {
        byte[] packet = new byte[ISessionCodec.MaxPacket + 1];
        byte[] answer = new byte[ISessionCodec.MaxPacket];
        var any = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (true)
        {
            try
            {
                SocketReceiveFromResult received = await _socket.ReceiveFromAsync(packet, SocketFlags.None, any, _stop.Token);
                int length = Answer(packet.AsSpan(0, received.ReceivedBytes), answer, received.RemoteEndPoint);
                if (length > 0)
                {
                    await _socket.SendToAsync(answer.AsMemory(0, length), SocketFlags.None, received.RemoteEndPoint, _stop.Token);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e) when (LanTransport.IsTransient(e))
            {
                // A console that went away before its answer reached it.
                LogUnreachable(e.Message);
            }
            catch (SocketException e)
            {
                LogStopped(LocalEndPoint, e);
                return;
            }
        }
    }

    /// <summary>The answer that can be given at once, and its length; a command for the port is started and answers by itself.</summary>
    internal int Answer(ReadOnlySpan<byte> packet, Span<byte> answer, EndPoint from)
    {
        if (packet.Length > ISessionCodec.MaxPacket || !RmcpHeader.TryRead(packet, out RmcpHeader header) || header.IsAcknowledge)
        {
            return 0;
        }

        ReadOnlySpan<byte> body = packet[RmcpHeader.Length..];
        if (header.Class == RmcpClass.Asf)
        {
            return AsfPing.TryRead(body, out AsfPing ping) ? Pong(ping, answer) : 0;
        }

        if (header.Class != RmcpClass.Ipmi)
        {
            return 0;
        }

        if (SessionHeader.TryRead(body, out SessionHeader old))
        {
            return old is { Type: AuthenticationType.None, SessionId: 0 } ? AnswerOutsideSession(body.Slice(old.PayloadOffset, old.PayloadLength), answer) : 0;
        }

        return RmcpPlusHeader.TryRead(body, out RmcpPlusHeader plus) ? AnswerRmcpPlus(packet, plus, answer, from) : 0;
    }

    private static int Pong(AsfPing ping, Span<byte> answer)
    {
        int at = new RmcpHeader(0xFF, RmcpClass.Asf).Write(answer);
        return at + new AsfPong(ping.Tag, true).Write(answer[at..]);
    }

    private static int AnswerOutsideSession(ReadOnlySpan<byte> bytes, Span<byte> answer)
    {
        if (!LanMessage.TryRead(bytes, out LanMessage request) || request.IsResponse)
        {
            return 0;
        }

        byte[]? data = RmcpServerCommands.AnswerOutsideSession(request);
        if (data is null)
        {
            return 0;
        }

        byte[] message = Response(request.Source, request.NetFn, request.SourceLun, request.Target, request.Sequence, request.TargetLun, request.Command, data);
        using var codec = new SessionCodec15(AuthenticationType.None, 0, 0, []);
        return codec.Wrap(message, answer);
    }

    private int AnswerRmcpPlus(ReadOnlySpan<byte> packet, RmcpPlusHeader header, Span<byte> answer, EndPoint from)
    {
        ReadOnlySpan<byte> payload = packet.Slice(RmcpHeader.Length + RmcpPlusHeader.Length, header.PayloadLength);
        Span<byte> to = answer[(RmcpHeader.Length + RmcpPlusHeader.Length)..];
        lock (_lock)
        {
            int length;
            switch (header.Type)
            {
                case PayloadType.OpenSessionRequest when header.SessionId == 0:
                    length = _login.Open(payload, to);
                    break;
                case PayloadType.Rakp1 when header.SessionId == 0:
                    length = _login.Rakp1(payload, to);
                    break;
                case PayloadType.Rakp3 when header.SessionId == 0:
                    length = _login.Rakp3(payload, to);
                    break;
                case PayloadType.Ipmi:
                    return AnswerInSession(packet, header.SessionId, answer, from);
                default:
                    return 0;
            }

            if (length == 0)
            {
                return 0;
            }

            int at = RmcpHeader.Ipmi.Write(answer);
            return at + length + new RmcpPlusHeader(header.Type + 1, false, false, 0, 0, (ushort)length).Write(answer[at..]);
        }
    }

    private int AnswerInSession(ReadOnlySpan<byte> packet, uint id, Span<byte> answer, EndPoint from)
    {
        Span<byte> bytes = stackalloc byte[ISessionCodec.MaxPacket];
        if (_sessions.Find(id) is not { Codec: { } codec } session
            || !codec.TryUnwrap(packet, bytes, out int length)
            || !LanMessage.TryRead(bytes[..length], out LanMessage request)
            || request.IsResponse)
        {
            return 0;
        }

        _sessions.Touch(session);
        if (_commands.AnswerInSession(session, request) is { } data)
        {
            int written = codec.Wrap(Response(request.Source, request.NetFn, request.SourceLun, request.Target, request.Sequence, request.TargetLun, request.Command, data), answer);
            if (_commands.IsClosed(session))
            {
                _sessions.Remove(session);
            }

            return written;
        }

        bool isBridged = request is { NetFn: IpmiCommands.App, Command: IpmiCommands.SendMessage };
        scoped BridgedMessage bridged = default;
        if (isBridged && Refusal(session, request.Data, out bridged) is { } code)
        {
            return codec.Wrap(Response(request.Source, request.NetFn, request.SourceLun, request.Target, request.Sequence, request.TargetLun, request.Command, [code]), answer);
        }

        if (!_inFlight.Wait(0))
        {
            Interlocked.Increment(ref _dropped);
            return 0;
        }

        var frame = new ResponseFrame(request.Source, request.SourceLun, request.Target, request.TargetLun, request.Sequence);
        LanMessage asked = isBridged ? bridged.Message : request;
        var forPort = new IpmiRequest(asked.NetFn, asked.Command, asked.Data.ToArray(), asked.TargetLun, isBridged ? asked.Target : (byte)0, bridged.Channel);
        _ = isBridged
            ? BridgeAsync(id, forPort, frame, frame with { Target = asked.Target, TargetLun = asked.TargetLun, Sequence = asked.Sequence }, from)
            : ForwardAsync(id, forPort, frame, from);
        return 0;
    }

    // §22.7. What a bridged command needs is no less than what it would need at the BMC itself.
    private static byte? Refusal(RmcpServerSession session, ReadOnlySpan<byte> data, out BridgedMessage bridged)
    {
        if (!BridgedMessage.TryRead(data, out bridged) || !bridged.IsTracked || bridged.Message.Target is 0 or LanMessage.BmcAddress)
        {
            return IpmiCommands.InvalidField;
        }

        byte needed = RmcpPrivileges.Needed(new IpmiRequest(bridged.Message.NetFn, bridged.Message.Command));
        return session.Privilege >= needed ? null : IpmiCommands.InsufficientPrivilege;
    }

    private Task ForwardAsync(uint id, IpmiRequest request, ResponseFrame frame, EndPoint from) => AnswerLaterAsync(request, async () =>
        await SendAsync(id, request.NetFn, request.Command, await _port.SendAsync(request, _stop.Token), frame, from));

    // The BMC first says that the message went out, and then brings the answer; one that nobody takes is told at once (§22.7). Whether one
    // takes it shows in a moment: a controller that is slow, or does not answer at all, has taken it.
    private Task BridgeAsync(uint id, IpmiRequest request, ResponseFrame outer, ResponseFrame inner, EndPoint from) => AnswerLaterAsync(request, async () =>
    {
        try
        {
            Task<IpmiResponse> answered = _port.SendAsync(request, _stop.Token).AsTask();
            using var taken = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            if (await Task.WhenAny(answered, Task.Delay(s_taken, taken.Token)) == answered)
            {
                await taken.CancelAsync();
                await answered;
            }

            await SendAsync(id, IpmiCommands.App, IpmiCommands.SendMessage, default, outer, from);
            await SendAsync(id, request.NetFn, request.Command, await answered, inner, from);
        }
        catch (HardwareException e) when (e.Fault == HardwareFault.Unavailable)
        {
            await SendAsync(id, IpmiCommands.App, IpmiCommands.SendMessage, new IpmiResponse(IpmiCommands.NotAcknowledged, default), outer, from);
        }
    });

    private async ValueTask SendAsync(uint id, byte netFn, byte command, IpmiResponse response, ResponseFrame frame, EndPoint to)
    {
        byte[] message = Response(frame.Source, netFn, frame.SourceLun, frame.Target, frame.Sequence, frame.TargetLun, command, [response.CompletionCode, .. response.Data.Span]);
        byte[] packet = new byte[ISessionCodec.MaxPacket];
        int length = Wrap(id, message, packet);
        if (length > 0)
        {
            await _socket.SendToAsync(packet.AsMemory(0, length), SocketFlags.None, to, _stop.Token);
        }
    }

    private async Task AnswerLaterAsync(IpmiRequest request, Func<Task> answer)
    {
        try
        {
            // Off the receiving loop: a port may take its time before its first wait.
            await Task.Yield();
            await answer();
        }
        catch (HardwareException e)
        {
            // The port has no answer; neither has the BMC, and the console runs into its own time limit.
            LogNoAnswer(request.NetFn, request.Command, e.Message);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            LogNoAnswer(request.NetFn, request.Command, "the server stops");
        }
        catch (SocketException e) when (LanTransport.IsTransient(e))
        {
            LogUnreachable(e.Message);
        }
        catch (Exception e)
        {
            LogDefect(_port.Name, e);
        }
        finally
        {
            _inFlight.Release();
        }
    }

    private int Wrap(uint id, ReadOnlySpan<byte> message, Span<byte> packet)
    {
        lock (_lock)
        {
            return message.Length <= ISessionCodec.MaxMessage && _sessions.Find(id) is { Codec: { } codec } ? codec.Wrap(message, packet) : 0;
        }
    }

    private static byte[] Response(byte target, byte netFn, byte targetLun, byte source, byte sequence, byte sourceLun, byte command, ReadOnlySpan<byte> data)
    {
        byte[] bytes = new byte[LanMessage.Overhead + data.Length];
        new LanMessage(target, (byte)(netFn | 1), targetLun, source, sequence, sourceLun, command, data).Write(bytes);
        return bytes;
    }

    [LoggerMessage(4111, LogLevel.Debug, "RMCP: no answer to command {NetFn:X2}h/{Command:X2}h: {Reason}.")]
    private partial void LogNoAnswer(byte netFn, byte command, string reason);

    [LoggerMessage(4112, LogLevel.Error, "RMCP: port {Port} failed for a reason that was not foreseen.")]
    private partial void LogDefect(string port, Exception exception);

    [LoggerMessage(4113, LogLevel.Error, "RMCP: the server on {Address} stopped.")]
    private partial void LogStopped(IPEndPoint address, Exception exception);

    [LoggerMessage(4114, LogLevel.Debug, "RMCP: a console cannot be reached any more: {Reason}.")]
    private partial void LogUnreachable(string reason);

    private readonly record struct ResponseFrame(byte Source, byte SourceLun, byte Target, byte TargetLun, byte Sequence);
}
