using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace CimHost.Guest;

/// <summary>
/// A HID device on the USB of the guest: to its kernel a device like any other, behind the host controller of dummy_hcd. A gadget plays it,
/// whose function is a shell script on FunctionFS (Documentation/usb/functionfs.rst) that answers requests for feature reports from files.
/// It takes descriptor and reports of an emulated machine's device.
/// </summary>
internal sealed class UsbHidDevice
{
    private const string Gadget = "/sys/kernel/config/usb_gadget/device";

    // An event is a setup packet (USB 2.0 §9.3) and its kind, 4 for such a packet. What is not known is answered with a stall, and a
    // request without data with nothing: a read does either.
    private const string Script = """
        exec 5<>/dev/ffs/ep0
        cat /work/usb-descriptors >&5
        cat /work/usb-strings >&5
        echo ready >/tmp/usb-ready
        while dd bs=12 count=1 of=/tmp/usb-event <&5 2>/dev/null; do
          set -- $(hexdump -v -e '1/1 "%u "' /tmp/usb-event)
          [ "$9" = 4 ] || continue
          case "$1 $2 $4" in
            "129 6 34") answer=/work/usb-report-descriptor ;;
            "161 1 3") answer=/work/usb-feature-$3 ;;
            *) answer=none ;;
          esac
          if [ -f $answer ]; then
            head -c $(($7 + $8 * 256)) $answer >/tmp/usb-answer
            cat /tmp/usb-answer >&5
          else
            dd bs=64 count=1 of=/dev/null <&5 2>/dev/null
          fi
        done
        """;

    private readonly GuestMachine _guest;

    private UsbHidDevice(GuestMachine guest) => _guest = guest;

    /// <summary>Makes the device; it is not plugged in yet. A guest can have one.</summary>
    /// <param name="guest">Guest with the modules dummy_hcd, libcomposite, usb_f_fs and usbhid.</param>
    /// <param name="json">Description of the device, as of an emulated machine.</param>
    public static async Task<UsbHidDevice> MakeAsync(GuestMachine guest, string json)
    {
        JsonElement description = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }).RootElement;
        var device = new UsbHidDevice(guest);
        byte[] reportDescriptor = [.. description.GetProperty("reportDescriptor").EnumerateArray().SelectMany(Bytes)];
        File.WriteAllBytes(guest.WorkFile("usb-report-descriptor"), reportDescriptor);
        File.WriteAllBytes(guest.WorkFile("usb-descriptors"), Descriptors((ushort)reportDescriptor.Length));
        File.WriteAllBytes(guest.WorkFile("usb-strings"), Strings());
        foreach (JsonElement report in description.GetProperty("reports").EnumerateArray().Where(r => r.GetProperty("type").GetString() == "feature"))
        {
            device.SetFeature(Bytes(report.GetProperty("data")));
        }

        await File.WriteAllTextAsync(guest.WorkFile("usb.sh"), Script);
        await guest.RunAsync($$"""
            set -e
            mount -t configfs none /sys/kernel/config
            mkdir {{Gadget}}
            cd {{Gadget}}
            echo {{Text("vendor")}} >idVendor
            echo {{Text("product")}} >idProduct
            mkdir strings/0x409 configs/c.1 functions/ffs.hid
            echo "{{Text("manufacturer")}}" >strings/0x409/manufacturer
            echo "{{Text("productName")}}" >strings/0x409/product
            echo "{{Text("serialNumber")}}" >strings/0x409/serialnumber
            ln -s functions/ffs.hid configs/c.1/
            mkdir /dev/ffs
            mount -t functionfs hid /dev/ffs
            sh /work/usb.sh >/tmp/usb.log 2>&1 &
            for second in $(seq 30); do [ -e /tmp/usb-ready ] && exit 0; sleep 1; done
            cat /tmp/usb.log
            exit 1
            """);
        return device;

        string Text(string name) => description.GetProperty(name).GetString()!;
    }

    /// <summary>Plugs it in and waits for the kernel's driver.</summary>
    public Task PlugInAsync() => _guest.RunAsync($$"""
        ls /sys/class/udc >{{Gadget}}/UDC
        for second in $(seq 30); do [ -e /dev/hidraw0 ] && exit 0; sleep 1; done
        dmesg | tail
        exit 1
        """);

    /// <summary>Unplugs it.</summary>
    public Task UnplugAsync() => _guest.RunAsync($"echo >{Gadget}/UDC");

    /// <summary>Replaces a feature report, its number in the first byte.</summary>
    public void SetFeature(byte[] report)
    {
        string path = _guest.WorkFile(string.Create(CultureInfo.InvariantCulture, $"usb-feature-{report[0]}"));
        File.WriteAllBytes(path + ".new", report);
        File.Move(path + ".new", path, overwrite: true);
    }

    // An interface of class HID with its descriptor and an interrupt endpoint (HID 1.11 §7.1), once for full and once for high speed, behind
    // FunctionFS' header: magic, length, flags of the speeds, number of descriptors of each.
    private static byte[] Descriptors(ushort reportDescriptorLength)
    {
        byte[] one =
        [
            9, 4, 0, 0, 1, 3, 0, 0, 1,
            9, 0x21, 0x11, 0x01, 0, 1, 0x22, (byte)reportDescriptorLength, (byte)(reportDescriptorLength >> 8),
            7, 5, 0x81, 3, 64, 0, 10,
        ];
        return [.. Words(3, (uint)(20 + one.Length + one.Length), 3, 3, 3), .. one, .. one];
    }

    // The name of the interface: magic, length, one string in one language.
    private static byte[] Strings()
    {
        byte[] english = [0x09, 0x04, .. "HID\0"u8];
        return [.. Words(2, (uint)(16 + english.Length), 1, 1), .. english];
    }

    private static byte[] Words(params ReadOnlySpan<uint> words)
    {
        byte[] bytes = new byte[words.Length * sizeof(uint)];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), words[i]);
        }

        return bytes;
    }

    private static byte[] Bytes(JsonElement text) => Convert.FromHexString(text.GetString()!.Replace(" ", string.Empty, StringComparison.Ordinal));
}
