using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CimHost.Providers.Sensors.Providers;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Providers.Sensors.Tests;

/// <summary>Every case of tests/fixtures/sysfs: all that the package tells of a kernel's files, compared whole.</summary>
public sealed class FixtureTests
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Cases => new(SysfsFixture.Cases);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_instances_of_a_kernel_tree_are_the_expected_ones(string name)
    {
        string path = Path.Combine(SysfsFixture.Folder, name, "expected.json");
        string actual = (await DescribeAsync(SensorPackage.Over(name))).ToJsonString(s_json) + "\n";
        if (Environment.GetEnvironmentVariable("CIMHOST_UPDATE_FIXTURES") == "1")
        {
            await File.WriteAllTextAsync(path, actual);
        }

        Assert.True(File.Exists(path), $"{path} is missing; CIMHOST_UPDATE_FIXTURES=1 writes it.");
        Assert.Equal((await File.ReadAllTextAsync(path)).Split('\n'), actual.Split('\n'));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_class_keeps_the_provider_contract(string name)
    {
        SensorPackage package = SensorPackage.Over(name);
        foreach ((string className, Sdk.Providers.ICimProvider provider) in package.Providers)
        {
            if ((await package.EnumerateAsync(className)).Count > 0)
            {
                await ProviderContract.CheckAsync(provider, SensorPackage.Schema.Request(className));
            }
        }
    }

    private static async Task<JsonObject> DescribeAsync(SensorPackage package)
    {
        var result = new JsonObject();
        foreach (string className in package.Providers.Keys.Order(StringComparer.Ordinal))
        {
            JsonNode[] instances = [.. (await package.EnumerateAsync(className)).Select(i => Describe(i, className))];
            if (instances.Length > 0)
            {
                result.Add(className, new JsonArray(instances));
            }
        }

        return result;
    }

    private static JsonNode Describe(CimInstance instance, string className)
    {
        // The association of the computer with each device repeats the keys of all devices: the DeviceID says it all.
        if (className == ClassNames.SystemDevice)
        {
            CimObjectPath part = instance["PartComponent"].AsReference()!;
            return $"{part.ClassName} {part["DeviceID"].AsString()}";
        }

        var properties = new JsonObject();
        foreach (CimProperty property in instance.CimInstanceProperties.Where(p => !p.CimValue.IsNull))
        {
            bool inherited = property.CimValue == property.Declaration.DefaultValue;
            bool constant = property.Name is "SystemCreationClassName" or "SystemName" or "CreationClassName";
            if (!inherited && !constant)
            {
                properties.Add(property.Name, Value(property.CimValue));
            }
        }

        return properties;
    }

    private static JsonNode Value(CimValue value)
    {
        if (value.IsArray)
        {
            return new JsonArray([.. Enumerable.Range(0, value.Count).Select(i => value[i].IsNull ? null : Value(value[i]))]);
        }

        return value.Type == CimType.Boolean ? value.AsBoolean()
            : value.TryGetInt64(out long number) ? number
            : value.ToString();
    }
}
