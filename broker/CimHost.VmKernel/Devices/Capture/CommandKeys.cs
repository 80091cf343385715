using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Capture;

/// <summary>Commands as bytes (see <see cref="Exchange"/>).</summary>
internal static class CommandKeys
{
    private const byte SensorNetFn = 0x04, ApplicationNetFn = 0x06, StorageNetFn = 0x0A;
    private const byte SendMessage = 0x34;
    private const byte GetDeviceSdr = 0x21, ReserveDeviceSdr = 0x22, ReserveSdr = 0x22, GetSdr = 0x23, ReserveSel = 0x42, GetSelEntry = 0x43;
    private const int NvmeLength = 1 + (7 * 4);

    /// <summary>
    /// Bytes of an IPMI command. A reservation id (IPMI 2.0 §33.11, §31.4) is another one each time, so it is 0 here: what is asked for is
    /// the record. A command for a controller behind the port's own one is written as the Send Message (§22.7) that carries it, without what
    /// changes from one message to the next: channel, slave address, network function with logical unit, command, data.
    /// </summary>
    public static byte[] Of(IpmiRequest request)
    {
        byte[] head = request.IsBridged
            ? [ApplicationNetFn, 0, SendMessage, request.Channel, request.Target, (byte)((request.NetFn << 2) | request.Lun), request.Command]
            : [request.NetFn, request.Lun, request.Command];
        byte[] bytes = [.. head, .. request.Data.Span];
        if (IsReserved(request) && request.Data.Length >= 2)
        {
            bytes.AsSpan(head.Length, 2).Clear();
        }

        return bytes;
    }

    /// <summary>True when the same bytes may be answered otherwise the next time, because of a reservation that they make or need.</summary>
    public static bool IsReserved(IpmiRequest request) => (request.NetFn, request.Command) is
        (StorageNetFn, ReserveSdr or ReserveSel or GetSdr or GetSelEntry) or (SensorNetFn, ReserveDeviceSdr or GetDeviceSdr);

    /// <summary>Bytes of an NVMe command.</summary>
    public static byte[] Of(NvmeAdminCommand command)
    {
        byte[] bytes = new byte[NvmeLength];
        bytes[0] = command.Opcode;
        uint[] words = [command.NamespaceId, command.Dword10, command.Dword11, command.Dword12, command.Dword13, command.Dword14, command.Dword15];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1 + (4 * i)), words[i]);
        }

        return bytes;
    }
}
