using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CimHost.Providers.Ipmi.Tests.Bmc;
using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Providers.Ipmi.Tests.Cim;

/// <summary>Every case of tests/fixtures/ipmi: all that the package tells of what a controller controls, compared whole.</summary>
public sealed class ControllerFixtureTests
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] s_left = ["SystemCreationClassName", "SystemName", "CreationClassName", "ReadingTime", "Caption", "ElementName", "PossibleStates"];

    private static readonly string[] s_classes =
    [
        "OMC_Chassis", "OMC_PowerManagementService", "OMC_PowerManagementCapabilities", "OMC_AssociatedPowerManagementService", "OMC_Watchdog", "OMC_IndicatorLED",
        "OMC_IntrusionSensor", "OMC_LANEndpoint", "OMC_IPProtocolEndpoint", "OMC_DcmiPowerSensor", "OMC_RedundancySet", "OMC_MemberOfCollection",
    ];

    public static TheoryData<string> Cases => new(ControllerFixture.Cases);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_a_controller_controls_is_told_as_expected(string name)
    {
        string path = Path.Combine(ControllerFixture.Folder, name, "expected.json");
        string actual = (await DescribeAsync(new IpmiTestHost(ControllerFixture.Load(name)))).ToJsonString(s_json) + "\n";
        if (Environment.GetEnvironmentVariable("CIMHOST_UPDATE_FIXTURES") == "1")
        {
            await File.WriteAllTextAsync(path, actual);
        }

        Assert.True(File.Exists(path), $"{path} is missing; CIMHOST_UPDATE_FIXTURES=1 writes it.");
        Assert.Equal((await File.ReadAllTextAsync(path)).Split('\n'), actual.Split('\n'));
    }

    private static async Task<JsonObject> DescribeAsync(IpmiTestHost host)
    {
        var result = new JsonObject();
        foreach (string className in s_classes)
        {
            (List<CimInstance> told, CimException? error) = await host.EnumerateToErrorAsync(className);
            if (told.Count > 0)
            {
                result.Add(className, new JsonArray([.. told.Select(Describe)]));
            }

            if (error is not null)
            {
                result.Add(className + " error", error.Message);
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
