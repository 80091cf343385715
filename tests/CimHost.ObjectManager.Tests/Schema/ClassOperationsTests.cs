using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Tests.Schema;

public sealed class ClassOperationsTests
{
    private static CimPropertyDeclaration Property(string name, CimType type, params CimQualifier[] qualifiers) => new() { Name = name, CimType = type, Qualifiers = new(qualifiers) };

    private static CimPropertyDeclaration Key(string name) => Property(name, CimType.String, new CimQualifier("Key", CimType.Boolean, true));

    [Fact]
    public async Task A_created_class_is_there_in_any_case_and_with_its_declared_flavours()
    {
        await using TestHost host = await TestHost.CreateAsync();

        await host.Cim.CreateClassAsync("ROOT/cimv2", new CimClass("X_New", "t_sensor", [Property("Extra", CimType.UInt8)]), default);

        CimClass made = await host.Cim.GetClassAsync(TestHost.Namespace, "x_NEW", CimClassOptions.Full, default);
        Assert.Equal("X_New", made.ClassName);
        Assert.Equal("T_Sensor", made.CimSuperClassName);
        Assert.Equal(CimType.UInt8, made.CimClassProperties["EXTRA"]!.CimType);
        Assert.Equal(CimQualifierFlavors.ToSubclass, made.CimClassProperties["DeviceID"]!.Qualifiers["Key"]!.Flavors);
    }

    [Theory]
    [InlineData("root/cimv2", "T_Fan", null, CimStatusCode.AlreadyExists)]
    [InlineData("root/cimv2", "t_FAN", null, CimStatusCode.AlreadyExists)]
    [InlineData("root/cimv2", "X_New", "T_Missing", CimStatusCode.InvalidSuperclass)]
    [InlineData("root/cimv2", "X_New", "X_New", CimStatusCode.InvalidSuperclass)]
    [InlineData("root/nowhere", "X_New", null, CimStatusCode.InvalidNamespace)]
    public async Task CreateClass_tells_why_it_cannot(string ns, string name, string? superClass, CimStatusCode status)
    {
        await using TestHost host = await TestHost.CreateAsync();

        await Expect.StatusAsync(status, async () => await host.Cim.CreateClassAsync(ns, new CimClass(name, superClass), default));
    }

    [Fact]
    public async Task DeleteClass_refuses_children_instances_and_what_is_not_there()
    {
        await using TestHost host = await TestHost.CreateAsync();
        CimObjectPath fan = await host.AddAsync("T_Fan", ("DeviceID", "1"));

        await Expect.StatusAsync(CimStatusCode.ClassHasChildren, async () => await host.Cim.DeleteClassAsync(TestHost.Namespace, "t_sensor", default), "T_Fan");
        await Expect.StatusAsync(CimStatusCode.ClassHasInstances, async () => await host.Cim.DeleteClassAsync(TestHost.Namespace, "T_fan", default));
        await Expect.StatusAsync(CimStatusCode.NotFound, async () => await host.Cim.DeleteClassAsync(TestHost.Namespace, "T_Missing", default));

        await host.Cim.DeleteInstanceAsync(TestHost.Namespace, fan, default);
        await host.Cim.DeleteClassAsync(TestHost.Namespace, "T_FAN", default);
        await Expect.StatusAsync(CimStatusCode.NotFound, async () => await host.Cim.GetClassAsync(TestHost.Namespace, "T_Fan", CimClassOptions.Full, default));
        Assert.Equal([], host.Repository.Schema.SubclassNames(TestHost.Namespace, "T_Sensor", deep: true));
    }

    [Fact]
    public async Task A_class_with_a_provider_is_not_deleted()
    {
        await using TestHost host = await TestHost.CreateAsync();
        host.AddProvider(FakeProvider.Of("1"), "T_Fan");

        await Expect.StatusAsync(CimStatusCode.ClassHasInstances, async () => await host.Cim.DeleteClassAsync(TestHost.Namespace, "T_Fan", default), "test/FakeProvider");
    }

    [Fact]
    public async Task ModifyClass_reaches_grandchildren()
    {
        await using TestHost host = await TestHost.CreateAsync("class M_A { [Key] string Id; }; class M_B : M_A { }; class M_C : M_B { };");
        await host.AddAsync("M_C", ("Id", "1"));

        await host.Cim.ModifyClassAsync(TestHost.Namespace, new CimClass("M_A", null, [Key("Id"), Property("More", CimType.UInt32)]), default);

        CimInstance instance = await host.Cim.GetInstanceAsync(TestHost.Namespace, new CimObjectPath("M_C", "Id", "1"), CimInstanceOptions.Full, default);
        Assert.Equal(["Id", "More"], instance.CimClass.CimClassProperties.Select(p => p.Name));
        Assert.True(instance["More"].IsNull);
    }

    [Fact]
    public async Task ModifyClass_refuses_what_a_grandchild_could_not_bear()
    {
        await using TestHost host = await TestHost.CreateAsync("class M_A { [Key] string Id; }; class M_B : M_A { }; class M_C : M_B { uint8 More; };");

        await Expect.StatusAsync(
            CimStatusCode.ClassHasChildren,
            async () => await host.Cim.ModifyClassAsync(TestHost.Namespace, new CimClass("M_A", null, [Key("Id"), Property("More", CimType.UInt32)]), default),
            "M_C", "uint8 instead of uint32");
    }

    // MOF with such a qualifier does not get past the compiler; a client's class does.
    [Fact]
    public async Task A_qualifier_outside_of_its_scope_is_refused()
    {
        await using TestHost host = await TestHost.CreateAsync();
        var property = new CimPropertyDeclaration { Name = "Id", CimType = CimType.String, Qualifiers = new([new CimQualifier("Association", CimType.Boolean, true)]) };

        await Expect.StatusAsync(CimStatusCode.InvalidParameter, async () => await host.Cim.CreateClassAsync(TestHost.Namespace, new CimClass("X_A", null, [property]), default), "may not stand on X_A.Id");
    }

    [Fact]
    public async Task ModifyClass_refuses_another_superclass_and_a_class_that_is_not_there()
    {
        await using TestHost host = await TestHost.CreateAsync();

        await Expect.StatusAsync(CimStatusCode.InvalidSuperclass, async () => await host.Cim.ModifyClassAsync(TestHost.Namespace, new CimClass("T_Fan", "T_Device"), default), "T_Sensor");
        await Expect.StatusAsync(CimStatusCode.NotFound, async () => await host.Cim.ModifyClassAsync(TestHost.Namespace, new CimClass("T_None"), default));
    }

    [Fact]
    public async Task ModifyClass_refuses_to_lose_what_instances_hold()
    {
        await using TestHost host = await TestHost.CreateAsync("class M_A { [Key] string Id; uint16 Level; }; class M_B : M_A { };");
        await host.AddAsync("M_B", ("Id", "1"), ("Level", (ushort)3));

        async Task Refused(params CimPropertyDeclaration[] properties) => await Expect.StatusAsync(
            CimStatusCode.ClassHasInstances, async () => await host.Cim.ModifyClassAsync(TestHost.Namespace, new CimClass("M_A", null, properties), default));

        await Refused(Key("Id"));
        await Refused(Key("Id"), Property("Level", CimType.UInt32));
        await Refused(Property("Id", CimType.String), Property("Level", CimType.UInt16));
        CimInstance kept = await host.Cim.GetInstanceAsync(TestHost.Namespace, new CimObjectPath("M_B", "Id", "1"), CimInstanceOptions.Full, default);
        Assert.Equal((ushort)3, kept["Level"].ToObject());
    }

    [Fact]
    public async Task Enumeration_of_classes_is_shallow_or_deep_from_the_root_or_a_class()
    {
        await using TestHost host = await TestHost.CreateAsync();

        async Task<string> Names(string? from, bool deep) =>
            string.Join(' ', await host.Cim.EnumerateClassNamesAsync(TestHost.Namespace, from, deep, default).ToListAsync());

        Assert.Equal("T_Component T_Cooling T_Element T_Setting", await Names(null, deep: false));
        Assert.Equal("T_Disk T_Sensor", await Names("t_device", deep: false));
        Assert.Equal("T_Disk T_Sensor T_Fan", await Names("T_Device", deep: true));
        Assert.Equal(["T_Disk", "T_Sensor", "T_Fan"], await host.Cim.EnumerateClassesAsync(TestHost.Namespace, "T_Device", true, CimClassOptions.Full, default).Select(c => c.ClassName).ToListAsync());
        Assert.Equal(10, (await host.Cim.EnumerateClassNamesAsync(TestHost.Namespace, null, true, default).ToListAsync()).Count);
        await Expect.StatusAsync(CimStatusCode.InvalidClass, async () => await Names("T_None", deep: true));
    }

    [Fact]
    public async Task Qualifier_declarations_are_set_read_listed_and_deleted()
    {
        await using TestHost host = await TestHost.CreateAsync();
        var declaration = new CimQualifierDeclaration("Colour", CimType.StringArray, new[] { "red", "blue" }, CimQualifierScopes.Class | CimQualifierScopes.Method, CimQualifierFlavors.Translatable, 2);

        await host.Cim.SetQualifierAsync(TestHost.Namespace, declaration, default);

        CimQualifierDeclaration read = await host.Cim.GetQualifierAsync(TestHost.Namespace, "COLOUR", default);
        Assert.Equal(declaration, read);
        Assert.Contains("Colour", await host.Cim.EnumerateQualifiersAsync(TestHost.Namespace, default).Select(q => q.Name).ToListAsync());
        await host.Cim.DeleteQualifierAsync(TestHost.Namespace, "colour", default);
        await Expect.StatusAsync(CimStatusCode.NotFound, async () => await host.Cim.GetQualifierAsync(TestHost.Namespace, "Colour", default));
        await Expect.StatusAsync(CimStatusCode.NotFound, async () => await host.Cim.DeleteQualifierAsync(TestHost.Namespace, "Colour", default));
    }
}
