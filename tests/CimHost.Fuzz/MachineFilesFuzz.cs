using System.Text;
using CimHost.VmKernel.Devices.Emulation;
using CimHost.VmKernel.Devices.Emulation.Controller;
using CimHost.VmKernel.Devices.Emulation.Description;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>The files of an emulated machine: whatever stands in one of them, the machine opens or says in one line what is wrong.</summary>
public class MachineFilesFuzz
{
    private const int MostSeeds = 64;
    private static readonly string s_machine = Path.Combine(Root(), "samples", "machines", "rack-server");

    // Not the whole folder: the links in its /sys lead in circles, as the kernel's do.
    private static readonly Dictionary<string, byte[]> s_files = Directory.EnumerateFiles(s_machine, "*.json")
        .Concat(Directory.EnumerateFiles(Path.Combine(s_machine, "bmc"), "*.json", SearchOption.AllDirectories))
        .ToDictionary(f => Path.GetRelativePath(s_machine, f), File.ReadAllBytes);

    [Theory]
    [InlineData("machine.json")]
    [InlineData("bmc/device.json")]
    [InlineData("bmc/chassis.json")]
    [InlineData("bmc/entities.json")]
    [InlineData("bmc/satellites.json")]
    [InlineData("bmc/sel.json")]
    [InlineData("bmc/fru/1-psu1.json")]
    [InlineData("faults.json")]
    public void A_file_of_a_machine(string file) => Fuzzer.Run([s_files[file]], bytes => Open(file, bytes));

    [Fact]
    public void The_sensors_of_a_machine()
    {
        string[] parts = Encoding.UTF8.GetString(s_files["bmc/sensors.json"]).Split("    {\n");
        byte[][] seeds = parts.Skip(1).Take(MostSeeds).Select(p => Encoding.UTF8.GetBytes($"{{ \"sensors\": [ {{ {p[..(p.LastIndexOf('}') + 1)]} ] }}")).ToArray();
        Fuzzer.Run(seeds, bytes => Open("bmc/sensors.json", bytes));
    }

    private static void Open(string file, byte[] bytes)
    {
        var files = new Dictionary<string, byte[]>(s_files) { [file] = bytes };
        if (file == "bmc/sensors.json")
        {
            files.Remove("bmc/sel.json");

            // It names the sensor of DCMI, which a part of the sensors does not have.
            files["bmc/device.json"] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(s_files["bmc/device.json"]).Replace("\"dcmi\"", "// \"dcmi\"", StringComparison.Ordinal));
        }

        try
        {
            MachineDescription machine = MachineReader.Read(files);
            var state = new BmcState(machine.Bmc!, TimeProvider.System);
            foreach (byte[] record in state.Sdrs.Records)
            {
                Assert.Equal(record.Length, record[4] + 5);
                Assert.InRange(record.Length, 6, 64);
            }
        }
        catch (MachineFileException e)
        {
            Assert.StartsWith(file, e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CimHost.sln")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }
}
