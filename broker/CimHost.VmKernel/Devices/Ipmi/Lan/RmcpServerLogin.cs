using System.Security.Cryptography;
using System.Text;
using CimHost.VmKernel.Devices.Ipmi.Lan.Security;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>The BMC's side of opening an RMCP+ session (IPMI 2.0 §13.17 to §13.24). Each method writes an answer and returns its length, 0 for none.</summary>
internal sealed class RmcpServerLogin(IReadOnlyList<RmcpUser> users, RmcpServerSessions sessions)
{
    private const byte ByNameAlone = 0x10;
    private const byte PrivilegeMask = 0x0F;
    private const byte Administrator = 4;

    private readonly byte[] _guid = RandomNumberGenerator.GetBytes(16);

    /// <summary>Suites that sessions may have.</summary>
    public static IReadOnlyList<CipherSuite> Suites { get; } = [CipherSuite.Find(3)!, CipherSuite.Find(17)!];

    /// <summary>Answers an Open Session Request.</summary>
    public int Open(ReadOnlySpan<byte> payload, Span<byte> answer)
    {
        if (!OpenSessionRequest.TryRead(payload, out OpenSessionRequest request))
        {
            return 0;
        }

        CipherSuite? suite = Suites.FirstOrDefault(s => s.Algorithms == request.Algorithms);
        RmcpServerSession? session = suite is null || request.ConsoleSessionId == 0 ? null : sessions.Add(request.ConsoleSessionId, suite);
        RakpStatus status = session is not null ? RakpStatus.Success
            : suite is null ? RakpStatus.NoCipherSuiteMatch
            : request.ConsoleSessionId == 0 ? RakpStatus.IllegalParameter
            : RakpStatus.InsufficientResources;
        byte privilege = request.Privilege == 0 ? Administrator : Math.Min(request.Privilege, Administrator);
        return new OpenSessionResponse(request.Tag, status, privilege, request.ConsoleSessionId, session?.Id ?? 0, request.Algorithms).Write(answer);
    }

    /// <summary>Answers RAKP message 1.</summary>
    public int Rakp1(ReadOnlySpan<byte> payload, Span<byte> answer)
    {
        if (!Wire.Rakp1.TryRead(payload, out Wire.Rakp1 message) || sessions.Find(message.BmcSessionId) is not { IsActive: false } session)
        {
            return 0;
        }

        string name = Encoding.UTF8.GetString(message.UserName);
        RmcpUser? user = users.FirstOrDefault(u => u.Name == name);
        byte role = (byte)(message.Role & PrivilegeMask);
        RakpStatus status = Check(user, role, (message.Role & ByNameAlone) != 0);
        if (status != RakpStatus.Success)
        {
            sessions.Remove(session);
            return new Rakp2(message.Tag, status, session.ConsoleId, default, default, default).Write(answer);
        }

        sessions.Touch(session);
        session.User = user;
        session.UserNumber = (byte)(users.ToList().IndexOf(user!) + 1);
        session.MaxPrivilege = role;
        session.Exchange = new KeyExchange(session.Suite, message.UserName, user!.Password)
        {
            ConsoleSessionId = session.ConsoleId,
            BmcSessionId = session.Id,
            Role = message.Role,
            ConsoleRandom = message.ConsoleRandom.ToArray(),
            BmcRandom = RandomNumberGenerator.GetBytes(16),
            BmcGuid = _guid,
        };
        return new Rakp2(message.Tag, RakpStatus.Success, session.ConsoleId, session.Exchange.BmcRandom, _guid, session.Exchange.Rakp2Code()).Write(answer);
    }

    /// <summary>Answers RAKP message 3; the session is active when the password was right.</summary>
    public int Rakp3(ReadOnlySpan<byte> payload, Span<byte> answer)
    {
        if (!Wire.Rakp3.TryRead(payload, out Wire.Rakp3 message)
            || sessions.Find(message.BmcSessionId) is not { Exchange: { } exchange } session)
        {
            return 0;
        }

        if (message.Status != RakpStatus.Success || !KeyExchange.Matches(exchange.Rakp3Code(), message.Code))
        {
            // Nobody without the password ends a session that is already active.
            if (!session.IsActive)
            {
                sessions.Remove(session);
            }

            return message.Status != RakpStatus.Success ? 0 : new Rakp4(message.Tag, RakpStatus.InvalidIntegrityCheck, session.ConsoleId, default).Write(answer);
        }

        // A second copy of the message gets the same answer: the first answer was lost.
        byte[] sessionKey = exchange.SessionKey();
        session.Codec ??= new RmcpPlusCodec(exchange, sessionKey, isConsole: false);
        sessions.Touch(session);
        return new Rakp4(message.Tag, RakpStatus.Success, session.ConsoleId, exchange.Rakp4Check(sessionKey)).Write(answer);
    }

    private static RakpStatus Check(RmcpUser? user, byte role, bool byNameAlone) =>
        user is null ? RakpStatus.UnauthorizedName
        : role is < 1 or > Administrator ? RakpStatus.InvalidRole
        : role <= user.Privilege ? RakpStatus.Success
        : byNameAlone ? RakpStatus.UnauthorizedRole
        : RakpStatus.UnauthorizedName;
}
