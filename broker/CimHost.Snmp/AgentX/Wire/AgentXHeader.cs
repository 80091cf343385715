using System.Buffers.Binary;

namespace CimHost.Snmp.AgentX.Wire;

/// <summary>What every PDU begins with (RFC 2741 section 6.1).</summary>
/// <param name="Type">h.type.</param>
/// <param name="Flags">h.flags.</param>
/// <param name="SessionId">h.sessionID.</param>
/// <param name="TransactionId">h.transactionID.</param>
/// <param name="PacketId">h.packetID: a response has that of its request.</param>
/// <param name="PayloadLength">h.payload_length: octets that follow the header; a multiple of four.</param>
internal readonly record struct AgentXHeader(AgentXType Type, byte Flags, uint SessionId, uint TransactionId, uint PacketId, int PayloadLength)
{
    /// <summary>Octets of a header.</summary>
    public const int Length = 20;

    /// <summary>Longest payload that is read, in octets: more than any request of SNMP, whose messages have 65 507 octets at most, becomes.</summary>
    public const int MaxPayload = 1 << 20;

    /// <summary>Flag: a context follows the header.</summary>
    public const byte NonDefaultContext = 0x08;

    /// <summary>Flag: numbers are in network byte order.</summary>
    public const byte NetworkByteOrder = 0x10;

    private const byte Version = 1;

    /// <summary>Whether numbers are in network byte order; otherwise their lowest octet is first.</summary>
    public bool IsBigEndian => (Flags & NetworkByteOrder) != 0;

    /// <summary>Reads it; false when it is none of this version, or says that more follows than is read here.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out AgentXHeader header)
    {
        header = default;
        if (octets.Length < Length || octets[0] != Version)
        {
            return false;
        }

        bool isBigEndian = (octets[2] & NetworkByteOrder) != 0;
        uint length = Number(octets[16..], isBigEndian);
        header = new AgentXHeader(
            (AgentXType)octets[1], octets[2], Number(octets[4..], isBigEndian), Number(octets[8..], isBigEndian), Number(octets[12..], isBigEndian), (int)Math.Min(length, int.MaxValue));
        return length <= MaxPayload && length % 4 == 0;
    }

    /// <summary>Writes it, in network byte order whatever the flags say.</summary>
    public void Write(Span<byte> octets)
    {
        octets[0] = Version;
        octets[1] = (byte)Type;
        octets[2] = (byte)(Flags | NetworkByteOrder);
        octets[3] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(octets[4..], SessionId);
        BinaryPrimitives.WriteUInt32BigEndian(octets[8..], TransactionId);
        BinaryPrimitives.WriteUInt32BigEndian(octets[12..], PacketId);
        BinaryPrimitives.WriteInt32BigEndian(octets[16..], PayloadLength);
    }

    private static uint Number(ReadOnlySpan<byte> octets, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(octets) : BinaryPrimitives.ReadUInt32LittleEndian(octets);
}
