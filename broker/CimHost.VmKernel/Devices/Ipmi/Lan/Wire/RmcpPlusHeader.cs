using System.Buffers.Binary;

namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>Payload types of RMCP+ (IPMI 2.0 table 13-16).</summary>
public enum PayloadType : byte
{
    /// <summary>An IPMI message.</summary>
    Ipmi = 0x00,

    /// <summary>Serial over LAN.</summary>
    SerialOverLan = 0x01,

    /// <summary>Explicit payload of a manufacturer.</summary>
    OemExplicit = 0x02,

    /// <summary>Open Session Request.</summary>
    OpenSessionRequest = 0x10,

    /// <summary>Open Session Response.</summary>
    OpenSessionResponse = 0x11,

    /// <summary>RAKP message 1.</summary>
    Rakp1 = 0x12,

    /// <summary>RAKP message 2.</summary>
    Rakp2 = 0x13,

    /// <summary>RAKP message 3.</summary>
    Rakp3 = 0x14,

    /// <summary>RAKP message 4.</summary>
    Rakp4 = 0x15,
}

/// <summary>The RMCP+ session header (IPMI 2.0 §13.6, right column of table 13-8), after the RMCP header.</summary>
/// <param name="Type">What the payload is.</param>
/// <param name="IsEncrypted">True when the payload is encrypted.</param>
/// <param name="IsAuthenticated">True when a session trailer with an authentication code follows the payload.</param>
/// <param name="SessionId">Session id of the receiver; 0 outside a session.</param>
/// <param name="Sequence">Session sequence number; 0 outside a session.</param>
/// <param name="PayloadLength">Length of the payload.</param>
public readonly record struct RmcpPlusHeader(PayloadType Type, bool IsEncrypted, bool IsAuthenticated, uint SessionId, uint Sequence, ushort PayloadLength)
{
    /// <summary>Bytes on the wire; the payload begins behind them.</summary>
    public const int Length = 12;

    /// <summary>Reads the header; false when it is not RMCP+, of a manufacturer's own payload type, too short, or lies about its length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out RmcpPlusHeader header)
    {
        header = default;
        if (source.Length < Length || source[0] != (byte)AuthenticationType.RmcpPlus)
        {
            return false;
        }

        var type = (PayloadType)(source[1] & 0x3F);
        ushort length = BinaryPrimitives.ReadUInt16LittleEndian(source[10..]);
        if (type == PayloadType.OemExplicit || source.Length - Length < length)
        {
            return false;
        }

        header = new RmcpPlusHeader(
            type,
            (source[1] & 0x80) != 0,
            (source[1] & 0x40) != 0,
            BinaryPrimitives.ReadUInt32LittleEndian(source[2..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[6..]),
            length);
        return true;
    }

    /// <summary>Writes the header and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        destination[0] = (byte)AuthenticationType.RmcpPlus;
        destination[1] = (byte)((byte)Type | (IsEncrypted ? 0x80 : 0) | (IsAuthenticated ? 0x40 : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(destination[2..], SessionId);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[6..], Sequence);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[10..], PayloadLength);
        return Length;
    }
}
