using CimHost.Snmp.Ber;

namespace CimHost.Snmp.Messages;

/// <summary>What is around a PDU in SNMPv1 and SNMPv2c: version and community (RFC 1157 section 4).</summary>
internal static class CommunityMessage
{
    /// <summary>Longest community, in octets.</summary>
    public const int MaxCommunity = 255;

    /// <summary>Most octets around a list of variable bindings, without those of the community.</summary>
    public const int Overhead = 48;

    /// <summary>Puts version and community before the PDU that a buffer holds.</summary>
    public static void Wrap(BerBuffer buffer, SnmpVersion version, ReadOnlySpan<byte> community)
    {
        buffer.PrependOctets(community);
        buffer.PrependInteger((int)version);
        buffer.PrependHeader(BerReader.Sequence, buffer.Length);
    }
}
