using System.Globalization;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation;

namespace CimHost.VmKernel.Devices.Capture.Text;

/// <summary>
/// A file of a HID device: <c>port NAME hid</c>, <c>about</c>, <c>identity BUS VENDOR PRODUCT</c> in hexadecimal, <c>manufacturer</c>, <c>product</c>,
/// <c>serial</c>, <c>descriptor</c> with <c>data</c>, and its reports: <c>&gt; input|feature NUMBER</c> asked for, <c>sent NUMBER</c> by itself,
/// each with <c>data</c> or <c>fault</c>.
/// </summary>
internal static class HidText
{
    private const int Longest = 4096;

    public static void Write(TextWriter output, CapturedHid device)
    {
        HidIdentity id = device.Identity;
        output.Write($"port {device.Name} hid\nabout {CaptureText.OneLine(device.Description)}\nidentity {id.Bus:x} {id.VendorId:x4} {id.ProductId:x4}\n");
        output.Write($"manufacturer {CaptureText.OneLine(id.Manufacturer)}\nproduct {CaptureText.OneLine(id.Product)}\nserial {CaptureText.OneLine(id.SerialNumber)}\n");
        output.Write("descriptor\n");
        CaptureText.Dump(output, device.Descriptor);
        foreach (((HidReportType type, byte number), CapturedReport report) in device.Reports.OrderBy(r => r.Key))
        {
            output.Write($"\n> {(type == HidReportType.Input ? "input" : "feature")} {number}\n");
            if (report.Fault is { } fault)
            {
                CaptureText.Fault(output, fault);
            }
            else
            {
                CaptureText.Dump(output, report.Data);
            }
        }

        foreach ((byte number, byte[] data) in device.Sent.OrderBy(s => s.Key))
        {
            output.Write($"\nsent {number}\n");
            CaptureText.Dump(output, data);
        }
    }

    /// <exception cref="MachineFileException">It is no such file; the message says where and why.</exception>
    public static CapturedHid Read(string file, string text)
    {
        var lines = new CaptureLines(file, text);
        if (!lines.Next() || lines.Word != "port" || lines.Rest.Split(' ') is not [{ Length: > 0 and <= 128 } name, "hid"])
        {
            throw lines.Wrong("expected: port NAME hid.");
        }

        var device = new CapturedHid(name);
        lines.Next();
        while (lines.Current is not null)
        {
            Read(device, lines);
        }

        return device;
    }

    private static void Read(CapturedHid device, CaptureLines lines)
    {
        switch (lines.Word)
        {
            case "about":
                device.Description = lines.Rest;
                break;
            case "identity":
                device.Identity = Identity(device.Identity, lines);
                break;
            case "manufacturer":
                device.Identity = device.Identity with { Manufacturer = lines.Rest };
                break;
            case "product":
                device.Identity = device.Identity with { Product = lines.Rest };
                break;
            case "serial":
                device.Identity = device.Identity with { SerialNumber = lines.Rest };
                break;
            case "descriptor":
                device.Descriptor = Data(lines);
                return;
            case ">":
                string[] words = lines.Rest.Split(' ');
                HidReportType type = words[0] switch { "input" => HidReportType.Input, "feature" => HidReportType.Feature, _ => throw lines.Wrong("expected: > input|feature NUMBER.") };
                byte number = (byte)lines.Number(words.Length > 1 ? words[1] : string.Empty, byte.MaxValue);
                lines.Next();
                device.Reports[(type, number)] = lines.Word == "fault" ? new CapturedReport([], lines.Fault()) : new CapturedReport(Dump(lines));
                return;
            case "sent":
                byte sent = (byte)lines.Number(lines.Rest, byte.MaxValue);
                device.Sent[sent] = Data(lines);
                return;
            default:
                throw lines.Wrong($"there is no '{CaptureText.OneLine(lines.Word)}' here; expected a report or a part of the identity.");
        }

        lines.Next();
    }

    private static HidIdentity Identity(HidIdentity known, CaptureLines lines)
    {
        int[] numbers = [.. lines.Rest.Split(' ').Select(w => int.TryParse(w, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) ? value : -1)];
        return numbers is [>= 0 and <= 0xFFFF, >= 0 and <= 0xFFFF, >= 0 and <= 0xFFFF]
            ? known with { Bus = numbers[0], VendorId = numbers[1], ProductId = numbers[2] }
            : throw lines.Wrong("expected: identity BUS VENDOR PRODUCT in hexadecimal.");
    }

    private static byte[] Data(CaptureLines lines)
    {
        lines.Next();
        return Dump(lines);
    }

    private static byte[] Dump(CaptureLines lines) => lines.Word == "data" ? lines.Dump(Longest) : throw lines.Wrong("expected data.");
}
