namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>Data of an answer to Get Channel Authentication Capabilities, after the completion code (IPMI 2.0 §22.13).</summary>
/// <param name="Channel">Channel that the request came in on.</param>
/// <param name="SupportsMd5">IPMI 1.5: MD5.</param>
/// <param name="SupportsPassword">IPMI 1.5: password in clear.</param>
/// <param name="SupportsNone">IPMI 1.5: no authentication.</param>
/// <param name="SupportsRmcpPlus">IPMI 2.0 sessions.</param>
/// <param name="Status">Byte of authentication status: which kinds of users there are, whether a key is set.</param>
public readonly record struct AuthenticationCapabilities(byte Channel, bool SupportsMd5, bool SupportsPassword, bool SupportsNone, bool SupportsRmcpPlus, byte Status)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 8;

    /// <summary>True when logging in needs the BMC's key besides the password.</summary>
    public bool NeedsBmcKey => (Status & 0x20) != 0;

    /// <summary>Reads the data; false when it is too short.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out AuthenticationCapabilities capabilities)
    {
        capabilities = default;
        if (source.Length < 3)
        {
            return false;
        }

        // The extended byte counts only when the first one says that it is there.
        bool extended = (source[1] & 0x80) != 0 && source.Length >= 4;
        capabilities = new AuthenticationCapabilities(
            source[0], (source[1] & 0x04) != 0, (source[1] & 0x10) != 0, (source[1] & 0x01) != 0, extended && (source[3] & 0x02) != 0, source[2]);
        return true;
    }

    /// <summary>Writes the data and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        destination[..Length].Clear();
        destination[0] = Channel;
        destination[1] = (byte)((SupportsNone ? 0x01 : 0) | (SupportsMd5 ? 0x04 : 0) | (SupportsPassword ? 0x10 : 0) | (SupportsRmcpPlus ? 0x80 : 0));
        destination[2] = Status;
        destination[3] = (byte)((SupportsMd5 || SupportsPassword || SupportsNone ? 0x01 : 0) | (SupportsRmcpPlus ? 0x02 : 0));
        return Length;
    }
}
