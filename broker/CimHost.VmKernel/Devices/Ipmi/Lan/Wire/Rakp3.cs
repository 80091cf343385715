namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>RAKP message 3, console to BMC (IPMI 2.0 §13.22).</summary>
public readonly ref struct Rakp3(byte Tag, RakpStatus Status, uint BmcSessionId, ReadOnlySpan<byte> Code)
{
    /// <summary>Repeated in RAKP message 4.</summary>
    public byte Tag { get; } = Tag;

    /// <summary>0, or what the console found wrong with RAKP message 2.</summary>
    public RakpStatus Status { get; } = Status;

    /// <summary>The BMC's session id.</summary>
    public uint BmcSessionId { get; } = BmcSessionId;

    /// <summary>Key exchange authentication code; as long as the algorithm's digest, empty with a status other than 0.</summary>
    public ReadOnlySpan<byte> Code { get; } = Code;

    /// <summary>Reads the message; false when it is too short.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out Rakp3 message)
    {
        bool read = RakpFinal.TryRead(source, out byte tag, out RakpStatus status, out uint id, out ReadOnlySpan<byte> code);
        message = read ? new Rakp3(tag, status, id, code) : default;
        return read;
    }

    /// <summary>Writes the message and returns its length.</summary>
    public int Write(Span<byte> destination) => RakpFinal.Write(destination, Tag, Status, BmcSessionId, Code);
}
