using System.Buffers.Binary;
using System.Text;
using CimHost.VmKernel.Devices.Emulation.Disks;

namespace CimHost.VmKernel.Devices.Capture.Live;

/// <summary>An enclosure: the elements of its status page (SES-3 §6.1.2, §6.1.3, §6.1.10).</summary>
internal sealed class CapturedEnclosure : CapturedDisk
{
    private const byte ReceiveDiagnostic = 0x1C, ConfigurationPage = 0x01, StatusPage = 0x02, DescriptorPage = 0x07;
    private const int Head = 8, MostGroups = 255;

    private readonly EnclosureDescription _description;

    public CapturedEnclosure(CommandLog log)
    {
        byte[] status = Data(log, r => IsPage(r, StatusPage), Head) ?? [];
        byte[] names = Data(log, r => IsPage(r, DescriptorPage), Head) ?? [];
        var groups = new List<ElementGroup>();
        (int at, int nameAt) = (Head, Head);
        foreach ((byte type, int count) in Types(Data(log, r => IsPage(r, ConfigurationPage), Head) ?? []))
        {
            // An overall element comes before the elements of each type.
            at += 4;
            NextName(names, ref nameAt);
            var elements = new List<EnclosureElement>();
            for (int i = 0; i < count && at + 4 <= status.Length; i++, at += 4)
            {
                elements.Add(new EnclosureElement(NextName(names, ref nameAt), status[at..(at + 4)], 0));
            }

            groups.Add(new ElementGroup(type, string.Empty, elements));
        }

        _description = new EnclosureDescription
        {
            Name = log.Name,
            Location = log.Location,
            Model = string.Empty,
            SerialNumber = string.Empty,
            Firmware = string.Empty,
            Groups = groups,
        };
    }

    public override DiskDescription Description => _description;

    public override IReadOnlyList<string> Settable => [];

    public override void Change(DiskDescription now, ReadOnlySpan<byte> request, Span<byte> data, Span<byte> sense)
    {
        if (now is not EnclosureDescription enclosure || !IsPage(request, StatusPage) || data.Length < Head)
        {
            return;
        }

        int at = Head;
        byte worst = 0;
        bool changed = false;
        for (int g = 0; g < enclosure.Groups.Count; g++)
        {
            at += 4;
            for (int i = 0; i < enclosure.Groups[g].Elements.Count && at + 4 <= data.Length; i++, at += 4)
            {
                byte[] status = enclosure.Groups[g].Elements[i].Status;
                if (!ReferenceEquals(status, _description.Groups[g].Elements[i].Status))
                {
                    changed = true;
                    status.CopyTo(data[at..]);
                    worst |= (status[0] & 0x0F) switch { 2 => 0x02, 3 => 0x04, 4 => 0x01, _ => 0 };
                }
            }
        }

        // What the enclosure says of itself as a whole: critical, noncritical or unrecoverable.
        data[1] |= changed ? worst : (byte)0;
    }

    private static bool IsPage(ReadOnlySpan<byte> cdb, byte page) => cdb.Length >= 6 && cdb[0] == ReceiveDiagnostic && (cdb[1] & 1) != 0 && cdb[2] == page;

    // Type and number of elements, of all subenclosures.
    private static IEnumerable<(byte Type, int Count)> Types(byte[] page)
    {
        int at = Head, types = 0;
        int enclosures = page.Length > 1 ? 1 + page[1] : 0;
        for (int i = 0; i < enclosures && at + 4 <= page.Length; i++)
        {
            types += page[at + 2];
            at += 4 + page[at + 3];
        }

        for (int i = 0; i < Math.Min(types, MostGroups) && at + 4 <= page.Length; i++, at += 4)
        {
            yield return (page[at], page[at + 1]);
        }
    }

    private static string NextName(byte[] page, ref int at)
    {
        if (at + 4 > page.Length)
        {
            return string.Empty;
        }

        int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(at + 2)), page.Length - at - 4);
        string name = Encoding.ASCII.GetString(page, at + 4, length).Trim(' ', '\0');
        at += 4 + length;
        return name;
    }
}
