using System.Buffers.Binary;

namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>RAKP message 4, BMC to console (IPMI 2.0 §13.23).</summary>
public readonly ref struct Rakp4(byte Tag, RakpStatus Status, uint ConsoleSessionId, ReadOnlySpan<byte> Check)
{
    /// <summary>Tag of RAKP message 3.</summary>
    public byte Tag { get; } = Tag;

    /// <summary>0, or why not.</summary>
    public RakpStatus Status { get; } = Status;

    /// <summary>The console's session id.</summary>
    public uint ConsoleSessionId { get; } = ConsoleSessionId;

    /// <summary>Integrity check value; its length depends on the algorithm.</summary>
    public ReadOnlySpan<byte> Check { get; } = Check;

    /// <summary>Reads the message; false when it is too short.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out Rakp4 message)
    {
        bool read = RakpFinal.TryRead(source, out byte tag, out RakpStatus status, out uint id, out ReadOnlySpan<byte> check);
        message = read ? new Rakp4(tag, status, id, check) : default;
        return read;
    }

    /// <summary>Writes the message and returns its length.</summary>
    public int Write(Span<byte> destination) => RakpFinal.Write(destination, Tag, Status, ConsoleSessionId, Check);
}

/// <summary>The layout that RAKP messages 3 and 4 share: tag, status, two reserved bytes, the receiver's session id, a code.</summary>
internal static class RakpFinal
{
    private const int FixedLength = 8;

    public static bool TryRead(ReadOnlySpan<byte> source, out byte tag, out RakpStatus status, out uint sessionId, out ReadOnlySpan<byte> code)
    {
        if (source.Length < FixedLength)
        {
            tag = 0;
            status = default;
            sessionId = 0;
            code = default;
            return false;
        }

        tag = source[0];
        status = (RakpStatus)source[1];
        sessionId = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
        code = status == RakpStatus.Success ? source[FixedLength..] : default;
        return true;
    }

    public static int Write(Span<byte> destination, byte tag, RakpStatus status, uint sessionId, ReadOnlySpan<byte> code)
    {
        destination[0] = tag;
        destination[1] = (byte)status;
        destination[2] = 0;
        destination[3] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], sessionId);
        code.CopyTo(destination[FixedLength..]);
        return FixedLength + code.Length;
    }
}
