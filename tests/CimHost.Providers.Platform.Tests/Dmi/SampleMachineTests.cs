using CimHost.TestBed;
using Xunit;

namespace CimHost.Providers.Platform.Tests.Dmi;

/// <summary>The sample machines' SMBIOS tables are the bytes of their descriptions.</summary>
public sealed class SampleMachineTests
{
    public static TheoryData<string> Machines => new(Directory.EnumerateDirectories(RepositoryRoot.PathOf("samples/machines"))
        .Where(m => File.Exists(Path.Combine(m, "firmware", "dmi.txt")))
        .Select(m => Path.GetFileName(m)!));

    [Theory]
    [MemberData(nameof(Machines))]
    public async Task The_tables_of_a_machine_are_made_of_its_description(string machine)
    {
        string folder = RepositoryRoot.PathOf("samples/machines/" + machine);
        DmiDescription description = DmiDescription.Parse(Path.Combine(folder, "firmware", "dmi.txt"));
        string tables = Path.Combine(folder, "sys", "firmware", "dmi", "tables");
        if (Environment.GetEnvironmentVariable("CIMHOST_UPDATE_FIXTURES") == "1")
        {
            Directory.CreateDirectory(tables);
            await File.WriteAllBytesAsync(Path.Combine(tables, "DMI"), description.Table);
            await File.WriteAllBytesAsync(Path.Combine(tables, "smbios_entry_point"), description.EntryPoint());
        }

        Assert.Equal(description.Table, await File.ReadAllBytesAsync(Path.Combine(tables, "DMI")));
        Assert.Equal(description.EntryPoint(), await File.ReadAllBytesAsync(Path.Combine(tables, "smbios_entry_point")));
    }
}
