using System.Text;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Capture;
using CimHost.VmKernel.Devices.Capture.Redaction;
using CimHost.VmKernel.Devices.Capture.Text;
using CimHost.VmKernel.Devices.Emulation;
using CimHost.VmKernel.Devices.Emulation.Live;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>The files of a capture, which anybody may have written, and what redaction reads of the answers of devices.</summary>
public sealed class CaptureFuzz
{
    private const string Files = "directory /sys\nnames 2\n- a\n- b%2F\nlink /sys/a\nto /sys/c\nfile /sys/c\npart 0\n|text\n\\end\npart 9\ndata 4\n0000: 01 02 03 04\nnone /sys/b\nfile /sys/d\nfault Unavailable no\n";

    [Fact]
    public void Any_text_is_a_log_of_commands_or_says_why_not() => Fuzzer.Run(
        Seeds("port ipmi0 ipmi 8\nabout x\n\n> 06 00 01\ndata 3\n0000: 01 02 03\n\n> 04 00 2d 01\nstatus cb\n> 04 00 2d 02\nfault TimedOut no answer\n", "port nvme0 nvme pci-0\n> 06 00000000 00000001 00000000 00000000 00000000 00000000 00000000\nresult 5\nsent 00 01\nsense 70\n"),
        bytes => Read(bytes, text =>
        {
            CommandLog log = CommandLogText.Read("x.txt", text);
            CommandLog again = CommandLogText.Read("x.txt", Write(output => CommandLogText.Write(output, log)));
            Require(log.Exchanges.Count == again.Exchanges.Count, "what is written is read again");
        }));

    [Fact]
    public void Any_text_is_a_HID_device_or_says_why_not() => Fuzzer.Run(
        Seeds("port hid-1 hid\nabout x\nidentity 3 051d 0002\nmanufacturer A\nproduct B\nserial C\ndescriptor\ndata 4\n0000: 05 84 09 04\n\n> feature 1\ndata 2\n0000: 01 64\n\n> input 2\nfault Unsupported no\n\nsent 2\ndata 1\n"),
        bytes => Read(bytes, text => HidText.Read("x.txt", text)));

    [Fact]
    public void Any_text_is_a_tree_of_files_or_says_why_not() => Fuzzer.Run(
        Seeds(Files),
        bytes => Read(bytes, text =>
        {
            SortedDictionary<string, CapturedEntry> files = FilesText.Read("x.txt", text);
            Require(files.Values.All(e => e.Parts is null || e.Parts.Values.Sum(p => (long)p.Length) <= 2 * text.Length + (files.Count + 1L) * CaptureLines.MostData), "content is bounded");
            var capture = new MachineCapture { SystemName = "box" };
            foreach ((string path, CapturedEntry entry) in files)
            {
                capture.Files[path] = entry;
            }

            var machine = new CapturedMachine(capture, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
            foreach (string path in files.Keys)
            {
                machine.Files.Resolve(path);
                machine.Files.Resolve(path + "/../x/./y");
                try
                {
                    machine.Files.List(path);
                    _ = machine.Files.ReadRangeAsync(path, 1, 100, default).AsTask().Wait(0);
                }
                catch (HardwareException)
                {
                    // What the capture says that it failed with.
                    continue;
                }
                catch (AggregateException e) when (e.InnerException is HardwareException)
                {
                    continue;
                }
            }
        }));

    [Fact]
    public void Any_answers_of_devices_can_be_listed_and_changed_or_are_left_out() => Fuzzer.Run(
        [
            // A full sensor record; SMART data; pages of an enclosure with a fan.
            [1, 0, 0x51, 0x01, 43, 0x20, 0, 1, 7, 1, 0x7F, 0x68, 1, 1, 0, 0, 0, 0, 0x3F, 0x3F, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0, 99, 90, 80, 1, 2, 3, 1, 1, 0, 0, 0, 0xC1, 65],
            [0x10, 0, 5, 0x33, 0, 100, 90, 7, .. new byte[600]],
            [1, 0, 0, 60, 0, 0, 0, 1, 0x11, 0, 1, 36, .. new byte[36], 3, 1, 0, 0],
            [.. Enumerable.Range(0, 1100).Select(i => (byte)(i * 7))],
        ],
        input =>
        {
            (byte[] Request, byte[] Data)[] sensor = [([0x0A, 0, 0x23, 0, 0, 0, 0, 0, 0xFF], [0xFF, 0xFF, .. input.Take(255)]), .. Enumerable.Range(0, 256).Select(n => (new byte[] { 4, 0, 0x2D, (byte)n }, input)), ([0, 0, 1], input)];
            byte[][] ata = [[0x85, 8, 14, 0, 0xD0, 0, 1, 0, 0, 0, 0x4F, 0, 0xC2, 0, 0xB0, 0], [0x85, 8, 14, 0, 0xD1, 0, 1, 0, 0, 0, 0x4F, 0, 0xC2, 0, 0xB0, 0], [0x85, 8, 14, 0, 0xD5, 0, 1, 0, 0xE0, 0, 0x4F, 0, 0xC2, 0, 0xB0, 0]];
            byte[][] scsi = [[0x4D, 0, 0x4D, 0, 0, 0, 0, 2, 0, 0], [0x4D, 0, 0x6F, 0, 0, 0, 0, 2, 0, 0], [0x4D, 0, 0x51, 0, 0, 0, 0, 2, 0, 0]];
            byte[][] enclosure = [[0x1C, 1, 1, 0x10, 0, 0], [0x1C, 1, 2, 0x10, 0, 0], [0x1C, 1, 7, 0x10, 0, 0]];
            var capture = new MachineCapture { SystemName = "box" };
            capture.Controllers.Add(Log("ipmi0", CommandLog.Ipmi, sensor));
            capture.Disks.Add(Log("sda", CommandLog.Scsi, ata.Select(c => (c, input))));
            capture.Disks.Add(Log("sdb", CommandLog.Scsi, scsi.Select(c => (c, input))));
            capture.Disks.Add(Log("sg2", CommandLog.Scsi, [([0x12, 0, 0, 0, 96, 0], [0x0D]), .. enclosure.Select(c => (c, input))]));
            capture.Disks.Add(Log("nvme0", CommandLog.Nvme, [([2, 255, 255, 255, 255, 0, 0x7F, 0, 2, .. new byte[20]], input)]));
            var machine = new CapturedMachine(capture, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
            LiveHardware live = LiveHardware.Of(machine)!;
            foreach (HardwareItem item in live.List().Take(300))
            {
                Try(() => live.Break(item.Name, BreakKind.Fail, new BreakOptions()));
                foreach (string property in item.Settable)
                {
                    Try(() => live.Set(property.Length == 0 ? item.Name : $"{item.Name}:{property}", "1"));
                }
            }

            live.Clear("ipmi0");
            foreach (IDiskPort disk in machine.Disks.Where(d => d.Protocol == DiskProtocol.Scsi))
            {
                foreach (byte[] cdb in (byte[][])[.. ata, .. scsi, .. enclosure])
                {
                    Require(disk.ScsiAsync(ScsiCommand.Read(cdb, 4096), default).AsTask().Result.Data.Length <= input.Length, "an answer keeps its length");
                }
            }

            static CommandLog Log(string name, string protocol, IEnumerable<(byte[] Request, byte[] Data)> exchanges)
            {
                var log = new CommandLog(name, protocol);
                exchanges.ToList().ForEach(e => log.Add(new Exchange(e.Request) { Data = [.. e.Data], Sense = [.. e.Data.Take(64)] }));
                return log;
            }

            static void Try(Action change)
            {
                try
                {
                    change();
                }
                catch (HardwareChangeException)
                {
                    // The part has no such value or state.
                    return;
                }
            }
        });

    [Fact]
    public void Redaction_takes_any_answers_and_keeps_their_lengths() => Fuzzer.Run(
        [
            [0x01, 0x1B, 0x01, 0x00, 1, 2, 3, 4, .. new byte[16], 6, 5, 6, (byte)'S', (byte)'N', (byte)'1', (byte)'2', 0, 0, 0x7F, 4, 0, 0, 0, 0],
            [1, 0, 1, 0, 0, 2, 0, 0, 1, 1, 0x17, 0xC4, 65, 66, 67, 68, 0xC1, 0, 0xC0, 2, 5, 9, 9, 1, 2, 3, 4, 5],
            [0, 0x83, 0, 16, 1, 3, 0, 8, 0x50, 0, 0xC5, 0, 1, 2, 3, 4, 3, 0x18, 0, 4, 65, 66, 67, 68],
            [.. Enumerable.Range(0, 1100).Select(i => (byte)(i * 7))],
        ],
        input =>
        {
            var capture = new MachineCapture { SystemName = "box" };
            var file = new CapturedEntry(CapturedEntryKind.File);
            file.Add(0, input);
            capture.Files["/sys/firmware/dmi/tables/DMI"] = file;
            var text = new CapturedEntry(CapturedEntryKind.File);
            text.Add(0, [.. input]);
            capture.Files["/proc/net/serial"] = text;
            var disk = new CommandLog("sda", CommandLog.Scsi);
            foreach (byte[] cdb in (byte[][])[[0x12, 0, 0, 0, 96, 0], [0x12, 1, 0x80, 0, 96, 0], [0x12, 1, 0x83, 0, 96, 0], [0x12, 1, 0x89, 0, 96, 0], [0x85, 8, 14, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xEC, 0], [0x4D, 0, 0x58], [0x1C, 1, 1], [0x1C, 1, 10]])
            {
                disk.Add(new Exchange(cdb) { Data = [.. input] });
            }

            var nvme = new CommandLog("nvme0", CommandLog.Nvme);
            for (byte what = 0; what < 4; what++)
            {
                nvme.Add(new Exchange([6, 0, 0, 0, 0, 0, 0, 0, what, .. new byte[20]]) { Data = [.. input] });
            }

            var controller = new CommandLog("ipmi0", CommandLog.Ipmi);
            foreach (byte[] request in (byte[][])[[0x0A, 0, 0x11, 0, 0, 0, 255], [0x0A, 0, 0x10, 0], [0x06, 0, 0x37], [0x06, 0, 0x59, 0, 2, 0, 0], [0x0C, 0, 2, 1, 3, 0, 0], [0x0C, 0, 2, 1, 19, 1, 0], [0x0C, 0, 2, 1, 56, 0, 0], [0x0C, 0, 2, 1, 65, 0, 0], [0x0A, 0, 0x23, 0, 0, 1, 0, 0, 255]])
            {
                controller.Add(new Exchange(request) { Data = [.. input] });
            }

            capture.Disks.AddRange([disk, nvme]);
            capture.Controllers.Add(controller);
            CaptureRedaction.Apply(capture);
            Require(capture.Disks.Concat(capture.Controllers).SelectMany(d => d.Exchanges.Values).All(e => e.Data.Length == input.Length), "lengths stay");
        });

    private static byte[][] Seeds(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static void Read(byte[] bytes, Action<string> read)
    {
        try
        {
            read(Encoding.UTF8.GetString(bytes));
        }
        catch (MachineFileException e)
        {
            Require(e.Message.StartsWith("x.txt:", StringComparison.Ordinal) && e.Message.Length < 400 && !e.Message.Any(char.IsControl), "the reason names the line and is short");
        }
    }

    private static string Write(Action<TextWriter> write)
    {
        using var output = new StringWriter();
        write(output);
        return output.ToString();
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Broken: {what}");
        }
    }
}
