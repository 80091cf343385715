namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>
/// The data of Send Message (IPMI 2.0 §22.7): a channel, how its answer is followed, and the message for a controller on that channel, which
/// has the form of a LAN message (§6.13.2).
/// </summary>
public readonly ref struct BridgedMessage
{
    private const byte Tracked = 0x40;

    private BridgedMessage(byte channel, bool isTracked, LanMessage message)
    {
        Channel = channel;
        IsTracked = isTracked;
        Message = message;
    }

    /// <summary>Channel of the controller.</summary>
    public byte Channel { get; }

    /// <summary>True when the BMC is to bring the answer back by itself; a console on a LAN cannot fetch it in another way.</summary>
    public bool IsTracked { get; }

    /// <summary>The message for the controller.</summary>
    public LanMessage Message { get; }

    /// <summary>Reads the data of a request; false when it is too short, a checksum is wrong, or it holds no request.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out BridgedMessage bridged)
    {
        bridged = default;
        if (data.IsEmpty || !LanMessage.TryRead(data[1..], out LanMessage message) || message.IsResponse)
        {
            return false;
        }

        bridged = new BridgedMessage((byte)(data[0] & 0x0F), (data[0] & 0xC0) == Tracked, message);
        return true;
    }

    /// <summary>Writes the data of a tracked request and returns its length: one byte more than the message.</summary>
    public static int Write(byte channel, in LanMessage message, Span<byte> destination)
    {
        destination[0] = (byte)(Tracked | channel);
        return 1 + message.Write(destination[1..]);
    }
}
