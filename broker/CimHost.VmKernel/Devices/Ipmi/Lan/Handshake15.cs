using System.Buffers.Binary;
using System.Security.Cryptography;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Ipmi.Lan.Security;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>Opens an IPMI 1.5 session with a BMC that has no RMCP+ (IPMI 2.0 §13.14): Get Session Challenge, Activate Session.</summary>
internal sealed class Handshake15(RemoteBmc bmc, string who, LanTransport transport, LanTiming timing, TimeProvider time)
{
    private const int UserNameLength = 16;
    private const byte PrivilegeTooHigh = 0x86;

    /// <summary>Opens the session.</summary>
    /// <exception cref="HardwareException">The BMC refused or did not answer.</exception>
    /// <exception cref="ArgumentException">The password is longer than IPMI 1.5 allows.</exception>
    public async Task<LanSession> OpenAsync(SessionlessCommands commands, AuthenticationCapabilities capabilities, byte[] userName, CancellationToken cancellationToken)
    {
        AuthenticationType type = capabilities switch
        {
            { SupportsMd5: true } => AuthenticationType.Md5,
            { SupportsPassword: true } => AuthenticationType.Password,
            { SupportsNone: true } when bmc.Password.Length == 0 => AuthenticationType.None,
            _ => throw Refused("it has neither RMCP+ nor MD5 nor password authentication (MD2 is not supported)"),
        };

        // One attempt for each privilege, highest first; each needs a challenge of its own.
        byte lastCode = 0;
        foreach (byte privilege in (byte[])[4, 3, 2])
        {
            (uint id, byte[] challenge) = await ChallengeAsync(commands, type, userName, cancellationToken);
            IpmiResponse answer = await ActivateAsync(commands, type, id, challenge, privilege, cancellationToken);
            if (answer.IsSuccess)
            {
                return Start(answer.Data.Span, type, privilege);
            }

            lastCode = answer.CompletionCode;
            if (lastCode != PrivilegeTooHigh)
            {
                break;
            }
        }

        throw Refused(lastCode switch
        {
            0x81 or 0x82 or 0x83 => "it has no room for another session",
            PrivilegeTooHigh => "the user may not even read",
            _ => "the password is wrong or the user may not log in over the network",
        } + $" (Activate Session, completion code {lastCode:X2}h)");
    }

    private async Task<(uint Id, byte[] Challenge)> ChallengeAsync(SessionlessCommands commands, AuthenticationType type, byte[] userName, CancellationToken cancellationToken)
    {
        byte[] data = new byte[1 + UserNameLength];
        data[0] = (byte)type;
        userName.CopyTo(data, 1);
        IpmiResponse answer = await commands.SendAsync(new IpmiRequest(IpmiCommands.App, IpmiCommands.GetSessionChallenge, data), cancellationToken);
        if (!answer.IsSuccess)
        {
            string why = answer.CompletionCode is 0x81 or 0x82 ? "it does not know the user name" : "it gives no session challenge";
            throw Refused($"{why} (Get Session Challenge, completion code {answer.CompletionCode:X2}h)");
        }

        return answer.Data.Length >= 20
            ? (BinaryPrimitives.ReadUInt32LittleEndian(answer.Data.Span), answer.Data[4..20].ToArray())
            : throw Malformed("Get Session Challenge");
    }

    private async Task<IpmiResponse> ActivateAsync(
        SessionlessCommands commands, AuthenticationType type, uint id, byte[] challenge, byte privilege, CancellationToken cancellationToken)
    {
        byte[] data = new byte[22];
        data[0] = (byte)type;
        data[1] = privilege;
        challenge.CopyTo(data, 2);

        // Where the BMC begins to number its packets; not 0.
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(18), (uint)RandomNumberGenerator.GetInt32(1, 1 << 24));
        using var codec = new SessionCodec15(type, id, 0, KeyExchange.PasswordBytes(bmc.Password, SessionCodec15.MaxPassword));
        return await commands.SendAsync(
            new IpmiRequest(IpmiCommands.App, IpmiCommands.ActivateSession, data), codec, "Activate Session (a wrong password can be the reason)", cancellationToken);
    }

    private LanSession Start(ReadOnlySpan<byte> data, AuthenticationType challenged, byte privilege)
    {
        if (data.Length < 10)
        {
            throw Malformed("Activate Session");
        }

        // The BMC says how the packets from now on are authenticated; it may drop authentication, never change it to another kind.
        var type = (AuthenticationType)(data[0] & 0x0F);
        if (type != challenged && type != AuthenticationType.None)
        {
            throw Malformed("Activate Session");
        }

        uint id = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
        uint sequence = BinaryPrimitives.ReadUInt32LittleEndian(data[5..]);
        byte granted = (byte)(data[9] & 0x0F);
        byte limit = granted is >= 1 and <= 4 ? granted : privilege;
        var codec = new SessionCodec15(type, id, sequence == 0 ? 1 : sequence, KeyExchange.PasswordBytes(bmc.Password, SessionCodec15.MaxPassword));
        string kind = $"IPMI 1.5, {(type == AuthenticationType.Md5 ? "MD5" : type == AuthenticationType.Password ? "password in clear" : "no")} authentication, up to {LanIpmiPort.PrivilegeName(limit)}";
        return new LanSession(transport.Release(), codec, id, limit, kind, timing, time);
    }

    private HardwareException Refused(string why) => new(HardwareFault.Unavailable, $"{who} refused the IPMI 1.5 log-in of user '{bmc.UserName}': {why}.");

    private HardwareException Malformed(string command) => new(HardwareFault.Malformed, $"{who}: the answer to {command} breaks its format.");
}
