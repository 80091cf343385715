using System.Globalization;
using System.Text;
using CimHost.VmKernel.Devices.Capture.Text;
using CimHost.VmKernel.Devices.Emulation;

namespace CimHost.VmKernel.Devices.Capture;

/// <summary>
/// A capture as a directory: capture.txt, files.txt, and a file for each device in ipmi/, disks/ and hid/, in the order of their numbers.
/// capture.txt is written last, so that a directory with one is whole.
/// </summary>
internal static class CaptureDirectory
{
    /// <summary>The file that makes a directory a capture.</summary>
    public const string SystemFile = "capture.txt";

    private const string FilesFile = "files.txt";
    private const string Format = "1";
    private const int MostDevices = 1024;
    private const long LargestFile = 512L * 1024 * 1024;
    private const long LargestCapture = 1024L * 1024 * 1024;

    /// <summary>Writes a capture into a directory that is there.</summary>
    public static void Write(MachineCapture capture, string directory)
    {
        WriteAll(directory, "ipmi", capture.Controllers, c => c.Name, CommandLogText.Write);
        WriteAll(directory, "disks", capture.Disks, d => d.Name, CommandLogText.Write);
        WriteAll(directory, "hid", capture.HidDevices, d => d.Name, HidText.Write);
        using (TextWriter files = Create(Path.Combine(directory, FilesFile)))
        {
            FilesText.Write(files, capture.Files);
        }

        using TextWriter system = Create(Path.Combine(directory, SystemFile));
        system.Write($"format {Format}\nsystem {CaptureText.OneLine(capture.SystemName)}\n");
    }

    /// <summary>Reads a capture.</summary>
    /// <exception cref="MachineFileException">A file is missing or wrong.</exception>
    public static MachineCapture Read(string directory)
    {
        long room = LargestCapture;
        var capture = new MachineCapture { SystemName = System(Text(directory, SystemFile, ref room)) };
        foreach ((string file, string text) in ReadAll(directory, "ipmi", ref room))
        {
            capture.Controllers.Add(CommandLogText.Read(file, text) is { Protocol: CommandLog.Ipmi } log ? log : throw new MachineFileException($"{file}:1: expected a port of the protocol ipmi."));
        }

        foreach ((string file, string text) in ReadAll(directory, "disks", ref room))
        {
            capture.Disks.Add(CommandLogText.Read(file, text) is { Protocol: not CommandLog.Ipmi } log ? log : throw new MachineFileException($"{file}:1: expected a port of the protocol scsi or nvme."));
        }

        foreach ((string file, string text) in ReadAll(directory, "hid", ref room))
        {
            capture.HidDevices.Add(HidText.Read(file, text));
        }

        foreach ((string path, CapturedEntry entry) in FilesText.Read(FilesFile, Text(directory, FilesFile, ref room)))
        {
            capture.Files.Add(path, entry);
        }

        return capture;
    }

    private static void WriteAll<T>(string directory, string folder, List<T> devices, Func<T, string> name, Action<TextWriter, T> write)
    {
        if (devices.Count == 0)
        {
            return;
        }

        Directory.CreateDirectory(Path.Combine(directory, folder));
        for (int i = 0; i < devices.Count; i++)
        {
            string plain = new([.. name(devices[i]).Take(64).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_')]);
            using TextWriter output = Create(Path.Combine(directory, folder, string.Create(CultureInfo.InvariantCulture, $"{i:d3}-{plain}.txt")));
            write(output, devices[i]);
        }
    }

    private static StreamWriter Create(string path) => new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };

    private static List<(string File, string Text)> ReadAll(string directory, string folder, ref long room)
    {
        string place = Path.Combine(directory, folder);
        var files = new List<(string, string)>();
        if (!Directory.Exists(place))
        {
            return files;
        }

        string[] names = [.. Directory.EnumerateFiles(place, "*.txt").Take(MostDevices + 1).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        if (names.Length > MostDevices)
        {
            throw new MachineFileException($"{folder}: there are more than {MostDevices} files.");
        }

        foreach (string name in names)
        {
            files.Add(($"{folder}/{name}", Text(directory, $"{folder}/{name}", ref room)));
        }

        return files;
    }

    private static string Text(string directory, string file, ref long room)
    {
        try
        {
            string path = Path.Combine(directory, file);
            long length = new FileInfo(path).Length;
            room -= length;
            return length <= LargestFile && room >= 0
                ? File.ReadAllText(path, Encoding.UTF8)
                : throw new MachineFileException($"{file}: the file has {length} bytes; expected at most {LargestFile}, and {LargestCapture} in all.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MachineFileException($"{file}: the file cannot be read: {e.Message}", e);
        }
    }

    private static string System(string text)
    {
        var lines = new CaptureLines(SystemFile, text);
        if (!lines.Next() || lines.Word != "format" || lines.Rest != Format)
        {
            throw lines.Wrong($"expected: format {Format}.");
        }

        return lines.Next() && lines.Word == "system" && lines.Rest.Length is > 0 and <= 255 ? lines.Rest : throw lines.Wrong("expected: system NAME.");
    }
}
