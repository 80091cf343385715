using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CimHost.TestBed;

namespace CimHost.Guest;

/// <summary>
/// A HID device in the guest through the kernel's uhid driver (Documentation/hid/uhid.rst): a shell script holds /dev/uhid, makes the device and
/// answers requests for feature reports from files. It takes descriptor and reports of an emulated machine's device.
/// </summary>
internal sealed class UhidDevice(string json)
{
    private const int Create2 = 11;
    private const int MaxDescriptor = 4096;

    private readonly JsonElement _device = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }).RootElement;

    /// <summary>The script that plays the device; ended, it unplugs it. The event is a number, then its own data (struct uhid_event, packed).</summary>
    public const string Script = """
        exec 5<>/dev/uhid
        cat /work/uhid-create >&5
        while dd bs=4380 count=1 of=/tmp/uhid-event <&5 2>/dev/null; do
          set -- $(hexdump -v -n 10 -e '1/4 "%u " 1/4 "%u " 1/1 "%u " 1/1 "%u "' /tmp/uhid-event)
          [ "$1" = 9 ] || continue
          report=/work/uhid-feature-$3
          if [ "$4" = 0 ] && [ -f $report ]; then
            size=$(wc -c <$report)
            { printf '\012\000\000\000'; dd bs=1 skip=4 count=4 if=/tmp/uhid-event 2>/dev/null; printf '\000\000'; printf "\\$(printf %o $size)\\000"; cat $report; } >/tmp/uhid-reply
          else
            { printf '\012\000\000\000'; dd bs=1 skip=4 count=4 if=/tmp/uhid-event 2>/dev/null; printf '\005\000\000\000'; } >/tmp/uhid-reply
          fi
          cat /tmp/uhid-reply >&5
        done
        """;

    /// <summary>Writes what the script needs into the folder that the guest sees at /work.</summary>
    /// <param name="workFile">Path on this machine of a file there.</param>
    public void WriteTo(Func<string, string> workFile)
    {
        File.WriteAllBytes(workFile("uhid-create"), Create());
        foreach (JsonElement report in _device.GetProperty("reports").EnumerateArray().Where(r => r.GetProperty("type").GetString() == "feature"))
        {
            SetFeature(workFile, Bytes(report.GetProperty("data")));
        }
    }

    /// <summary>Replaces a feature report, its number in the first byte.</summary>
    public static void SetFeature(Func<string, string> workFile, byte[] report)
    {
        string path = workFile(string.Create(CultureInfo.InvariantCulture, $"uhid-feature-{report[0]}"));
        File.WriteAllBytes(path + ".new", report);
        File.Move(path + ".new", path, overwrite: true);
    }

    // struct uhid_create2_req: name[128], phys[64], uniq[64], rd_size, bus, vendor, product, version, country, rd_data[4096].
    private byte[] Create()
    {
        byte[] descriptor = [.. _device.GetProperty("reportDescriptor").EnumerateArray().SelectMany(Bytes)];
        byte[] data = new byte[4 + 128 + 64 + 64 + 2 + 2 + 16 + MaxDescriptor];
        BinaryPrimitives.WriteUInt32LittleEndian(data, Create2);
        Encoding.ASCII.GetBytes($"{_device.GetProperty("manufacturer").GetString()} {_device.GetProperty("productName").GetString()}").CopyTo(data, 4);
        Encoding.ASCII.GetBytes(_device.GetProperty("serialNumber").GetString()!).CopyTo(data, 4 + 128 + 64);
        Span<byte> numbers = data.AsSpan(4 + 256);
        BinaryPrimitives.WriteUInt16LittleEndian(numbers, (ushort)descriptor.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(numbers[2..], 3);
        BinaryPrimitives.WriteUInt32LittleEndian(numbers[4..], Hex("vendor"));
        BinaryPrimitives.WriteUInt32LittleEndian(numbers[8..], Hex("product"));
        descriptor.CopyTo(numbers[20..]);
        return data;
    }

    private uint Hex(string name) => uint.Parse(_device.GetProperty(name).GetString().AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static byte[] Bytes(JsonElement text) => Convert.FromHexString(text.GetString()!.Replace(" ", string.Empty, StringComparison.Ordinal));
}
