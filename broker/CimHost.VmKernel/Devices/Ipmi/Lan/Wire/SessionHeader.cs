using System.Buffers.Binary;

namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>How an IPMI packet is authenticated (IPMI 2.0 table 13-8).</summary>
public enum AuthenticationType : byte
{
    /// <summary>Not at all; also what is sent outside a session.</summary>
    None = 0,

    /// <summary>MD2 digest.</summary>
    Md2 = 1,

    /// <summary>MD5 digest.</summary>
    Md5 = 2,

    /// <summary>The password itself.</summary>
    Password = 4,

    /// <summary>Of the manufacturer's own kind.</summary>
    Oem = 5,

    /// <summary>RMCP+: another header follows.</summary>
    RmcpPlus = 6,
}

/// <summary>The IPMI 1.5 session header (IPMI 2.0 §13.6, left column of table 13-8), after the RMCP header.</summary>
/// <param name="Type">How the packet is authenticated; never RMCP+.</param>
/// <param name="Sequence">Session sequence number, 0 outside a session.</param>
/// <param name="SessionId">Session id, 0 outside a session.</param>
/// <param name="CodeOffset">Where the 16 bytes of the authentication code begin; 0 when there is none.</param>
/// <param name="PayloadOffset">Where the IPMI message begins.</param>
/// <param name="PayloadLength">Length of the IPMI message.</param>
public readonly record struct SessionHeader(AuthenticationType Type, uint Sequence, uint SessionId, int CodeOffset, int PayloadOffset, int PayloadLength)
{
    /// <summary>Length of an authentication code.</summary>
    public const int CodeLength = 16;

    private const int FixedLength = 9;

    /// <summary>Reads the header; offsets count from the start of <paramref name="source"/>. False when it is too short or lies about its length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out SessionHeader header)
    {
        header = default;
        if (source.Length < FixedLength + 1 || source[0] >= (byte)AuthenticationType.RmcpPlus)
        {
            return false;
        }

        var type = (AuthenticationType)source[0];
        int code = type == AuthenticationType.None ? 0 : FixedLength;
        int lengthAt = code == 0 ? FixedLength : FixedLength + CodeLength;
        if (source.Length <= lengthAt || source.Length - lengthAt - 1 < source[lengthAt])
        {
            return false;
        }

        // A pad byte may follow the message ("legacy pad"); it is not part of it.
        header = new SessionHeader(type, BinaryPrimitives.ReadUInt32LittleEndian(source[1..]), BinaryPrimitives.ReadUInt32LittleEndian(source[5..]), code, lengthAt + 1, source[lengthAt]);
        return true;
    }

    /// <summary>Writes the header for a message of the given length and returns where the message goes; the authentication code is left zero.</summary>
    public static int Write(Span<byte> destination, AuthenticationType type, uint sequence, uint sessionId, byte payloadLength)
    {
        destination[0] = (byte)type;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[1..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[5..], sessionId);
        int at = FixedLength;
        if (type != AuthenticationType.None)
        {
            destination.Slice(at, CodeLength).Clear();
            at += CodeLength;
        }

        destination[at] = payloadLength;
        return at + 1;
    }
}
