using System.Text;

namespace CimHost.VmKernel.Devices.HostCalls;

/// <summary>
/// Messages of generic netlink (linux/netlink.h, linux/genetlink.h), in the byte order of the machine, and the two requests that are sent here:
/// the number of a family, and a part of a module's EEPROM (Documentation/networking/ethtool-netlink.rst).
/// </summary>
internal static class GenericNetlink
{
    /// <summary>Family that knows the numbers of the others.</summary>
    public const ushort ControlFamily = 0x10;

    private const int HeaderLength = 20;
    private const ushort Request = 0x01;
    private const ushort Nested = 0x8000;
    private const ushort TypeMask = 0x3FFF;
    private const byte GetFamily = 3;
    private const byte ModuleEepromGet = 31;
    private const ushort FamilyIdAttribute = 1;
    private const ushort FamilyNameAttribute = 2;
    private const ushort DataAttribute = 7;

    /// <summary>Asks for the number of a family.</summary>
    public static byte[] FamilyRequest(string name, uint sequence) => Message(ControlFamily, GetFamily, sequence, Attribute(FamilyNameAttribute, Text(name)));

    /// <summary>Asks for a page of a module (ETHTOOL_A_MODULE_EEPROM_HEADER, _OFFSET, _LENGTH, _PAGE, _BANK, _I2C_ADDRESS).</summary>
    public static byte[] ModuleRequest(ushort family, ModulePage page, uint sequence) => Message(
        family,
        ModuleEepromGet,
        sequence,
        [
            .. Attribute(1 | Nested, Attribute(2, Text(page.Interface))),
            .. Attribute(2, Number(page.Page is null ? 0u : ModulePage.Length)),
            .. Attribute(3, Number(ModulePage.Length)),
            .. Attribute(4, [page.Page ?? 0]),
            .. Attribute(5, [0]),
            .. Attribute(6, [page.Address]),
        ]);

    /// <summary>Reads the answer to <see cref="FamilyRequest"/>.</summary>
    /// <returns>0 with the number; else the kernel's error number, or -1 when the answer breaks its format.</returns>
    public static int ReadFamily(ReadOnlySpan<byte> message, uint sequence, out ushort family)
    {
        family = 0;
        int error = ReadAttribute(message, sequence, FamilyIdAttribute, out ReadOnlySpan<byte> value);
        if (error != 0 || value.Length < 2)
        {
            return error != 0 ? error : -1;
        }

        family = BitConverter.ToUInt16(value);
        return 0;
    }

    /// <summary>Reads the answer to <see cref="ModuleRequest"/>.</summary>
    /// <returns>As <see cref="ReadFamily"/>; the data may be shorter than was asked for.</returns>
    public static int ReadModule(ReadOnlySpan<byte> message, uint sequence, out byte[] data)
    {
        int error = ReadAttribute(message, sequence, DataAttribute, out ReadOnlySpan<byte> value);
        data = error == 0 ? value[..Math.Min(value.Length, ModulePage.Length)].ToArray() : [];
        return error;
    }

    private static int ReadAttribute(ReadOnlySpan<byte> message, uint sequence, ushort wanted, out ReadOnlySpan<byte> value)
    {
        const ushort Error = 2;
        const int Broken = -1;
        value = default;
        if (message.Length < HeaderLength || BitConverter.ToUInt32(message[8..]) != sequence)
        {
            return Broken;
        }

        if (BitConverter.ToUInt16(message[4..]) == Error)
        {
            // Error numbers come negative; 0 acknowledges, which nobody asked for.
            int error = BitConverter.ToInt32(message[16..]);
            return error < 0 && error != int.MinValue ? -error : Broken;
        }

        uint length = BitConverter.ToUInt32(message);
        ReadOnlySpan<byte> rest = length >= HeaderLength && length <= message.Length ? message[HeaderLength..(int)length] : default;
        while (rest.Length >= 4)
        {
            int size = BitConverter.ToUInt16(rest);
            if (size < 4 || size > rest.Length)
            {
                return Broken;
            }

            if ((BitConverter.ToUInt16(rest[2..]) & TypeMask) == wanted)
            {
                value = rest[4..size];
                return 0;
            }

            rest = rest[Math.Min(Padded(size), rest.Length)..];
        }

        return Broken;
    }

    private static byte[] Message(ushort type, byte command, uint sequence, ReadOnlySpan<byte> attributes)
    {
        byte[] message = new byte[HeaderLength + attributes.Length];
        BitConverter.TryWriteBytes(message, (uint)message.Length);
        BitConverter.TryWriteBytes(message.AsSpan(4), type);
        BitConverter.TryWriteBytes(message.AsSpan(6), Request);
        BitConverter.TryWriteBytes(message.AsSpan(8), sequence);
        (message[16], message[17]) = (command, 1);
        attributes.CopyTo(message.AsSpan(HeaderLength));
        return message;
    }

    private static byte[] Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        byte[] attribute = new byte[Padded(4 + value.Length)];
        BitConverter.TryWriteBytes(attribute, (ushort)(4 + value.Length));
        BitConverter.TryWriteBytes(attribute.AsSpan(2), type);
        value.CopyTo(attribute.AsSpan(4));
        return attribute;
    }

    private static int Padded(int length) => (length + 3) & ~3;

    private static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    private static byte[] Number(uint number) => BitConverter.GetBytes(number);
}
