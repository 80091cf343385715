using System.Buffers.Binary;
using System.Text;

namespace CimHost.VmKernel.Devices.Capture.Redaction;

/// <summary>Serial numbers and world-wide names in the answers of disks and enclosures.</summary>
internal static class DiskIdentifiers
{
    private const byte Inquiry = 0x12, LogSense = 0x4D, ReceiveDiagnostic = 0x1C, AtaPassThrough12 = 0xA1, AtaPassThrough16 = 0x85;
    private const byte AtaIdentify = 0xEC, AtaIdentifyPacket = 0xA1, NvmeIdentify = 0x06;

    public static void Find(CommandLog log, IdentifierSet identifiers)
    {
        foreach (Exchange exchange in log.Exchanges.Values.Where(e => e.Data.Length > 0))
        {
            if (log.Protocol == CommandLog.Nvme)
            {
                Nvme(exchange.Request, exchange.Data, identifiers);
            }
            else
            {
                Scsi(exchange.Request, exchange.Data, identifiers);
            }
        }
    }

    /// <summary>Names of makers that are known already, wherever they stand in the answers: of the ports and neighbours of a disk.</summary>
    public static void FindOfKnownMakers(CommandLog log, IdentifierSet identifiers)
    {
        foreach (byte[] data in log.Exchanges.Values.Select(e => e.Data).ToArray())
        {
            for (int at = 0; at + 8 <= data.Length; at++)
            {
                // NAA 5: registered (SPC-5 §7.7.6.6.4), as all SAS addresses are.
                if (data[at] >> 4 == 5 && identifiers.Makers.Contains(IdentifierSet.Maker(data.AsSpan(at))))
                {
                    identifiers.AddWide(data.AsSpan(at, 8));
                    at += 7;
                }
            }
        }
    }

    private static void Nvme(byte[] request, byte[] data, IdentifierSet identifiers)
    {
        if (request.Length < 9 || request[0] != NvmeIdentify || data.Length < 128)
        {
            return;
        }

        // NVMe Base 2.0 §5.17: what is identified stands in bits 7:0 of dword 10.
        switch (request[8])
        {
            case 0x00:
                identifiers.AddWide(data.AsSpan(104, 16));
                identifiers.AddWide(data.AsSpan(120, 8));
                break;
            case 0x01:
                identifiers.AddText(Ascii(data.AsSpan(4, 20)));
                identifiers.AddUuid(data.AsSpan(112, 16));
                Qualified(data, identifiers);
                break;
            case 0x03:
                Descriptors(data, identifiers);
                break;
            default:
                break;
        }
    }

    // The last part of the subsystem's name: "nqn.2014-08.org.nvmexpress:uuid:…" or with the serial number.
    private static void Qualified(byte[] data, IdentifierSet identifiers)
    {
        if (data.Length >= 1024 && Ascii(data.AsSpan(768, 256)) is { Length: > 0 } name)
        {
            TextIdentifiers.Find(name, identifiers);
        }
    }

    private static void Descriptors(byte[] data, IdentifierSet identifiers)
    {
        for (int at = 0; at + 4 <= data.Length && data[at] != 0;)
        {
            int length = data[at + 1];
            if (at + 4 + length > data.Length)
            {
                return;
            }

            if (data[at] == 3)
            {
                identifiers.AddUuid(data.AsSpan(at + 4, length));
            }
            else
            {
                identifiers.AddWide(data.AsSpan(at + 4, length));
            }

            at += 4 + length;
        }
    }

    private static void Scsi(byte[] cdb, byte[] data, IdentifierSet identifiers)
    {
        switch (cdb[0])
        {
            case Inquiry when cdb.Length > 2 && (cdb[1] & 1) == 0:
                // Vendor specific (SPC-5 §6.6.2); often the serial number, or its beginning.
                string vendor = data.Length > 36 ? Ascii(data.AsSpan(36, Math.Min(20, data.Length - 36))) : string.Empty;
                if (vendor.Trim().Length >= 6 && vendor.Any(char.IsAsciiDigit))
                {
                    identifiers.AddText(vendor);
                }

                break;
            case Inquiry when cdb.Length > 2:
                VitalProductData(cdb[2], data, identifiers);
                break;
            case AtaPassThrough16 when cdb.Length > 14 && cdb[14] is AtaIdentify or AtaIdentifyPacket:
            case AtaPassThrough12 when cdb.Length > 9 && cdb[9] is AtaIdentify or AtaIdentifyPacket:
                Identify(data, identifiers);
                break;
            case LogSense when cdb.Length > 2 && (cdb[2] & 0x3F) == 0x18:
                ProtocolSpecificPort(data, identifiers);
                break;
            case ReceiveDiagnostic when cdb.Length > 2:
                Enclosure(cdb[2], data, identifiers);
                break;
            default:
                break;
        }
    }

    private static void VitalProductData(byte page, byte[] data, IdentifierSet identifiers)
    {
        switch (page)
        {
            case 0x80 when data.Length > 4:
                identifiers.AddText(Ascii(data.AsSpan(4, Math.Min(data[3] | (data[2] << 8), data.Length - 4))));
                break;
            case 0x83:
                for (int at = 4; at + 4 <= data.Length; at += 4 + data[at + 3])
                {
                    int length = Math.Min(data[at + 3], data.Length - at - 4);
                    Designator(data[at] & 0x0F, data[at + 1] & 0x0F, data.AsSpan(at + 4, length), identifiers);
                }

                break;
            case 0x89 when data.Length >= 60 + 512:
                Identify(data.AsSpan(60, 512), identifiers);
                break;
            default:
                break;
        }
    }

    // SPC-5 §7.7.6: code set 1 is binary, 2 and 3 are text; types 2 and 3 are EUI-64 and NAA, 8 is a SCSI name, Ah a UUID.
    private static void Designator(int codeSet, int type, ReadOnlySpan<byte> value, IdentifierSet identifiers)
    {
        if (type is 2 or 3 && codeSet == 1)
        {
            identifiers.AddWide(value.Length == 12 ? value[..8] : value);
        }
        else if (type == 8)
        {
            TextIdentifiers.Find(Ascii(value), identifiers);
        }
        else if (type == 0x0A && value.Length == 18)
        {
            identifiers.AddUuid(value[2..]);
        }
    }

    // ACS-4 §7.13: words 10–19 and 108–111.
    private static void Identify(ReadOnlySpan<byte> data, IdentifierSet identifiers)
    {
        if (data.Length < 512)
        {
            return;
        }

        identifiers.AddText(Ascii(Swapped(data.Slice(20, 20))));
        byte[] name = Swapped(data.Slice(216, 8));
        if (name[0] >> 4 == 5)
        {
            identifiers.AddWide(name);
        }
    }

    // SPL-4 §9.2.8.1 (log page 18h): the addresses of a phy and of what is attached to it.
    private static void ProtocolSpecificPort(byte[] data, IdentifierSet identifiers)
    {
        for (int at = 4; at + 8 <= data.Length; at += 4 + data[at + 3])
        {
            for (int phy = at + 8, left = data[at + 7]; left > 0 && phy + 24 <= data.Length; phy += 4 + data[phy + 3], left--)
            {
                identifiers.AddWide(data.AsSpan(phy + 8, 8));
                identifiers.AddWide(data.AsSpan(phy + 16, 8));
            }
        }
    }

    // SES-3 §6.1.2 and §6.1.13.
    private static void Enclosure(byte page, byte[] data, IdentifierSet identifiers)
    {
        if (page == 0x01 && data.Length >= 20)
        {
            identifiers.AddWide(data.AsSpan(12, 8));
        }
        else if (page == 0x0A)
        {
            for (int at = 8; at + 8 <= data.Length; at += 4)
            {
                if (data[at] >> 4 == 5 && BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(at + 4)) != 0)
                {
                    identifiers.AddWide(data.AsSpan(at, 8));
                    at += 4;
                }
            }
        }
    }

    private static byte[] Swapped(ReadOnlySpan<byte> words)
    {
        byte[] bytes = words.ToArray();
        for (int i = 0; i + 1 < bytes.Length; i += 2)
        {
            (bytes[i], bytes[i + 1]) = (bytes[i + 1], bytes[i]);
        }

        return bytes;
    }

    private static string Ascii(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
