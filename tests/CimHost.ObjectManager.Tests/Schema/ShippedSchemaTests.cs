using CimHost.Sdk.Cim;
using CimHost.Wbem.Mof;
using Xunit;

namespace CimHost.ObjectManager.Tests.Schema;

public sealed class ShippedSchemaTests
{
    [Fact]
    public void The_shipped_MOF_compiles_without_a_diagnostic_into_both_namespaces()
    {
        Assert.Empty(ShippedSchema.Compilation.Diagnostics);
        Assert.Equal(["root/cimv2", "root/interop"], ShippedSchema.Compilation.Namespaces.Select(n => n.Name).Order(StringComparer.Ordinal));
        Assert.Equal(ClassNames("root/cimv2"), ClassNames("root/interop"));
        Assert.NotEmpty(ClassNames("root/cimv2"));
        Assert.Equal(QualifierNames("root/cimv2"), QualifierNames("root/interop"));
    }

    [Theory]
    [InlineData("CIM_Chassis")]
    [InlineData("CIM_Card")]
    [InlineData("CIM_ComputerSystem")]
    [InlineData("CIM_NumericSensor")]
    [InlineData("CIM_Memory")]
    [InlineData("CIM_Processor")]
    [InlineData("CIM_RecordLog")]
    [InlineData("CIM_SoftwareIdentity")]
    [InlineData("CIM_LogRecord")]
    [InlineData("CIM_EthernetPort")]
    [InlineData("CIM_PCIDevice")]
    [InlineData("CIM_StorageExtent")]
    [InlineData("CIM_StorageVolume")]
    [InlineData("CIM_Controller")]
    [InlineData("CIM_Battery")]
    [InlineData("CIM_DiskDrive")]
    [InlineData("CIM_PhysicalMemory")]
    [InlineData("CIM_RedundancySet")]
    public void A_class_that_monitoring_tools_enumerate_is_there_with_health_and_status(string className)
    {
        IEnumerable<string> properties = Ancestry(className).SelectMany(c => c.CimClassProperties).Select(p => p.Name).ToArray();
        Assert.Contains("ElementName", properties);
        if (className is not ("CIM_LogRecord" or "CIM_RedundancySet"))
        {
            Assert.Contains("HealthState", properties);
            Assert.Contains("OperationalStatus", properties);
        }
    }

    [Fact]
    public void Every_class_and_every_property_and_method_is_described()
    {
        var missing = new List<string>();
        foreach (CimClass declared in ShippedSchema.Namespace("root/cimv2").Classes)
        {
            CimClass[] ancestry = [.. Ancestry(declared.ClassName)];
            if (!declared.CimClassQualifiers.Contains("Description"))
            {
                missing.Add(declared.ClassName);
            }

            // An overriding element has the description of what it overrides unless it has one of its own.
            missing.AddRange(declared.CimClassProperties
                .Where(p => !ancestry.Any(c => c.CimClassProperties[p.Name]?.Qualifiers.Contains("Description") == true))
                .Select(p => $"{declared.ClassName}.{p.Name}"));
            missing.AddRange(declared.CimClassMethods
                .Where(m => !ancestry.Any(c => c.CimClassMethods[m.Name]?.Qualifiers.Contains("Description") == true))
                .Select(m => $"{declared.ClassName}.{m.Name}()"));
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_reference_and_embedded_instance_is_of_a_class_that_is_shipped()
    {
        MofNamespace shipped = ShippedSchema.Namespace("root/cimv2");
        var names = shipped.Classes.Select(c => c.ClassName).ToHashSet(StringComparer.Ordinal);
        IEnumerable<CimTypedElement> elements = shipped.Classes
            .SelectMany(c => c.CimClassProperties.Cast<CimTypedElement>().Concat(c.CimClassMethods.SelectMany(m => m.Parameters)));
        Assert.DoesNotContain(elements.SelectMany(e => new[] { e.ReferenceClassName, e.EmbeddedClassName }), n => !string.IsNullOrEmpty(n) && !names.Contains(n));
    }

    [Fact]
    public void Values_name_each_entry_of_their_ValueMap()
    {
        var wrong = new List<string>();
        foreach (CimClass declared in ShippedSchema.Namespace("root/cimv2").Classes)
        {
            foreach (CimPropertyDeclaration property in declared.CimClassProperties)
            {
                if (property.Qualifiers["ValueMap"]?.Value is { } map && property.Qualifiers["Values"]?.Value is { } values && map.Count != values.Count)
                {
                    wrong.Add($"{declared.ClassName}.{property.Name}: {map.Count} values, {values.Count} names");
                }
            }
        }

        Assert.Empty(wrong);
    }

    private static IEnumerable<string> ClassNames(string ns) => ShippedSchema.Namespace(ns).Classes.Select(c => c.ClassName).Order(StringComparer.Ordinal);

    private static IEnumerable<string> QualifierNames(string ns) => ShippedSchema.Namespace(ns).Qualifiers.Select(q => q.Name).Order(StringComparer.Ordinal);

    // The class and its ancestors.
    private static IEnumerable<CimClass> Ancestry(string className)
    {
        IReadOnlyList<CimClass> classes = ShippedSchema.Namespace("root/cimv2").Classes;
        for (string? name = className; name is not null;)
        {
            CimClass declared = classes.Single(c => c.ClassName == name);
            yield return declared;
            name = declared.CimSuperClassName;
        }
    }
}
