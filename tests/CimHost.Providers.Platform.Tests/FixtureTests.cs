using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CimHost.Providers.Platform.Providers;
using CimHost.Providers.Platform.Tests.Dmi;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Testing;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Providers.Platform.Tests;

/// <summary>Every case of tests/fixtures/{dmi,kernel,pci,usb}: all that the package tells, compared whole.</summary>
public sealed class FixtureTests
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] s_constant =
        ["SystemCreationClassName", "SystemName", "CreationClassName", "CSCreationClassName", "CSName", "LocalDateTime", "StatisticTime", "FormattedArea"];

    public static TheoryData<string> Cases => new(PlatformFixture.Cases);

    /// <summary>Without the captured tables: of those dmidecode said what is expected (DmidecodeTests).</summary>
    public static TheoryData<string> Described => new(PlatformFixture.Cases.Where(name => !DmiFixtures.Captured.Contains(RepositoryRoot.PathOf("tests/fixtures/" + name))));

    [Theory]
    [MemberData(nameof(Described))]
    public async Task The_instances_of_a_machine_are_the_expected_ones(string name)
    {
        string path = RepositoryRoot.PathOf($"tests/fixtures/{name}/expected.json");
        string actual = (await DescribeAsync(PlatformFixture.Load(name))).ToJsonString(s_json) + "\n";
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
        PlatformPackage package = PlatformFixture.Load(name);
        foreach ((string className, Sdk.Providers.ICimProvider provider) in package.Providers)
        {
            if ((await package.EnumerateAsync(className)).Count > 0)
            {
                await ProviderContract.CheckAsync(provider, PlatformPackage.Schema.Request(className));
            }
        }
    }

    private static async Task<JsonObject> DescribeAsync(PlatformPackage package)
    {
        var result = new JsonObject();
        foreach (string className in package.Providers.Keys.Where(c => c != ClassNames.RollupHealthSensor).Order(StringComparer.Ordinal))
        {
            JsonNode[] instances = [.. (await package.EnumerateAsync(className)).Select(Describe)];
            if (instances.Length > 0)
            {
                result.Add(className, new JsonArray(instances));
            }
        }

        return result;
    }

    private static JsonNode Describe(CimInstance instance)
    {
        // Associations in one line: what is left of the paths without what is the same everywhere.
        if (instance.CimClass.IsAssociation)
        {
            return string.Join(" - ", instance.CimInstanceProperties.Select(p => p.CimValue.AsReference()).OfType<CimObjectPath>().Select(Short));
        }

        var properties = new JsonObject();
        foreach (CimProperty property in instance.CimInstanceProperties.Where(p => !p.CimValue.IsNull && !s_constant.Contains(p.Name)))
        {
            if (property.CimValue != property.Declaration.DefaultValue)
            {
                properties.Add(property.Name, Value(property.CimValue));
            }
        }

        return properties;
    }

    private static string Short(CimObjectPath path) => path.ClassName + ":" + string.Join(',', path.Keys.Where(k => !s_constant.Contains(k.Name)).Select(k => k.Value.ToString()));

    private static JsonNode? Value(CimValue value)
    {
        if (value.IsArray)
        {
            JsonNode?[] elements = [.. Enumerable.Range(0, value.Count).Select(i => value[i].IsNull ? null : Value(value[i]))];
            return elements.All(e => e is null || e.GetValueKind() == JsonValueKind.Number) ? string.Join(',', elements.Select(e => e?.ToString())) : new JsonArray(elements);
        }

        return value.Type == CimType.Boolean ? value.AsBoolean()
            : value.TryGetInt64(out long number) ? number
            : value.ToString();
    }
}
