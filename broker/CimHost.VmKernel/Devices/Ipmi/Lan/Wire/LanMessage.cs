namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>
/// An IPMI message as LAN carries it (IPMI 2.0 §13.8): addresses, network function, sequence number and two checksums around the data.
/// A response's data begins with its completion code.
/// </summary>
public readonly ref struct LanMessage
{
    /// <summary>Slave address of the BMC.</summary>
    public const byte BmcAddress = 0x20;

    /// <summary>Software id of a remote console (§5.5).</summary>
    public const byte ConsoleAddress = 0x81;

    /// <summary>Bytes besides the data.</summary>
    public const int Overhead = 7;

    /// <summary>Creates a message.</summary>
    /// <param name="target">Address of the receiver.</param>
    /// <param name="netFn">Network function: even for requests, odd for responses.</param>
    /// <param name="targetLun">The receiver's logical unit.</param>
    /// <param name="source">Address of the sender.</param>
    /// <param name="sequence">Requester's sequence number, 0–63.</param>
    /// <param name="sourceLun">The sender's logical unit.</param>
    /// <param name="command">Command code.</param>
    /// <param name="data">Request data, or completion code and response data.</param>
    public LanMessage(byte target, byte netFn, byte targetLun, byte source, byte sequence, byte sourceLun, byte command, ReadOnlySpan<byte> data)
    {
        Target = target;
        NetFn = netFn;
        TargetLun = targetLun;
        Source = source;
        Sequence = sequence;
        SourceLun = sourceLun;
        Command = command;
        Data = data;
    }

    /// <summary>Address of the receiver.</summary>
    public byte Target { get; }

    /// <summary>Network function.</summary>
    public byte NetFn { get; }

    /// <summary>The receiver's logical unit.</summary>
    public byte TargetLun { get; }

    /// <summary>Address of the sender.</summary>
    public byte Source { get; }

    /// <summary>Requester's sequence number.</summary>
    public byte Sequence { get; }

    /// <summary>The sender's logical unit.</summary>
    public byte SourceLun { get; }

    /// <summary>Command code.</summary>
    public byte Command { get; }

    /// <summary>Request data, or completion code and response data.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>True for a response.</summary>
    public bool IsResponse => (NetFn & 1) != 0;

    /// <summary>Reads a message; false when it is too short, a checksum is wrong, or a response has no completion code.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out LanMessage message)
    {
        message = default;
        if (source.Length < Overhead || Sum(source[..3]) != 0 || Sum(source[3..]) != 0)
        {
            return false;
        }

        message = new LanMessage(
            source[0], (byte)(source[1] >> 2), (byte)(source[1] & 3), source[3], (byte)(source[4] >> 2), (byte)(source[4] & 3), source[5], source[6..^1]);
        return !message.IsResponse || message.Data.Length > 0;
    }

    /// <summary>Writes the message and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        int length = Overhead + Data.Length;
        destination[0] = Target;
        destination[1] = (byte)((NetFn << 2) | TargetLun);
        destination[2] = (byte)-Sum(destination[..2]);
        destination[3] = Source;
        destination[4] = (byte)((Sequence << 2) | SourceLun);
        destination[5] = Command;
        Data.CopyTo(destination[6..]);
        destination[length - 1] = (byte)-Sum(destination[3..(length - 1)]);
        return length;
    }

    private static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte b in bytes)
        {
            sum += b;
        }

        return sum;
    }
}
