using System.Buffers.Binary;

namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>RAKP message 2, BMC to console (IPMI 2.0 §13.21). With a status other than 0 the random number, GUID and code are empty.</summary>
public readonly ref struct Rakp2(byte Tag, RakpStatus Status, uint ConsoleSessionId, ReadOnlySpan<byte> BmcRandom, ReadOnlySpan<byte> BmcGuid, ReadOnlySpan<byte> Code)
{
    private const int ErrorLength = 8;
    private const int FixedLength = 40;

    /// <summary>Tag of RAKP message 1.</summary>
    public byte Tag { get; } = Tag;

    /// <summary>0, or why not.</summary>
    public RakpStatus Status { get; } = Status;

    /// <summary>The console's session id.</summary>
    public uint ConsoleSessionId { get; } = ConsoleSessionId;

    /// <summary>16 random bytes.</summary>
    public ReadOnlySpan<byte> BmcRandom { get; } = BmcRandom;

    /// <summary>The system's GUID, 16 bytes.</summary>
    public ReadOnlySpan<byte> BmcGuid { get; } = BmcGuid;

    /// <summary>Key exchange authentication code; as long as the algorithm's digest.</summary>
    public ReadOnlySpan<byte> Code { get; } = Code;

    /// <summary>Reads the message; a refusal may be cut behind the session id, an acceptance must be whole up to its code.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out Rakp2 message)
    {
        message = default;
        if (source.Length < ErrorLength)
        {
            return false;
        }

        var status = (RakpStatus)source[1];
        uint console = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
        if (status != RakpStatus.Success)
        {
            message = new Rakp2(source[0], status, console, default, default, default);
            return true;
        }

        if (source.Length < FixedLength)
        {
            return false;
        }

        message = new Rakp2(source[0], status, console, source.Slice(8, 16), source.Slice(24, 16), source[FixedLength..]);
        return true;
    }

    /// <summary>Writes the message and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        destination[0] = Tag;
        destination[1] = (byte)Status;
        destination[2] = 0;
        destination[3] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], ConsoleSessionId);
        if (Status != RakpStatus.Success)
        {
            return ErrorLength;
        }

        BmcRandom.CopyTo(destination[8..]);
        BmcGuid.CopyTo(destination[24..]);
        Code.CopyTo(destination[FixedLength..]);
        return FixedLength + Code.Length;
    }
}
