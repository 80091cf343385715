using System.Buffers;
using System.Buffers.Binary;

namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>
/// One frame of the system-call protocol (PROTOCOL.md), all numbers little-endian: length of what follows (4 bytes), id of the request
/// (4), thread (4), code (4), payload.
/// </summary>
/// <param name="Id">Chosen by the caller; the answer has the same.</param>
/// <param name="Thread">Thread that calls.</param>
/// <param name="Code">Of a request the <see cref="SystemCallNumber"/>; of an answer the error number, 0 for success.</param>
/// <param name="Payload">Arguments or results; of a failure the message in UTF-8.</param>
internal readonly record struct SystemCallFrame(uint Id, int Thread, int Code, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Bytes before the payload, with the length.</summary>
    public const int HeaderSize = 16;

    /// <summary>Most bytes of a payload.</summary>
    public const int LargestPayload = (1 << 20) + 256;

    private const int LengthSize = 4;

    /// <summary>Reads the first frame of a buffer.</summary>
    /// <param name="source">What was received.</param>
    /// <param name="frame">The frame; its payload lies in <paramref name="source"/>.</param>
    /// <param name="consumed">Its size; 0 if none is complete.</param>
    /// <returns>False when more bytes are needed.</returns>
    /// <exception cref="KernelException">EPROTO: the length is below that of a header or above the limit.</exception>
    public static bool TryRead(ReadOnlyMemory<byte> source, out SystemCallFrame frame, out int consumed)
    {
        frame = default;
        consumed = 0;
        if (source.Length < LengthSize)
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = source.Span;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length is < HeaderSize - LengthSize or > HeaderSize - LengthSize + LargestPayload)
        {
            throw new KernelException(Errno.EPROTO, $"A frame of {length} bytes is not of the system-call protocol.");
        }

        int total = LengthSize + (int)length;
        if (source.Length < total)
        {
            return false;
        }

        frame = new SystemCallFrame(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            source[HeaderSize..total]);
        consumed = total;
        return true;
    }

    /// <summary>Writes the frame.</summary>
    /// <exception cref="KernelException">E2BIG the payload is too large.</exception>
    public void Write(IBufferWriter<byte> target)
    {
        if (Payload.Length > LargestPayload)
        {
            throw new KernelException(Errno.E2BIG, $"{Payload.Length} bytes are more than a frame of the system-call protocol holds.");
        }

        Span<byte> header = target.GetSpan(HeaderSize);
        BinaryPrimitives.WriteInt32LittleEndian(header, HeaderSize - LengthSize + Payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Id);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Thread);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], Code);
        target.Advance(HeaderSize);
        target.Write(Payload.Span);
    }
}
