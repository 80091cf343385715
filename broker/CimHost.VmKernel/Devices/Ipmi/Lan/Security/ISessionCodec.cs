namespace CimHost.VmKernel.Devices.Ipmi.Lan.Security;

/// <summary>Wraps IPMI messages into the packets of one open session and unwraps them. Wrap is safe from many threads, TryUnwrap is for one.</summary>
public interface ISessionCodec : IDisposable
{
    /// <summary>Longest packet.</summary>
    const int MaxPacket = 1024;

    /// <summary>Longest IPMI message in a packet; answers of a BMC are far shorter.</summary>
    const int MaxMessage = 900;

    /// <summary>Writes a packet, RMCP header included, with the next sequence number; returns its length.</summary>
    int Wrap(ReadOnlySpan<byte> message, Span<byte> packet);

    /// <summary>
    /// Reads a packet, RMCP header included, into <paramref name="message"/> (at least <see cref="MaxPacket"/> bytes). False when it is not
    /// of this session, not authentic, or was seen before.
    /// </summary>
    bool TryUnwrap(ReadOnlySpan<byte> packet, Span<byte> message, out int length);
}
