using System.Buffers.Binary;

namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>An ASF presence ping (ASF 2.0 §3.2.4.2) without its RMCP header.</summary>
/// <param name="Tag">Repeated in the pong.</param>
public readonly record struct AsfPing(byte Tag)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 8;

    /// <summary>IANA number of the ASF messages.</summary>
    internal const uint Enterprise = 4542;

    private const byte Type = 0x80;

    /// <summary>Reads a ping; false for any other ASF message.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out AsfPing ping)
    {
        ping = default;
        if (source.Length < Length || BinaryPrimitives.ReadUInt32BigEndian(source) != Enterprise || source[4] != Type)
        {
            return false;
        }

        ping = new AsfPing(source[5]);
        return true;
    }

    /// <summary>Writes the ping and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Enterprise);
        destination[4] = Type;
        destination[5] = Tag;
        destination[6] = 0;
        destination[7] = 0;
        return Length;
    }
}

/// <summary>An ASF presence pong (ASF 2.0 §3.2.4.3, IPMI 2.0 §13.2.4) without its RMCP header.</summary>
/// <param name="Tag">Tag of the ping.</param>
/// <param name="SupportsIpmi">True when the controller speaks IPMI.</param>
public readonly record struct AsfPong(byte Tag, bool SupportsIpmi)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 24;

    private const byte Type = 0x40;

    /// <summary>Reads a pong; false for any other ASF message.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out AsfPong pong)
    {
        pong = default;
        if (source.Length < Length || BinaryPrimitives.ReadUInt32BigEndian(source) != AsfPing.Enterprise || source[4] != Type || source[7] < 16)
        {
            return false;
        }

        pong = new AsfPong(source[5], (source[16] & 0x80) != 0);
        return true;
    }

    /// <summary>Writes the pong and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        destination[..Length].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(destination, AsfPing.Enterprise);
        destination[4] = Type;
        destination[5] = Tag;
        destination[7] = 16;
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], AsfPing.Enterprise);
        destination[16] = (byte)(0x01 | (SupportsIpmi ? 0x80 : 0));
        return Length;
    }
}
