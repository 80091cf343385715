using System.Globalization;
using System.Text;
using CimHost.Sdk.Hardware;

namespace CimHost.Sdk.Testing;

/// <summary>
/// The bytes that a disk answers, as text: a line <c>port NAME scsi|nvme LOCATION</c>, then for each command <c>&gt; COMMAND</c>, and where
/// they are not empty <c>status</c>, <c>sense</c> and <c>data LENGTH</c> with lines <c>OFFSET: BYTES</c> in hexadecimal. Bytes that are
/// not written are 0; lines that begin with # are comments.
/// </summary>
public sealed class DiskRecording
{
    private const int BytesPerLine = 32;
    private const int MaxData = 64 * 1024;
    private readonly SortedDictionary<string, RecordedAnswer> _answers = new(StringComparer.Ordinal);

    /// <summary>Creates an empty recording.</summary>
    public DiskRecording(string name, DiskProtocol protocol, string location) => (Name, Protocol, Location) = (name, protocol, location);

    /// <summary>Name of the port.</summary>
    public string Name { get; }

    /// <summary>What the port speaks.</summary>
    public DiskProtocol Protocol { get; }

    /// <summary>Where it is attached.</summary>
    public string Location { get; }

    /// <summary>The answers by command.</summary>
    public IDictionary<string, RecordedAnswer> Answers => _answers;

    /// <summary>A SCSI command as text: its descriptor block in hexadecimal.</summary>
    public static string KeyOf(in ScsiCommand command) => Hex(command.Cdb.Span);

    /// <summary>An NVMe command as text: operation code, namespace and dwords 10 to 15 in hexadecimal.</summary>
    public static string KeyOf(in NvmeAdminCommand c) => string.Create(
        CultureInfo.InvariantCulture,
        $"{c.Opcode:x2} {c.NamespaceId:x8} {c.Dword10:x8} {c.Dword11:x8} {c.Dword12:x8} {c.Dword13:x8} {c.Dword14:x8} {c.Dword15:x8}");

    /// <summary>Reads a recording.</summary>
    /// <exception cref="FormatException">A line breaks the format; the message says which.</exception>
    public static DiskRecording Parse(string text)
    {
        DiskRecording? recording = null;
        string? command = null;
        var answer = new RecordedAnswer(0, [], []);
        int number = 0;
        foreach (string line in text.Split('\n').Select(l => l.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            try
            {
                if (recording is null)
                {
                    string[] words = line.Split(' ', 4);
                    recording = new DiskRecording(words[1], words[2] == "nvme" ? DiskProtocol.Nvme : DiskProtocol.Scsi, words.Length > 3 ? words[3] : string.Empty);
                }
                else if (line[0] == '>')
                {
                    recording.Add(command, answer);
                    (command, answer) = (line[1..].Trim(), new RecordedAnswer(0, [], []));
                }
                else
                {
                    answer = Take(answer, line);
                }
            }
            catch (Exception e) when (e is FormatException or ArgumentException or IndexOutOfRangeException or OverflowException)
            {
                throw new FormatException($"Line {number} of the recording breaks the format: {line}", e);
            }
        }

        recording ??= new DiskRecording("empty", DiskProtocol.Scsi, string.Empty);
        recording.Add(command, answer);
        return recording;
    }

    /// <summary>Writes the recording.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append("port ").Append(Name).Append(' ').Append(Protocol == DiskProtocol.Nvme ? "nvme" : "scsi").Append(' ').Append(Location).Append('\n');
        foreach ((string command, RecordedAnswer answer) in _answers)
        {
            text.Append("\n> ").Append(command).Append('\n');
            if (answer.Status != 0)
            {
                text.Append("status ").Append(answer.Status.ToString("x", CultureInfo.InvariantCulture)).Append('\n');
            }

            if (answer.Sense.Length > 0)
            {
                text.Append("sense ").Append(Hex(answer.Sense)).Append('\n');
            }

            if (answer.Data.Length > 0)
            {
                AppendData(text, answer.Data);
            }
        }

        return text.ToString();
    }

    private static void AppendData(StringBuilder text, byte[] data)
    {
        text.Append("data ").Append(data.Length.ToString(CultureInfo.InvariantCulture)).Append('\n');
        for (int at = 0; at < data.Length; at += BytesPerLine)
        {
            ReadOnlySpan<byte> line = data.AsSpan(at, Math.Min(BytesPerLine, data.Length - at));
            if (line.IndexOfAnyExcept((byte)0) >= 0)
            {
                text.Append(at.ToString("x4", CultureInfo.InvariantCulture)).Append(": ").Append(Hex(line)).Append('\n');
            }
        }
    }

    private static RecordedAnswer Take(RecordedAnswer answer, string line)
    {
        if (line.StartsWith("status ", StringComparison.Ordinal))
        {
            return answer with { Status = ushort.Parse(line.AsSpan(7), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) };
        }

        if (line.StartsWith("sense ", StringComparison.Ordinal))
        {
            return answer with { Sense = Bytes(line[6..]) };
        }

        if (line.StartsWith("data ", StringComparison.Ordinal))
        {
            int length = int.Parse(line.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture);
            return length <= MaxData ? answer with { Data = new byte[length] } : throw new FormatException("The data are too long.");
        }

        string[] parts = line.Split(':', 2);
        Bytes(parts[1]).CopyTo(answer.Data, int.Parse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        return answer;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));

    private static string Hex(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length * 3);
        foreach (byte b in bytes)
        {
            text.Append(text.Length > 0 ? " " : string.Empty).Append(b.ToString("x2", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private void Add(string? command, RecordedAnswer answer)
    {
        if (command is not null)
        {
            _answers[command] = answer;
        }
    }
}
