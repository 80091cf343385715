namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>What an RMCP message carries (ASF 2.0 §3.2.2, IPMI 2.0 §13.1.3).</summary>
public enum RmcpClass : byte
{
    /// <summary>Alert Standard Format: presence ping and pong.</summary>
    Asf = 0x06,

    /// <summary>IPMI, 1.5 or RMCP+.</summary>
    Ipmi = 0x07,
}

/// <summary>The four bytes before every RMCP message (ASF 2.0 §3.2.2.2): version 06h, reserved, sequence, class.</summary>
/// <param name="Sequence">Sequence number; FFh asks for no acknowledge, and IPMI always uses it.</param>
/// <param name="Class">What follows.</param>
/// <param name="IsAcknowledge">True for an acknowledge, which has no body.</param>
public readonly record struct RmcpHeader(byte Sequence, RmcpClass Class, bool IsAcknowledge = false)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 4;

    /// <summary>The header of an IPMI message.</summary>
    public static RmcpHeader Ipmi => new(0xFF, RmcpClass.Ipmi);

    /// <summary>Reads a header; false when the message is too short or of another RMCP version.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out RmcpHeader header)
    {
        header = default;
        if (source.Length < Length || source[0] != 0x06)
        {
            return false;
        }

        header = new RmcpHeader(source[2], (RmcpClass)(source[3] & 0x1F), (source[3] & 0x80) != 0);
        return true;
    }

    /// <summary>Writes the header and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        destination[0] = 0x06;
        destination[1] = 0x00;
        destination[2] = Sequence;
        destination[3] = (byte)((byte)Class | (IsAcknowledge ? 0x80 : 0));
        return Length;
    }
}
