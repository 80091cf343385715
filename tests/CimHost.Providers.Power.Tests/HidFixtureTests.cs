using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CimHost.Providers.Power.Providers;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Providers.Power.Tests;

/// <summary>Every case of tests/fixtures/hid: all that the package tells of a device, compared whole.</summary>
public sealed class HidFixtureTests
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] s_left =
        ["SystemCreationClassName", "SystemName", "CreationClassName", "ReadingTime", "Name", "Description", "ElementName", "PossibleStates", "EnabledThresholds", "SettableThresholds", "Origin"];

    public static TheoryData<string> Cases => new(HidFixture.Cases);

    /// <summary>Cases with <c>values.json</c>: of a device in the emulated guest, into which its test put these values.</summary>
    public static TheoryData<string> Captured => new(HidFixture.Cases.Where(HidFixture.IsCaptured));

    /// <summary>All others.</summary>
    public static TheoryData<string> Described => new(HidFixture.Cases.Where(name => !HidFixture.IsCaptured(name)));

    [Theory]
    [MemberData(nameof(Captured))]
    public async Task A_captured_device_tells_the_values_that_were_put_into_it(string name)
    {
        JsonNode expected = JsonNode.Parse(await File.ReadAllTextAsync(HidFixture.ValuesOf(name)))!;
        PowerPackage package = PowerPackage.Over(HidFixture.Load(name));
        CimInstance ups = Assert.Single(await package.EnumerateAsync(ClassNames.Ups));
        Assert.All(expected["ups"]!.AsObject(), p => Assert.Equal((p.Key, p.Value!.GetValue<string>()), (p.Key, ups[p.Key].ToString())));
        Assert.Equal(
            expected["sensors"]!.AsObject().Select(p => (p.Key, p.Value!.GetValue<string>())).Order(),
            (await package.EnumerateAsync(ClassNames.Sensor)).Select(s => (s["Measure"].ToString(), s["CurrentReading"].ToString())).Order());
    }

    [Theory]
    [MemberData(nameof(Described))]
    public async Task The_instances_of_a_device_are_the_expected_ones(string name)
    {
        string path = Path.Combine(HidFixture.Folder, name, "expected.json");
        string actual = (await DescribeAsync(PowerPackage.Over(HidFixture.Load(name)))).ToJsonString(s_json) + "\n";
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
        PowerPackage package = PowerPackage.Over(HidFixture.Load(name));
        foreach ((string className, ICimProvider provider) in package.Providers)
        {
            if ((await package.EnumerateAsync(className)).Count > 0)
            {
                await ProviderContract.CheckAsync(provider, PowerPackage.Schema.Request(className));
            }
        }
    }

    [Fact]
    public async Task Nothing_without_a_reading_is_ever_in_bad_health()
    {
        foreach (string name in HidFixture.Cases)
        {
            ScriptedHidPort port = HidFixture.Load(name);
            port.Unplug();
            PowerPackage package = PowerPackage.Over(port);
            foreach (string className in new[] { ClassNames.Ups, ClassNames.Battery, ClassNames.Sensor })
            {
                foreach (CimInstance instance in (await package.EnumerateAsync(className)).Where(i => i["ReadingState"] != "Ok"))
                {
                    Assert.Equal((ushort)0, instance["HealthState"]);
                    Assert.False(instance["ReadingReason"].IsNull, $"{instance.Path} has no reason");
                    Assert.True(!instance.TryGetValue("CurrentReading", out CimValue reading) || reading.IsNull, $"{instance.Path} has a reading");
                }
            }
        }
    }

    private static async Task<JsonObject> DescribeAsync(PowerPackage package)
    {
        var result = new JsonObject();
        foreach (string className in new[] { ClassNames.Ups, ClassNames.Battery, ClassNames.Sensor })
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
        var properties = new JsonObject();
        foreach (CimProperty property in instance.CimInstanceProperties.Where(p => !p.CimValue.IsNull && p.CimValue != p.Declaration.DefaultValue && !s_left.Contains(p.Name)))
        {
            properties.Add(property.Name, Value(property.CimValue));
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
