using System.Buffers.Binary;
using System.Security.Cryptography;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Ipmi.Lan.Security;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>Opens an RMCP+ session with one cipher suite: Open Session and the four RAKP messages (IPMI 2.0 §13.17 to §13.24).</summary>
internal sealed class HandshakeRmcpPlus(RemoteBmc bmc, string who, LanTransport transport, LanTiming timing, TimeProvider time, CipherSuite suite, bool needsBmcKey)
{
    private const byte ByNameAlone = 0x10;
    private const byte PrivilegeMask = 0x0F;

    // By name alone first, as most BMCs keep one entry a user; a BMC that wants name and privilege together is asked so afterwards.
    private static readonly byte[] s_roles = [ByNameAlone | 4, ByNameAlone | 3, ByNameAlone | 2];
    private static readonly byte[] s_rolesWithPrivilege = [4, 3, 2];

    private byte _tag;

    /// <summary>Opens the session; else the reason, when another cipher suite may do.</summary>
    /// <exception cref="HardwareException">The BMC refused for a reason that no other suite changes, or did not answer.</exception>
    public async Task<(LanSession? Session, HardwareException? Failure)> OpenAsync(byte[] userName, CancellationToken cancellationToken)
    {
        Refusal refusal = default;
        foreach (byte role in s_roles)
        {
            (LanSession? session, refusal) = await TryAsync(role, userName, cancellationToken);
            if (session is not null)
            {
                return (session, null);
            }

            if (refusal.Status is not (RakpStatus.UnauthorizedRole or RakpStatus.InvalidRole or RakpStatus.InsufficientResourcesForRole))
            {
                break;
            }
        }

        if (refusal.Status == RakpStatus.UnauthorizedName)
        {
            foreach (byte role in s_rolesWithPrivilege)
            {
                (LanSession? session, refusal) = await TryAsync(role, userName, cancellationToken);
                if (session is not null)
                {
                    return (session, null);
                }
            }
        }

        var failure = new HardwareException(HardwareFault.Unavailable, $"{who} refused {refusal.Step} for user '{bmc.UserName}' with {suite}: {refusal.Status.Describe()}.");
        return refusal.Status.IsAboutAlgorithms() ? (null, failure) : throw failure;
    }

    private async Task<(LanSession? Session, Refusal Refusal)> TryAsync(byte role, byte[] userName, CancellationToken cancellationToken)
    {
        while (true)
        {
            int before = transport.Retransmissions;
            (LanSession? session, Refusal refusal) = await OnceAsync(role, userName, cancellationToken);

            // A message that was sent twice can make the BMC begin again in the middle; what it then refuses says nothing about the user.
            bool confused = transport.Retransmissions > before && refusal.Status is RakpStatus.InvalidSessionId or RakpStatus.InactiveSessionId or RakpStatus.InvalidIntegrityCheck;
            if (session is not null || !confused || transport.IsExpired)
            {
                return (session, refusal);
            }
        }
    }

    private async Task<(LanSession? Session, Refusal Refusal)> OnceAsync(byte role, byte[] userName, CancellationToken cancellationToken)
    {
        uint consoleId = BinaryPrimitives.ReadUInt32LittleEndian(RandomNumberGenerator.GetBytes(4)) | 1;
        OpenSessionResponse opened = await OpenSessionAsync(consoleId, cancellationToken);
        if (opened.Status != RakpStatus.Success)
        {
            return (null, new Refusal(opened.Status, "to open a session"));
        }

        if (opened.Algorithms != suite.Algorithms)
        {
            throw new HardwareException(HardwareFault.Malformed, $"{who} accepted {suite} but named other algorithms.");
        }

        var exchange = new KeyExchange(suite, userName, bmc.Password)
        {
            ConsoleSessionId = consoleId,
            BmcSessionId = opened.BmcSessionId,
            Role = role,
            ConsoleRandom = RandomNumberGenerator.GetBytes(16),
        };
        RakpStatus status = await ExchangeKeysAsync(exchange, userName, cancellationToken);
        if (status != RakpStatus.Success)
        {
            return (null, new Refusal(status, "the log-in"));
        }

        byte[] sessionKey = exchange.SessionKey();
        status = await ConfirmAsync(exchange, sessionKey, cancellationToken);
        if (status != RakpStatus.Success)
        {
            return (null, new Refusal(status, "the log-in"));
        }

        var codec = new RmcpPlusCodec(exchange, sessionKey, isConsole: true);
        string kind = $"RMCP+, {suite}, up to {LanIpmiPort.PrivilegeName((byte)(role & PrivilegeMask))}";
        return (new LanSession(transport.Release(), codec, opened.BmcSessionId, (byte)(role & PrivilegeMask), kind, timing, time), default);
    }

    private async Task<OpenSessionResponse> OpenSessionAsync(uint consoleId, CancellationToken cancellationToken)
    {
        byte tag = ++_tag;
        byte[] body = new byte[OpenSessionRequest.Length];
        new OpenSessionRequest(tag, 0, consoleId, suite.Algorithms).Write(body);
        OpenSessionResponse answer = default;
        await transport.ExchangeAsync(
            Packet(PayloadType.OpenSessionRequest, body),
            received => TryPayload(received.Span, PayloadType.OpenSessionResponse, out ReadOnlySpan<byte> payload)
                && OpenSessionResponse.TryRead(payload, out answer) && answer.Tag == tag
                && (answer.ConsoleSessionId == consoleId || answer is { ConsoleSessionId: 0, Status: not RakpStatus.Success }),
            "Open Session",
            cancellationToken);
        return answer;
    }

    // RAKP messages 1 and 2: both random numbers, and the proof that the BMC knows the password.
    private async Task<RakpStatus> ExchangeKeysAsync(KeyExchange exchange, byte[] userName, CancellationToken cancellationToken)
    {
        byte tag = ++_tag;
        byte[] body = new byte[28 + userName.Length];
        new Rakp1(tag, exchange.BmcSessionId, exchange.ConsoleRandom, exchange.Role, userName).Write(body);
        RakpStatus status = default;
        byte[] code = [];
        await transport.ExchangeAsync(
            Packet(PayloadType.Rakp1, body),
            received =>
            {
                if (!TryPayload(received.Span, PayloadType.Rakp2, out ReadOnlySpan<byte> payload)
                    || !Rakp2.TryRead(payload, out Rakp2 message) || message.Tag != tag || message.ConsoleSessionId != exchange.ConsoleSessionId)
                {
                    return false;
                }

                status = message.Status;
                exchange.BmcRandom = message.BmcRandom.ToArray();
                exchange.BmcGuid = message.BmcGuid.ToArray();
                code = message.Code.ToArray();
                return true;
            },
            "RAKP message 1",
            cancellationToken);
        if (status != RakpStatus.Success || KeyExchange.Matches(exchange.Rakp2Code(), code))
        {
            return status;
        }

        // Tells the BMC to forget the half-open session; it does not answer.
        byte[] refusal = new byte[8];
        new Rakp3(++_tag, RakpStatus.InvalidIntegrityCheck, exchange.BmcSessionId, default).Write(refusal);
        await transport.SendAsync(Packet(PayloadType.Rakp3, refusal), cancellationToken);
        return RakpStatus.InvalidIntegrityCheck;
    }

    // RAKP messages 3 and 4: the proof that this side knows the password, and that both have the same session key.
    private async Task<RakpStatus> ConfirmAsync(KeyExchange exchange, byte[] sessionKey, CancellationToken cancellationToken)
    {
        byte tag = ++_tag;
        byte[] code = exchange.Rakp3Code();
        byte[] body = new byte[8 + code.Length];
        new Rakp3(tag, RakpStatus.Success, exchange.BmcSessionId, code).Write(body);
        RakpStatus status = default;
        byte[] check = [];
        await transport.ExchangeAsync(
            Packet(PayloadType.Rakp3, body),
            received =>
            {
                if (!TryPayload(received.Span, PayloadType.Rakp4, out ReadOnlySpan<byte> payload)
                    || !Rakp4.TryRead(payload, out Rakp4 message) || message.Tag != tag || message.ConsoleSessionId != exchange.ConsoleSessionId)
                {
                    return false;
                }

                status = message.Status;
                check = message.Check.ToArray();
                return true;
            },
            "RAKP message 3",
            cancellationToken);
        if (status != RakpStatus.Success || KeyExchange.Matches(exchange.Rakp4Check(sessionKey), check))
        {
            return status;
        }

        string why = needsBmcKey
            ? "it is set up with a key of its own (Kg) besides the users' passwords; clear that key, two-key log-in is not supported"
            : "its last message does not match the keys that were agreed";
        throw new HardwareException(HardwareFault.Unavailable, $"{who}: the log-in of user '{bmc.UserName}' failed: {why}.");
    }

    private static byte[] Packet(PayloadType type, ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[RmcpHeader.Length + RmcpPlusHeader.Length + payload.Length];
        int at = RmcpHeader.Ipmi.Write(packet);
        at += new RmcpPlusHeader(type, false, false, 0, 0, (ushort)payload.Length).Write(packet.AsSpan(at));
        payload.CopyTo(packet.AsSpan(at));
        return packet;
    }

    private static bool TryPayload(ReadOnlySpan<byte> packet, PayloadType type, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (!RmcpHeader.TryRead(packet, out RmcpHeader rmcp) || rmcp.Class != RmcpClass.Ipmi || rmcp.IsAcknowledge
            || !RmcpPlusHeader.TryRead(packet[RmcpHeader.Length..], out RmcpPlusHeader header)
            || header.Type != type || header.IsEncrypted || header.IsAuthenticated || header.SessionId != 0)
        {
            return false;
        }

        payload = packet.Slice(RmcpHeader.Length + RmcpPlusHeader.Length, header.PayloadLength);
        return true;
    }

    private readonly record struct Refusal(RakpStatus Status, string Step);
}
