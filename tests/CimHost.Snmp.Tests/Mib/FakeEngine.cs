using CimHost.Snmp.Mib;

namespace CimHost.Snmp.Tests.Mib;

/// <summary>An engine that has been running for an hour.</summary>
internal sealed class FakeEngine : ISnmpEngineFacts
{
    public ReadOnlyMemory<byte> EngineId { get; } = new byte[] { 0x80, 0, 0x7E, 0xD9, 4, 1, 2, 3 };

    public int EngineBoots => 3;

    public int EngineTime => 3600;

    public int MaxMessageSize => 65507;

    public uint UpTime => 360_000;

    public SnmpCounters Counters { get; } = new();

    public bool AuthenticationTraps { get; set; }
}
