namespace CimHost.Snmp.Mib;

/// <summary>What the SNMP MIBs tell of the engine itself; may be read from any thread.</summary>
public interface ISnmpEngineFacts
{
    /// <summary>snmpEngineID (RFC 3411 section 5), 5 to 32 octets.</summary>
    ReadOnlyMemory<byte> EngineId { get; }

    /// <summary>snmpEngineBoots.</summary>
    int EngineBoots { get; }

    /// <summary>snmpEngineTime, in seconds.</summary>
    int EngineTime { get; }

    /// <summary>snmpEngineMaxMessageSize, in octets.</summary>
    int MaxMessageSize { get; }

    /// <summary>sysUpTime: hundredths of a second since the engine started, modulo 2^32.</summary>
    uint UpTime { get; }

    /// <summary>Counters.</summary>
    SnmpCounters Counters { get; }

    /// <summary>snmpEnableAuthenTraps: whether a wrong community or digest sends authenticationFailure. Setting it lasts until the next start.</summary>
    bool AuthenticationTraps { get; set; }
}
