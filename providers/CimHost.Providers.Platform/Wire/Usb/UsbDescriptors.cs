using System.Buffers.Binary;

namespace CimHost.Providers.Platform.Wire.Usb;

/// <summary>
/// The "descriptors" file of a USB device in sysfs: the device descriptor and behind it every configuration with its interfaces and endpoints
/// (USB 2.0 §9.6; sysfs gives them as they went over the wire, little-endian).
/// </summary>
internal sealed record UsbDescriptors(
    ushort UsbVersion,
    byte DeviceClass,
    byte DeviceSubclass,
    byte DeviceProtocol,
    byte MaxPacketSize0,
    ushort VendorId,
    ushort ProductId,
    ushort DeviceVersion,
    byte ConfigurationCount,
    IReadOnlyList<UsbConfiguration> Configurations)
{
    private const byte DeviceType = 1;
    private const byte ConfigurationType = 2;
    private const byte InterfaceType = 4;
    private const byte EndpointType = 5;
    private const int DeviceLength = 18;
    private const int MaxInterfaces = 256;

    /// <summary>
    /// Reads the file. Descriptors of other types are passed over; a length that is 0, too short for its type or beyond the end refuses the
    /// file, with the reason.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out UsbDescriptors? descriptors, out string? reason)
    {
        descriptors = null;
        if (bytes.Length < DeviceLength || bytes[0] < DeviceLength || bytes[1] != DeviceType)
        {
            reason = bytes.Length < DeviceLength ? $"it has {bytes.Length} bytes and needs {DeviceLength}" : "it does not begin with a device descriptor";
            return false;
        }

        var configurations = new List<UsbConfiguration>();
        ReadOnlySpan<byte> left = bytes;
        while (!left.IsEmpty)
        {
            int length = left[0];
            if (left.Length < 2 || length < ShortestOf(left[1]) || length > left.Length)
            {
                reason = $"the descriptor at {bytes.Length - left.Length} gives its length as {length}, and {left.Length} bytes are left";
                return false;
            }

            Take(left[..length], configurations);
            left = left[length..];
        }

        descriptors = new UsbDescriptors(
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
            bytes[4],
            bytes[5],
            bytes[6],
            bytes[7],
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]),
            bytes[17],
            configurations);
        reason = null;
        return true;
    }

    private static int ShortestOf(byte type) => type switch
    {
        DeviceType => DeviceLength,
        ConfigurationType or InterfaceType => 9,
        EndpointType => 7,
        _ => 2,
    };

    private static void Take(ReadOnlySpan<byte> descriptor, List<UsbConfiguration> configurations)
    {
        if (descriptor[1] == ConfigurationType)
        {
            configurations.Add(new UsbConfiguration(descriptor[5], descriptor[7], descriptor[8], []));
        }
        else if (descriptor[1] == InterfaceType && configurations is [.., var configuration] && configuration.Interfaces.Count < MaxInterfaces)
        {
            configuration.Interfaces.Add(new UsbInterface(descriptor[2], descriptor[3], descriptor[4], descriptor[5], descriptor[6], descriptor[7]));
        }
    }
}

/// <summary>A configuration (USB 2.0 §9.6.3).</summary>
/// <param name="Value">Number by which it is chosen.</param>
/// <param name="Attributes">Bit 6: has power of its own; bit 5: can wake the host.</param>
/// <param name="MaxPower">Most current from the bus in units of 2 mA (8 mA at SuperSpeed).</param>
/// <param name="Interfaces">Its interfaces, alternate settings too.</param>
internal sealed record UsbConfiguration(byte Value, byte Attributes, byte MaxPower, List<UsbInterface> Interfaces)
{
    /// <summary>True when the device has power of its own in this configuration.</summary>
    public bool IsSelfPowered => (Attributes & 0x40) != 0;
}

/// <summary>An interface or an alternate setting of it (USB 2.0 §9.6.5).</summary>
internal sealed record UsbInterface(byte Number, byte AlternateSetting, byte EndpointCount, byte Class, byte Subclass, byte Protocol);
