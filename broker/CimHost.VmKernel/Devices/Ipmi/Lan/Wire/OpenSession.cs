using System.Buffers.Binary;

namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>The algorithms that an Open Session message proposes or accepts (IPMI 2.0 tables 13-17 to 13-19).</summary>
/// <param name="Authentication">RAKP algorithm.</param>
/// <param name="Integrity">Integrity algorithm.</param>
/// <param name="Confidentiality">Encryption algorithm.</param>
public readonly record struct SessionAlgorithms(byte Authentication, byte Integrity, byte Confidentiality)
{
    /// <summary>Three payloads of eight bytes.</summary>
    public const int Length = 24;

    /// <summary>Reads the three algorithm payloads, which come in this order.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out SessionAlgorithms algorithms)
    {
        algorithms = default;
        if (source.Length < Length || source[0] != 0 || source[8] != 1 || source[16] != 2)
        {
            return false;
        }

        algorithms = new SessionAlgorithms((byte)(source[4] & 0x3F), (byte)(source[12] & 0x3F), (byte)(source[20] & 0x3F));
        return true;
    }

    /// <summary>Writes the three payloads and returns their length.</summary>
    public int Write(Span<byte> destination)
    {
        destination[..Length].Clear();
        ReadOnlySpan<byte> chosen = [Authentication, Integrity, Confidentiality];
        for (int i = 0; i < chosen.Length; i++)
        {
            destination[i * 8] = (byte)i;
            destination[(i * 8) + 3] = 8;
            destination[(i * 8) + 4] = chosen[i];
        }

        return Length;
    }
}

/// <summary>RMCP+ Open Session Request (IPMI 2.0 §13.17).</summary>
/// <param name="Tag">Repeated in the response.</param>
/// <param name="Privilege">Highest privilege wanted; 0 asks for the highest that the algorithms allow.</param>
/// <param name="ConsoleSessionId">Id that the BMC puts into packets to the console; not 0.</param>
/// <param name="Algorithms">What is proposed.</param>
public readonly record struct OpenSessionRequest(byte Tag, byte Privilege, uint ConsoleSessionId, SessionAlgorithms Algorithms)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 8 + SessionAlgorithms.Length;

    /// <summary>Reads the message; false when it is too short or its algorithm payloads are out of order.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out OpenSessionRequest request)
    {
        request = default;
        if (source.Length < Length || !SessionAlgorithms.TryRead(source[8..], out SessionAlgorithms algorithms))
        {
            return false;
        }

        request = new OpenSessionRequest(source[0], (byte)(source[1] & 0x0F), BinaryPrimitives.ReadUInt32LittleEndian(source[4..]), algorithms);
        return true;
    }

    /// <summary>Writes the message and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        destination[0] = Tag;
        destination[1] = Privilege;
        destination[2] = 0;
        destination[3] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], ConsoleSessionId);
        return 8 + Algorithms.Write(destination[8..]);
    }
}

/// <summary>RMCP+ Open Session Response (IPMI 2.0 §13.18). With a status other than 0 only the first four fields mean anything.</summary>
/// <param name="Tag">Tag of the request.</param>
/// <param name="Status">0, or why not.</param>
/// <param name="Privilege">Highest privilege that the algorithms allow.</param>
/// <param name="ConsoleSessionId">Id of the request.</param>
/// <param name="BmcSessionId">Id for packets to the BMC.</param>
/// <param name="Algorithms">What was accepted.</param>
public readonly record struct OpenSessionResponse(byte Tag, RakpStatus Status, byte Privilege, uint ConsoleSessionId, uint BmcSessionId, SessionAlgorithms Algorithms)
{
    /// <summary>Bytes of a message without error.</summary>
    public const int Length = 12 + SessionAlgorithms.Length;

    private const int ErrorLength = 8;
    private const int ShortestError = 2;

    /// <summary>
    /// Reads the message; a refusal may be cut behind its status (some BMCs send no more, and then the console's session id is 0), an
    /// acceptance must be whole.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out OpenSessionResponse response)
    {
        response = default;
        if (source.Length < ShortestError)
        {
            return false;
        }

        var status = (RakpStatus)source[1];
        uint console = source.Length < ErrorLength ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
        if (status != RakpStatus.Success)
        {
            response = new OpenSessionResponse(source[0], status, 0, console, 0, default);
            return true;
        }

        if (source.Length < Length || !SessionAlgorithms.TryRead(source[12..], out SessionAlgorithms algorithms))
        {
            return false;
        }

        response = new OpenSessionResponse(source[0], status, (byte)(source[2] & 0x0F), console, BinaryPrimitives.ReadUInt32LittleEndian(source[8..]), algorithms);
        return true;
    }

    /// <summary>Writes the message and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        destination[0] = Tag;
        destination[1] = (byte)Status;
        destination[2] = Privilege;
        destination[3] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], ConsoleSessionId);
        if (Status != RakpStatus.Success)
        {
            return ErrorLength;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], BmcSessionId);
        return 12 + Algorithms.Write(destination[12..]);
    }
}
