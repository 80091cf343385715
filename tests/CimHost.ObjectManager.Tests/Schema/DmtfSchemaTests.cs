using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;

namespace CimHost.ObjectManager.Tests.Schema;

/// <summary>Runs where the whole DMTF schema lies beside the repository, in <c>../shared/schema</c>.</summary>
public sealed class DmtfSchemaFactAttribute : FactAttribute
{
    public DmtfSchemaFactAttribute() => Skip = Zip is null ? "The DMTF CIM schema (shared/schema/cim_schema_2.49.0Final-MOFs.zip beside the repository) is not here." : null;

    public static string? Zip { get; } = Find();

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "schema", "cim_schema_2.49.0Final-MOFs.zip");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}

public sealed class DmtfSchemaTests
{
    [DmtfSchemaFact]
    public async Task The_whole_schema_is_applied_once_and_a_later_start_parses_no_MOF()
    {
        string folder = Directory.CreateTempSubdirectory("cimhost-dmtf-").FullName;
        try
        {
            string mof = Path.Combine(folder, "mof"), database = Path.Combine(folder, "repository.db");
            await System.IO.Compression.ZipFile.ExtractToDirectoryAsync(DmtfSchemaFactAttribute.Zip!, mof);
            using (CimRepository first = CimRepository.Open(database))
            {
                var installer = new MofInstaller(first);
                Assert.Null(await installer.InstallAsync("dmtf", mof, [TestHost.Namespace], default));
                Assert.True(installer.CompiledFiles > 1600, $"{installer.CompiledFiles} files");
            }

            using CimRepository second = CimRepository.Open(database);
            var again = new MofInstaller(second);
            Assert.Null(await again.InstallAsync("dmtf", mof, [TestHost.Namespace], default));
            Assert.Equal(0, again.CompiledFiles);

            IReadOnlyList<string> names = second.Schema.SubclassNames(TestHost.Namespace, null, deep: true);
            Assert.Equal(1631, names.Count);
            Assert.All(names, name => Assert.NotNull(second.Schema.FindClass(TestHost.Namespace, name)));
            CimClass sensor = second.Schema.GetClass(TestHost.Namespace, "CIM_NumericSensor");
            Assert.Equal("CIM_Sensor", sensor.CimSuperClassName);
            Assert.Equal(["SystemCreationClassName", "SystemName", "CreationClassName", "DeviceID"], sensor.KeyIndexes.Select(i => sensor.CimClassProperties[i].Name));
            Assert.Equal(CimType.SInt32, sensor.CimClassProperties["CurrentReading"]!.CimType);
            Assert.True(second.Schema.IsSubclassOf(TestHost.Namespace, "CIM_NumericSensor", "CIM_ManagedElement"));
            Assert.True(second.Schema.GetClass(TestHost.Namespace, "CIM_AssociatedSensor").IsAssociation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Changed_MOF_is_compiled_anew_and_wrong_MOF_changes_nothing()
    {
        await using TestHost host = await TestHost.CreateAsync();
        string folder = Directory.CreateDirectory(Path.Combine(host.Folder, "mof")).FullName;
        string file = Path.Combine(folder, "a.mof");
        var installer = new MofInstaller(host.Repository);

        await File.WriteAllTextAsync(file, "class X_One { [Key] string Id; };");
        Assert.Null(await installer.InstallAsync("p", folder, [TestHost.Namespace], default));
        Assert.Null(await installer.InstallAsync("p", folder, [TestHost.Namespace], default));
        Assert.Equal(1, installer.CompiledFiles);

        await File.WriteAllTextAsync(file, "class X_One { [Key] string Id; uint8 More; };");
        Assert.Null(await installer.InstallAsync("p", folder, [TestHost.Namespace], default));
        Assert.Equal(2, installer.CompiledFiles);
        Assert.Equal(2, host.Repository.Schema.GetClass(TestHost.Namespace, "X_One").CimClassProperties.Count);

        await File.WriteAllTextAsync(file, "class X_One { [Key] string Id; };\nclass X_Two {\n  strin Name;\n};");
        Assert.Contains("a.mof:3:3", await installer.InstallAsync("p", folder, [TestHost.Namespace], default), StringComparison.Ordinal);
        Assert.Null(host.Repository.Schema.FindClass(TestHost.Namespace, "X_Two"));
        Assert.Equal(2, host.Repository.Schema.GetClass(TestHost.Namespace, "X_One").CimClassProperties.Count);
        Assert.Equal([], await host.Cim.EnumerateInstanceNamesAsync(TestHost.Namespace, "X_One", default).ToListAsync());
    }
}
