using System.Globalization;
using System.Text;

namespace CimHost.VmKernel.Devices.Hid;

/// <summary>What the kernel writes into the uevent file of a HID device (drivers/hid/hid-core.c): lines KEY=VALUE.</summary>
/// <param name="Bus">Bus type of HID_ID.</param>
/// <param name="VendorId">Vendor of HID_ID.</param>
/// <param name="ProductId">Product of HID_ID.</param>
/// <param name="Name">HID_NAME: maker and product in one text; empty without one.</param>
/// <param name="UniqueId">HID_UNIQ: serial number; empty without one.</param>
internal sealed record HidrawUevent(int Bus, int VendorId, int ProductId, string Name, string UniqueId)
{
    private const int MaxLength = 4096;
    private const int MaxText = 128;

    /// <summary>Reads the file. False when it has no HID_ID of the form "0003:0000051D:00000002".</summary>
    public static bool TryRead(ReadOnlySpan<byte> content, out HidrawUevent? uevent)
    {
        uevent = null;
        string id = string.Empty;
        string name = string.Empty;
        string unique = string.Empty;
        foreach (string line in Encoding.UTF8.GetString(content[..Math.Min(content.Length, MaxLength)]).Split('\n'))
        {
            string[] parts = line.Split('=', 2);
            if (parts.Length == 2)
            {
                id = parts[0] == "HID_ID" ? parts[1] : id;
                name = parts[0] == "HID_NAME" ? Text(parts[1]) : name;
                unique = parts[0] == "HID_UNIQ" ? Text(parts[1]) : unique;
            }
        }

        string[] numbers = id.Trim().Split(':');
        if (numbers.Length == 3 && Hex(numbers[0]) is { } bus && Hex(numbers[1]) is { } vendor && Hex(numbers[2]) is { } product)
        {
            uevent = new HidrawUevent(bus, vendor, product, name, unique);
            return true;
        }

        return false;
    }

    /// <summary>A text of a device without what is no text in it, at most 128 characters.</summary>
    public static string Text(string text)
    {
        string clean = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return clean.Length <= MaxText ? clean : clean[..MaxText];
    }

    private static int? Hex(string text) =>
        text.Length <= 8 && int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) && value >= 0 ? value : null;
}
