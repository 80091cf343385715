using CimHost.Snmp.Mib.Persistence;

namespace CimHost.Snmp.Mib.Model;

/// <summary>What modules need besides the machine.</summary>
/// <param name="Options">How the MIBs are served.</param>
/// <param name="Engine">The SNMP engine.</param>
/// <param name="Settings">What managers set.</param>
/// <param name="Time">Clock.</param>
/// <param name="ReadAt">When the model was last read; null when it never was.</param>
internal sealed record MibFacts(MibOptions Options, ISnmpEngineFacts Engine, MibSettings Settings, TimeProvider Time, Func<DateTimeOffset?> ReadAt)
{
    /// <summary>sysUpTime at a moment; 0 for one before the start (RFC 2579, TimeStamp).</summary>
    public uint UpTimeAt(DateTimeOffset moment)
    {
        double ago = Math.Max(0, (Time.GetUtcNow() - moment).TotalMilliseconds / 10);
        return ago >= Engine.UpTime ? 0 : Engine.UpTime - (uint)ago;
    }
}
