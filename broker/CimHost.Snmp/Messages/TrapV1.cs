using System.Net;
using System.Net.Sockets;
using CimHost.Snmp.Ber;

namespace CimHost.Snmp.Messages;

/// <summary>The Trap-PDU of SNMPv1 (RFC 1157 section 4.1.6), made of a notification of SNMPv2 (RFC 3584 section 3.2).</summary>
internal static class TrapV1
{
    private const int EnterpriseSpecific = 6;

    // snmpTraps: coldStart(1) to egpNeighborLoss(6), which are generic-trap 0 to 5.
    private static readonly Oid s_generic = new(1, 3, 6, 1, 6, 3, 1, 1, 5);

    /// <summary>Puts the head before the variable bindings that a buffer holds, which are those of the notification without sysUpTime and snmpTrapOID.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="notification">snmpTrapOID.</param>
    /// <param name="system">sysObjectID, the enterprise of generic traps.</param>
    /// <param name="agent">This host's address; 0.0.0.0 is sent for one of IPv6.</param>
    /// <param name="upTime">sysUpTime.</param>
    public static void WriteHead(BerBuffer buffer, Oid notification, Oid system, IPAddress agent, uint upTime)
    {
        ReadOnlySpan<uint> ids = notification.Ids;
        bool isGeneric = notification.StartsWith(s_generic) && ids.Length == s_generic.Length + 1 && ids[^1] is >= 1 and <= 6;
        Oid enterprise = isGeneric ? system : new Oid([.. ids[..^(ids[^2] == 0 ? 2 : 1)]]);
        byte[] address = agent.AddressFamily == AddressFamily.InterNetwork ? agent.GetAddressBytes() : agent.IsIPv4MappedToIPv6 ? agent.MapToIPv4().GetAddressBytes() : [0, 0, 0, 0];
        buffer.PrependHeader(BerReader.Sequence, buffer.Length);
        buffer.PrependUnsigned(SnmpType.TimeTicks, upTime);
        buffer.PrependInteger(isGeneric ? 0 : (int)ids[^1]);
        buffer.PrependInteger(isGeneric ? ids[^1] - 1 : EnterpriseSpecific);
        buffer.PrependOctets(address, (byte)SnmpType.IpAddress);
        buffer.PrependOid(enterprise);
        buffer.PrependHeader((byte)PduType.TrapV1, buffer.Length);
    }
}
