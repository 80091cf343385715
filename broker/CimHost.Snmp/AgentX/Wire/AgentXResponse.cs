namespace CimHost.Snmp.AgentX.Wire;

/// <summary>A master's answer to a subagent (RFC 2741 section 6.2.16).</summary>
/// <param name="SessionId">h.sessionID; the answer to an Open gives the session its number.</param>
/// <param name="UpTime">res.sysUpTime: the master's, in hundredths of a second.</param>
/// <param name="Error">res.error.</param>
internal readonly record struct AgentXResponse(uint SessionId, uint UpTime, AgentXError Error)
{
    /// <summary>Reads what follows a header. Variables that a master repeats are of no interest here and not looked at.</summary>
    public static bool TryRead(AgentXHeader header, ReadOnlySpan<byte> payload, out AgentXResponse response)
    {
        response = default;
        var reader = new AgentXReader(payload, header.IsBigEndian);
        if (header.Type != AgentXType.Response || !reader.TryReadUInt32(out uint upTime) || !reader.TryReadUInt16(out ushort error) || !reader.TryReadUInt16(out _))
        {
            return false;
        }

        response = new AgentXResponse(header.SessionId, upTime, (AgentXError)error);
        return true;
    }
}
