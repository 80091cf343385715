using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Tests.Repository;

public sealed class DurabilityTests
{
    // What a killed process leaves behind: the files as they are at this moment, the log beside the database.
    private static string Snapshot(TestHost host)
    {
        string folder = Directory.CreateDirectory(Path.Combine(host.Folder, "killed-" + Guid.NewGuid().ToString("N"))).FullName;
        foreach (string file in Directory.GetFiles(host.Folder, "repository.db*").Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
        {
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using FileStream copy = File.Create(Path.Combine(folder, Path.GetFileName(file)));
            source.CopyTo(copy);
        }

        return Path.Combine(folder, "repository.db");
    }

    [Fact]
    public async Task Every_answered_change_survives_a_kill()
    {
        await using TestHost host = await TestHost.CreateAsync();
        CimObjectPath kept = await host.AddAsync("T_Fan", ("DeviceID", "kept"), ("Reading", -4), ("Speed", ulong.MaxValue));
        CimObjectPath changed = await host.AddAsync("T_Fan", ("DeviceID", "changed"));
        CimObjectPath deleted = await host.AddAsync("T_Fan", ("DeviceID", "deleted"));
        await host.Cim.SetPropertyAsync(TestHost.Namespace, changed, "Reading", 12, default);
        await host.Cim.DeleteInstanceAsync(TestHost.Namespace, deleted, default);
        await host.Repository.CreateNamespaceAsync("root/other", default);
        await host.Cim.CreateClassAsync(TestHost.Namespace, new CimClass("X_Made"), default);
        await host.Cim.DeleteClassAsync(TestHost.Namespace, "T_Setting", default);

        using CimRepository again = CimRepository.Open(Snapshot(host));

        CimInstance? first = await again.Instances.GetAsync(TestHost.Namespace, "T_Fan", kept.KeyString, default);
        Assert.Equal(-4, first!["Reading"].ToObject());
        Assert.Equal(ulong.MaxValue, first["Speed"].ToObject());
        Assert.Equal(12, (await again.Instances.GetAsync(TestHost.Namespace, "T_Fan", changed.KeyString, default))!["Reading"].ToObject());
        Assert.Null(await again.Instances.GetAsync(TestHost.Namespace, "T_Fan", deleted.KeyString, default));
        Assert.Contains("root/other", again.Schema.Namespaces);
        Assert.NotNull(again.Schema.FindClass(TestHost.Namespace, "X_Made"));
        Assert.Null(again.Schema.FindClass(TestHost.Namespace, "T_Setting"));
    }

    [Fact]
    public async Task A_commit_waits_for_the_disk()
    {
        string folder = Directory.CreateTempSubdirectory("cimhost-om-").FullName;
        using (RepositoryDatabase database = RepositoryDatabase.Open(Path.Combine(folder, "a.db")))
        {
            Assert.Equal("wal", Assert.Single(database.Read("PRAGMA journal_mode", r => r.GetString(0))));
            Assert.Equal(2, Assert.Single(database.Read("PRAGMA synchronous", r => r.GetInt32(0))));
        }

        Directory.Delete(folder, recursive: true);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_reopened_repository_holds_the_same_classes_qualifiers_and_instances()
    {
        const string Mof = """
            [Description("all types"), Version("1.2")] class D_All {
              [Key] string Id; boolean B = true; uint8 U8; sint8 S8 = -3; uint16 U16; sint16 S16; uint32 U32; sint32 S32; uint64 U64; sint64 S64;
              real32 R32; real64 R64; char16 C; datetime T; string Texts[] = {"a", null, ""}; uint8 Bytes[4]; boolean Flags[]; datetime Times[];
              [EmbeddedInstance("D_Part")] string Part; [EmbeddedObject] string Any; [EmbeddedInstance("D_Part")] string Parts[];
              [Static, Description("does")] uint32 Do([Out] string Result, D_All REF Target, uint16 Values[]);
            };
            class D_Part { string Name; uint16 Size; };
            """;
        await using TestHost host = await TestHost.CreateAsync(Mof);
        CimInstance part = host.Make("D_Part", ("Name", "fan \u00e4\u20ac\U0001F300"), ("Size", (ushort)3));
        CimObjectPath path = await host.AddAsync(
            "D_All", ("Id", "x"), ("U8", (byte)255), ("U16", ushort.MaxValue), ("S16", short.MinValue), ("U32", uint.MaxValue), ("S32", int.MinValue), ("U64", ulong.MaxValue), ("S64", long.MinValue),
            ("R32", 1.5f), ("R64", -2.25e100), ("C", 'ä'), ("T", CimDateTime.Parse("20261122080000.123456+060")), ("Bytes", new byte[] { 0, 128, 255, 1 }), ("Flags", new[] { true, false }),
            ("Times", new[] { CimDateTime.Parse("00000001000000.000000:000") }), ("Part", part), ("Any", part), ("Parts", CimValue.FromElements(CimType.Instance, [part, default])));
        CimInstance before = await host.Cim.GetInstanceAsync(TestHost.Namespace, path, CimInstanceOptions.Full, default);
        string mof = Export(host.Repository);

        using CimRepository again = CimRepository.Open(Snapshot(host));

        CimInstance? after = await again.Instances.GetAsync(TestHost.Namespace, "D_All", path.KeyString, default);
        Assert.Equal(path, after!.Path);
        foreach (string name in before.CimClass.CimClassProperties.Select(p => p.Name).Except(["Part", "Any", "Parts"]))
        {
            Assert.Equal(before[name], after[name]);
        }

        Assert.Equal("fan \u00e4\u20ac\U0001F300", after["Part"].AsInstance()!["Name"].AsString());
        Assert.Equal((ushort)3, after["Parts"][0].AsInstance()!["Size"].ToObject());
        Assert.True(after["Parts"][1].IsNull);
        Assert.Equal(mof, Export(again));
    }

    [Fact]
    public async Task Keys_of_every_type_find_their_instance_again()
    {
        await using TestHost host = await TestHost.CreateAsync("class K_All { [Key] string S; [Key] uint8 N; [Key] boolean B; [Key] datetime T; [Key] char16 C; [Key] sint64 M; };");
        var time = CimDateTime.Parse("20261122080000.000000+000");
        CimObjectPath path = await host.AddAsync("K_All", ("S", "a\"b\\c,N=1"), ("N", (byte)7), ("B", true), ("T", time), ("C", '\''), ("M", -9L));

        // As a client's codec hands them over: other widths, text for datetimes, other order and case.
        var asked = new CimObjectPath("k_all", [new("m", -9), new("c", "'"), new("T", "20261122080000.000000+000"), new("B", true), new("N", 7UL), new("S", "a\"b\\c,N=1")]);
        CimInstance found = await host.Cim.GetInstanceAsync(TestHost.Namespace, asked, CimInstanceOptions.Full, default);

        Assert.Equal(path, found.Path);
        await Expect.StatusAsync(CimStatusCode.AlreadyExists, async () => await host.AddAsync("K_All", ("S", "a\"b\\c,N=1"), ("N", (byte)7), ("B", true), ("T", time), ("C", '\''), ("M", -9L)));
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 })]
    [InlineData(new byte[] { 83, 81, 76, 105, 116, 101, 32, 102, 111, 114, 109, 97, 116, 32, 51, 0, 9, 9, 9, 9, 9, 9, 9, 9 })]
    public void A_file_that_is_no_repository_is_refused_and_left_as_it_is(byte[] content)
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, [.. content, .. new byte[1000]]);
        byte[] before = File.ReadAllBytes(path);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => CimRepository.Open(path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
        File.Delete(path);
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_as_it_is()
    {
        string folder = Directory.CreateTempSubdirectory("cimhost-om-").FullName;
        string path = Path.Combine(folder, "other.db");
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False"))
        {
            other.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = other.CreateCommand();
            command.CommandText = "CREATE TABLE theirs (a INTEGER)";
            command.ExecuteNonQuery();
        }

        byte[] before = File.ReadAllBytes(path);

        Assert.Contains("format 0", Assert.Throws<InvalidDataException>(() => CimRepository.Open(path)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_damaged_record_is_told_by_its_name_and_harms_no_other()
    {
        await using TestHost host = await TestHost.CreateAsync();
        CimObjectPath fan = await host.AddAsync("T_Fan", ("DeviceID", "1"));
        CimObjectPath disk = await host.AddAsync("T_Disk", ("DeviceID", "1"));
        using (var direct = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={host.DatabasePath};Pooling=False"))
        {
            direct.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = direct.CreateCommand();
            command.CommandText = "UPDATE instances SET record=X'0107' WHERE class='T_Fan'; UPDATE classes SET record=X'01' WHERE name='T_Setting'";
            Assert.Equal(2, command.ExecuteNonQuery());
        }

        host.Repository.Instances.Forget(TestHost.Namespace);
        await Expect.StatusAsync(CimStatusCode.Failed, async () => await host.Cim.GetInstanceAsync(TestHost.Namespace, fan, CimInstanceOptions.Full, default), "T_Fan", "damaged");
        Assert.Equal("1", (await host.Cim.GetInstanceAsync(TestHost.Namespace, disk, CimInstanceOptions.Full, default))["DeviceID"].AsString());
        (List<CimInstance> others, CimException? error) = await Expect.ReadAsync(host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Device", CimInstanceOptions.Full, default));
        Assert.Equal("T_Disk", Assert.Single(others).ClassName);
        Assert.Equal(CimStatusCode.Failed, error!.Status);
        using CimRepository again = CimRepository.Open(Snapshot(host));
        Assert.Equal(CimStatusCode.Failed, Assert.Throws<CimException>(() => again.Schema.GetClass(TestHost.Namespace, "T_Setting")).Status);
        await host.Cim.DeleteInstanceAsync(TestHost.Namespace, fan, default);
    }

    private static string Export(CimRepository repository)
    {
        var text = new StringWriter();
        foreach (CimQualifierDeclaration qualifier in repository.Schema.Qualifiers(TestHost.Namespace))
        {
            CimHost.Wbem.Mof.MofWriter.Write(text, qualifier);
        }

        foreach (string name in repository.Schema.SubclassNames(TestHost.Namespace, null, deep: true))
        {
            CimHost.Wbem.Mof.MofWriter.Write(text, repository.Schema.GetClass(TestHost.Namespace, name));
        }

        return text.ToString();
    }
}
