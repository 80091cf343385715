using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Sdk.Tests;

public class CimInstanceTests
{
    private static readonly CimClass s_class = new("T", null,
    [
        new CimPropertyDeclaration { Name = "Id", CimType = CimType.String, Qualifiers = new([new CimQualifier("Key", CimType.Boolean, true)]) },
        new CimPropertyDeclaration { Name = "Count", CimType = CimType.UInt16, DefaultValue = (ushort)3 },
        new CimPropertyDeclaration { Name = "Tags", CimType = CimType.StringArray },
    ]);

    [Fact]
    public void A_new_instance_has_the_defaults_and_takes_values_in_any_case()
    {
        var instance = new CimInstance(s_class, "root/cimv2") { ["ID"] = "a" };
        Assert.Equal((ushort)3, instance["count"].ToObject());
        Assert.Equal("root/cimv2:T.Id=\"a\"", instance.Path!.ToString());
        instance["Count"] = 5;
        Assert.Equal(CimType.UInt16, instance["Count"].Type);
    }

    [Fact]
    public void A_value_that_does_not_fit_is_refused_and_changes_nothing()
    {
        var instance = new CimInstance(s_class);
        Assert.Equal(CimStatusCode.TypeMismatch, Assert.Throws<CimException>(() => instance["Count"] = 70000).Status);
        Assert.Equal(CimStatusCode.TypeMismatch, Assert.Throws<CimException>(() => instance["Count"] = "many").Status);
        Assert.Equal(CimStatusCode.NoSuchProperty, Assert.Throws<CimException>(() => instance["None"] = 1).Status);
        Assert.Equal((ushort)3, instance["Count"].ToObject());
    }

    [Fact]
    public void A_frozen_instance_stays_as_it_is_and_its_clone_can_be_changed()
    {
        CimInstance instance = new CimInstance(s_class) { ["Id"] = "a" }.Freeze();
        Assert.Throws<InvalidOperationException>(() => instance["Count"] = (ushort)1);
        CimInstance clone = instance.Clone();
        clone["Count"] = (ushort)1;
        Assert.Equal((ushort)3, instance["Count"].ToObject());
    }

    [Fact]
    public void A_projection_keeps_the_path()
    {
        CimInstance instance = new CimInstance(s_class) { ["Id"] = "a" }.Project(s_class.Project(["COUNT"]));
        Assert.Equal(1, instance.Count);
        Assert.Equal("a", instance.Path!["Id"].AsString());
    }

    // The first calls make the code and the tags; what follows must not touch the heap.
    [Fact]
    public void Scalars_are_held_without_boxing()
    {
        var instance = new CimInstance(s_class);
        Set(instance);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Set(instance);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Set(CimInstance instance)
        {
            for (int i = 0; i < 100; i++)
            {
                instance[1] = (ushort)i;
            }
        }
    }
}
