using System.Globalization;
using System.Text;

namespace CimHost.VmKernel.Devices.Capture.Text;

/// <summary>What the files of a capture have in common when they are written.</summary>
internal static class CaptureText
{
    private const int BytesInLine = 32;

    /// <summary>Bytes in hexadecimal with spaces.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length * 3);
        foreach (byte b in bytes)
        {
            text.Append(text.Length == 0 ? string.Empty : " ").Append(b.ToString("x2", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    /// <summary>Writes a length and the lines that are not all zero.</summary>
    public static void Dump(TextWriter output, ReadOnlySpan<byte> data)
    {
        output.Write($"data {data.Length}\n");
        for (int at = 0; at < data.Length; at += BytesInLine)
        {
            ReadOnlySpan<byte> line = data[at..Math.Min(at + BytesInLine, data.Length)];
            if (line.IndexOfAnyExcept((byte)0) >= 0)
            {
                output.Write($"{at:x4}: {Hex(line)}\n");
            }
        }
    }

    /// <summary>Writes why there was no answer.</summary>
    public static void Fault(TextWriter output, CapturedFault fault) => output.Write($"fault {fault.Fault} {OneLine(fault.Message)}\n");

    /// <summary>A text without line breaks and other control characters.</summary>
    public static string OneLine(string text) => new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
}
