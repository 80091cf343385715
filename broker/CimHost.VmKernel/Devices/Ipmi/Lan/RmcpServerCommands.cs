using System.Buffers.Binary;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Ipmi.Lan.Security;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>The commands about channel and sessions that an RMCP server answers itself; what it answers begins with the completion code.</summary>
internal sealed class RmcpServerCommands(RmcpServerSessions sessions)
{
    private const byte Channel = 1;
    private const byte CurrentChannel = 0x0E;

    // Authentication status (§22.13): there are users with names, none without.
    private const byte NamedUsersOnly = 0x04;

    private RmcpServerSession? _closed;

    /// <summary>Answers a command outside a session; null for every command that needs one, which is dropped.</summary>
    public static byte[]? AnswerOutsideSession(in LanMessage request) => request switch
    {
        { NetFn: IpmiCommands.App, Command: IpmiCommands.GetChannelAuthenticationCapabilities } => Capabilities(request.Data),
        { NetFn: IpmiCommands.App, Command: IpmiCommands.GetChannelCipherSuites } => CipherSuites(request.Data),
        { NetFn: IpmiCommands.App, Command: IpmiCommands.GetSessionChallenge or IpmiCommands.ActivateSession } => [IpmiCommands.InvalidCommand],
        _ => null,
    };

    /// <summary>Answers a command in a session; null when it is one for the port and the session's privilege is enough.</summary>
    public byte[]? AnswerInSession(RmcpServerSession session, in LanMessage request)
    {
        if (request.NetFn == IpmiCommands.App)
        {
            switch (request.Command)
            {
                case IpmiCommands.GetChannelAuthenticationCapabilities:
                    return Capabilities(request.Data);
                case IpmiCommands.GetChannelCipherSuites:
                    return CipherSuites(request.Data);
                case IpmiCommands.SetSessionPrivilegeLevel:
                    return SetPrivilege(session, request.Data);
                case IpmiCommands.CloseSession:
                    return Close(session, request.Data);
                case IpmiCommands.GetSessionInfo:
                    return Info(session, request.Data);
            }
        }

        byte needed = RmcpPrivileges.Needed(new IpmiRequest(request.NetFn, request.Command));
        return session.Privilege >= needed ? null : [IpmiCommands.InsufficientPrivilege];
    }

    /// <summary>True once, after this session closed itself: its answer still goes out in it.</summary>
    public bool IsClosed(RmcpServerSession session)
    {
        bool closed = _closed == session;
        _closed = closed ? null : _closed;
        return closed;
    }

    private static byte[] Capabilities(ReadOnlySpan<byte> data)
    {
        if (data.Length != 2)
        {
            return [IpmiCommands.InvalidLength];
        }

        if ((data[0] & 0x0F) is not (CurrentChannel or Channel) || (data[1] & 0x0F) is < 1 or > 5)
        {
            return [IpmiCommands.InvalidField];
        }

        byte[] answer = new byte[1 + AuthenticationCapabilities.Length];
        new AuthenticationCapabilities(Channel, false, false, false, true, NamedUsersOnly).Write(answer.AsSpan(1));
        return answer;
    }

    // §22.15: pieces of 16 bytes of the list of records, or of the algorithms of each kind once when the list is not asked for by suite.
    private static byte[] CipherSuites(ReadOnlySpan<byte> data)
    {
        if (data.Length != 3)
        {
            return [IpmiCommands.InvalidLength];
        }

        if ((data[0] & 0x0F) is not (CurrentChannel or Channel))
        {
            return [IpmiCommands.InvalidField];
        }

        byte[] list = (data[2] & 0x80) != 0
            ? [.. RmcpServerLogin.Suites.SelectMany(s => CipherSuiteRecords.Record(s.Id, s.Algorithms))]
            : [.. RmcpServerLogin.Suites.SelectMany(s => CipherSuiteRecords.Record(s.Id, s.Algorithms)[2..]).Distinct().Order()];
        int from = Math.Min((data[2] & 0x3F) * CipherSuiteRecords.Piece, list.Length);
        return [0, Channel, .. list.AsSpan(from, Math.Min(CipherSuiteRecords.Piece, list.Length - from))];
    }

    // §22.18: 0 asks for the present level.
    private static byte[] SetPrivilege(RmcpServerSession session, ReadOnlySpan<byte> data)
    {
        const byte NotAvailable = 0x80;
        const byte AboveLimit = 0x81;
        if (data.Length != 1)
        {
            return [IpmiCommands.InvalidLength];
        }

        byte level = (byte)(data[0] & 0x0F);
        if (level is 1 or > 5)
        {
            return [NotAvailable];
        }

        if (level > session.MaxPrivilege)
        {
            return [AboveLimit];
        }

        session.Privilege = level == 0 ? session.Privilege : level;
        return [0, session.Privilege];
    }

    // §22.19: another session is an administrator's to close.
    private byte[] Close(RmcpServerSession session, ReadOnlySpan<byte> data)
    {
        const byte InvalidSessionId = 0x87;
        if (data.Length < 4)
        {
            return [IpmiCommands.InvalidLength];
        }

        uint id = BinaryPrimitives.ReadUInt32LittleEndian(data);
        if (id == session.Id)
        {
            _closed = session;
            return [0];
        }

        if (session.Privilege < 4)
        {
            return [IpmiCommands.InsufficientPrivilege];
        }

        if (sessions.Find(id) is not { } other)
        {
            return [InvalidSessionId];
        }

        sessions.Remove(other);
        return [0];
    }

    // §22.20.
    private byte[] Info(RmcpServerSession session, ReadOnlySpan<byte> data)
    {
        if (data.Length < 1)
        {
            return [IpmiCommands.InvalidLength];
        }

        RmcpServerSession[] active = sessions.Active;
        RmcpServerSession? found;
        switch (data[0])
        {
            case 0x00:
                found = session;
                break;
            case 0xFE when data.Length >= 2:
                byte handle = data[1];
                found = active.FirstOrDefault(s => s.Handle == handle);
                break;
            case 0xFF when data.Length >= 5:
                uint id = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
                found = active.FirstOrDefault(s => s.Id == id);
                break;
            case 0xFE or 0xFF:
                return [IpmiCommands.InvalidLength];
            default:
                found = active.ElementAtOrDefault(data[0] - 1);
                break;
        }

        byte[] counts = [0, found?.Handle ?? 0, (byte)sessions.Capacity, (byte)active.Length];

        // Channel protocol in the high nibble: 1, RMCP+.
        return found is null ? counts : [.. counts, found.UserNumber, found.Privilege, 0x10 | Channel];
    }
}
