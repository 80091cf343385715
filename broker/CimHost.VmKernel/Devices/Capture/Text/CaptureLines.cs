using System.Globalization;
using CimHost.VmKernel.Devices.Emulation;

namespace CimHost.VmKernel.Devices.Capture.Text;

/// <summary>The lines of a file of a capture, read one after the other. Empty lines and those that begin with # are passed over.</summary>
/// <param name="file">Name for messages.</param>
/// <param name="text">What the file holds.</param>
internal sealed class CaptureLines(string file, string text)
{
    /// <summary>Largest data of one answer or part of a file.</summary>
    public const int MostData = 1024 * 1024;

    private const int LongestComplaint = 200;

    private int _at;
    private int _number;

    /// <summary>The line that is looked at; null after the last one.</summary>
    public string? Current { get; private set; }

    /// <summary>First word of the line.</summary>
    public string Word => Current is null ? string.Empty : Current.IndexOf(' ', StringComparison.Ordinal) is >= 0 and int space ? Current[..space] : Current;

    /// <summary>What follows the first word and a space.</summary>
    public string Rest => Current is null || Word.Length == Current.Length ? string.Empty : Current[(Word.Length + 1)..];

    /// <summary>Goes to the next line; false after the last one.</summary>
    public bool Next()
    {
        do
        {
            if (_at >= text.Length)
            {
                Current = null;
                return false;
            }

            int end = text.IndexOf('\n', _at);
            end = end < 0 ? text.Length : end;
            Current = text[_at..end].TrimEnd('\r');
            (_at, _number) = (end + 1, _number + 1);
        }
        while (Current.Length == 0 || Current[0] == '#');
        return true;
    }

    /// <summary>A complaint about the line.</summary>
    public MachineFileException Wrong(string what) => new($"{file}:{_number}: {CaptureText.OneLine(what.Length <= LongestComplaint ? what : what[..LongestComplaint] + "…")}");

    /// <summary>What follows the first word, as bytes in hexadecimal.</summary>
    public byte[] Bytes(int least, int most) => Bytes(Rest, least, most);

    /// <summary>Bytes in hexadecimal, with or without spaces.</summary>
    public byte[] Bytes(string digits, int least, int most)
    {
        digits = digits.Replace(" ", string.Empty, StringComparison.Ordinal);
        return digits.Length % 2 == 0 && digits.Length >= 2 * least && digits.Length <= 2 * most && digits.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(digits)
            : throw Wrong($"expected {least} to {most} bytes in hexadecimal.");
    }

    /// <summary>What follows the first word, as a number in hexadecimal.</summary>
    public uint Hexadecimal(uint most) => uint.TryParse(Rest, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value) && value <= most
        ? value
        : throw Wrong($"expected a hexadecimal number up to {most:x}.");

    /// <summary>A decimal number.</summary>
    public long Number(string digits, long most) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= most
        ? value
        : throw Wrong($"expected a number up to {most}.");

    /// <summary>Reads <c>data LENGTH</c> and the lines <c>OFFSET: BYTES</c> that follow; what is not written is 0. Stands on the line after them.</summary>
    public byte[] Dump(int most = MostData)
    {
        byte[] data = new byte[Number(Rest, most)];
        while (Next() && Current!.IndexOf(':', StringComparison.Ordinal) is > 0 and <= 8 and int colon && Current[..colon].All(char.IsAsciiHexDigit))
        {
            uint offset = uint.Parse(Current.AsSpan(0, colon), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            byte[] bytes = Bytes(Current[(colon + 1)..], 1, 64);
            if (offset + bytes.Length > data.Length)
            {
                throw Wrong($"the bytes end behind the length {data.Length}.");
            }

            bytes.CopyTo(data, offset);
        }

        return data;
    }

    /// <summary>Reads <c>fault KIND MESSAGE</c> and goes on to the next line.</summary>
    public CapturedFault Fault()
    {
        string[] words = Rest.Split(' ', 2);
        CapturedFault fault = Enum.TryParse(words[0], out Sdk.Hardware.HardwareFault kind) && Enum.IsDefined(kind)
            ? new CapturedFault(kind, words.Length > 1 ? words[1] : string.Empty)
            : throw Wrong($"there is no fault '{words[0]}'.");
        Next();
        return fault;
    }
}
