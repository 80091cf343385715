using System.Text;
using CimHost.Providers.Platform.Wire.Kernel;
using CimHost.Providers.Platform.Wire.Pci;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Providers.Platform.Wire.Usb;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Firmware tables, USB descriptors and files of the kernel: any bytes give values or a reason.</summary>
public sealed class PlatformFuzz
{
    private static string Sample => Path.Combine(FindRoot(), "samples", "machines", "rack-server");

    [Fact]
    public void Any_firmware_table_gives_records_or_reasons() => Fuzzer.Run(
        [File.ReadAllBytes(Path.Combine(Sample, "sys/firmware/dmi/tables/DMI")), .. Structures()],
        input =>
        {
            var entryPoint = new SmbiosEntryPoint(3, 7, 0, uint.MaxValue, null, 0);
            SmbiosTable table = SmbiosTable.Read(entryPoint, input);
            Require(table.Structures.Count <= 4096, "structures are bounded");
            foreach (SmbiosStructure structure in table.Structures)
            {
                bool read = SmbiosRecords.TryRead(structure, out SmbiosRecord? record, out string? reason);
                Require(!read || reason is null, "a record has no reason");
                if (record is not null)
                {
                    Require(record.Fields().All(f => f.Name.Length > 0 && (f.Value is null || !f.Value.Any(char.IsControl))), "fields are printable");
                    _ = (record.Label, record.LongLabel, record.TypeName);
                }
            }
        });

    [Fact]
    public void Any_entry_point_is_read_or_refused() => Fuzzer.Run(
        [File.ReadAllBytes(Path.Combine(Sample, "sys/firmware/dmi/tables/smbios_entry_point")), [.. "_SM_"u8, .. new byte[27]], [.. "_DMI_"u8, .. new byte[10]]],
        input => Require(SmbiosEntryPoint.TryRead(input, out _, out string? reason) == reason is null, "a refusal has a reason, and only a refusal"));

    [Fact]
    public void Any_USB_descriptors_are_read_or_refused() => Fuzzer.Run(
        [.. Directory.EnumerateFiles(Path.Combine(Sample, "sys/devices/pci0000:00/0000:00:14.0/usb1"), "descriptors").Select(File.ReadAllBytes),
            File.ReadAllBytes(Path.Combine(Sample, "sys/devices/pci0000:00/0000:00:14.0/usb1/1-3/descriptors"))],
        input =>
        {
            bool read = UsbDescriptors.TryRead(input, out UsbDescriptors? descriptors, out string? reason);
            Require(read == reason is null && read == descriptors is not null, "a refusal has a reason, and only a refusal");
            Require(descriptors is null || descriptors.Configurations.All(c => c.Interfaces.Count <= 256), "interfaces are bounded");
        });

    [Fact]
    public void Any_cpuinfo_and_interrupts_are_read() => Fuzzer.Run(
        [File.ReadAllBytes(Path.Combine(Sample, "proc/cpuinfo"))[..2000], File.ReadAllBytes(Path.Combine(Sample, "proc/interrupts"))],
        input =>
        {
            Require(CpuInfo.ReadAll(input).All(c => c.Number >= 0 && c.MegaHertz is null or (> 0 and < 1_000_000)), "processors are plausible");
            _ = InterruptCounts.Read(input, "MCE"u8);
            _ = NumberList.TryRead(Encoding.UTF8.GetString(input), out IReadOnlyList<int> numbers);
            Require(numbers.Count <= 8192, "lists are bounded");
        });

    [Fact]
    public void Any_meminfo_is_read() => Fuzzer.Run(
        [File.ReadAllBytes(Path.Combine(Sample, "proc/meminfo")), [.. "HardwareCorrupted:     4 kB\nMemTotal: 18446744073709551615 kB\n"u8]],
        input =>
        {
            MemInfo info = MemInfo.Read(input);
            Require(info.Total is null or < 1UL << 53, "amounts can be told in bytes");
        });

    [Fact]
    public void Any_mounts_are_read() => Fuzzer.Run(
        [File.ReadAllBytes(Path.Combine(Sample, "proc/mounts")), [.. "a \\134\\040\\777\\04 b ro,x 0 0\n"u8]],
        input => Require(MountTable.Read(input).Select(m => m.MountPoint).Distinct().Count() == MountTable.Read(input).Count, "one mount per point"));

    [Fact]
    public void Any_list_of_ids_is_read_the_same_in_pieces_and_whole() => Fuzzer.Run(
        [File.ReadAllBytes(Path.Combine(Sample, "usr/share/misc/pci.ids"))],
        input =>
        {
            HashSet<string> wanted = ["8086", "8086:1572", "8086:1572:8086:0007", "C02", "C02:00", "C01:08:02"];
            var whole = new IdList(wanted);
            whole.Add(input);
            whole.End();
            var pieces = new IdList(wanted);
            for (int at = 0; at < input.Length; at += 7)
            {
                pieces.Add(input.AsSpan(at, Math.Min(7, input.Length - at)));
            }

            pieces.End();
            Require(whole.Names.OrderBy(n => n.Key).SequenceEqual(pieces.Names.OrderBy(n => n.Key)), "pieces give the same names");
            Require(whole.Names.Values.All(n => n.Length is > 0 and <= 256 && !n.Any(char.IsControl)), "names are short and printable");
        });

    [Fact]
    public void Any_error_counters_are_read() => Fuzzer.Run(
        [[.. "RxErr 0\nBadTLP 4\nTOTAL_ERR_COR 4\n"u8], [.. "A 18446744073709551615\nB 1\n"u8]],
        input => Require(AerCounters.Read(input) is null or { Kinds.Count: <= 64 }, "kinds are bounded"));

    // Each structure of the sample alone, so that mutations reach the fields of every type.
    private static IEnumerable<byte[]> Structures()
    {
        byte[] table = File.ReadAllBytes(Path.Combine(Sample, "sys/firmware/dmi/tables/DMI"));
        var seen = new HashSet<byte>();
        for (int at = 0; at + 4 < table.Length;)
        {
            int end = at + table[at + 1];
            while (table[end] != 0 || table[end + 1] != 0)
            {
                end++;
            }

            if (seen.Add(table[at]))
            {
                yield return table[at..(end + 2)];
            }

            at = end + 2;
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CimHost.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("No folder above has CimHost.sln.");
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException("Broken: " + what);
        }
    }
}
