using System.Text.Json;
using CimHost.Providers.Storage.Cim;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Providers.Storage.Tests;

/// <summary>Every device of tests/fixtures/disks: the bytes in its folder come out as the values in its folder.</summary>
public sealed class FixtureTests
{
    private static readonly bool s_update = Environment.GetEnvironmentVariable("CIMHOST_UPDATE_FIXTURES") == "1";

    public static TheoryData<string> Devices => new(DiskFixture.All);

    public static TheoryData<string> Described => new(DiskFixture.Described);

    [Theory]
    [MemberData(nameof(Described))]
    public async Task The_emulated_device_answers_the_bytes_of_the_folder(string fixture)
    {
        string recorded = (await DiskFixture.RecordAsync(fixture)).ToString();
        string path = DiskFixture.PathOf(fixture, "commands.txt");
        if (s_update)
        {
            File.WriteAllText(path, recorded);
        }

        Assert.Equal(File.ReadAllText(path), recorded);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public async Task The_bytes_come_out_as_expected(string fixture)
    {
        StoragePackage package = StoragePackage.Over(DiskFixture.Port(fixture));
        JsonElement expected = DiskFixture.Expected(fixture);
        int compared = 0;
        foreach (JsonProperty part in expected.EnumerateObject())
        {
            compared += part.Name switch
            {
                "drive" => Compare((await package.EnumerateAsync(ClassNames.DiskDrive)).Single(), part.Value),
                "enclosure" => Compare((await package.EnumerateAsync(ClassNames.Enclosure)).Single(), part.Value),
                "extent" => Compare((await package.EnumerateAsync(ClassNames.StorageExtent)).Single(), part.Value),
                "sensors" => CompareAll(await package.EnumerateAsync(ClassNames.DiskSensor), "DeviceID", part.Value, exact: true),
                "attributes" => CompareAll(await package.EnumerateAsync(ClassNames.SmartAttribute), "InstanceID", part.Value, exact: false),
                "slots" => CompareAll(await package.EnumerateAsync(ClassNames.EnclosureSlot), "DeviceID", part.Value, exact: true),
                "firmware" => CompareAll(await package.EnumerateAsync(ClassNames.DiskFirmware), "InstanceID", part.Value, exact: true),
                "availableTests" => CompareTests(await package.EnumerateAsync(ClassNames.AvailableTest), part.Value),
                "selfTests" => Messages(await package.EnumerateAsync(ClassNames.SelfTestRecord), part.Value),
                "errors" => Messages(await package.EnumerateAsync(ClassNames.DiskErrorEntry), part.Value),
                "refused" => await RefusedAsync(package, part.Value.GetString()!),
                "attributeCount" => Count(await package.EnumerateAsync(ClassNames.SmartAttribute), part.Value.GetInt32()),
                _ => throw new InvalidOperationException($"expected.json of {fixture} has the unknown part {part.Name}."),
            };
        }

        Assert.True(compared > 0, "expected.json compares nothing.");
    }

    private static int Compare(CimInstance instance, JsonElement expected)
    {
        int compared = 0;
        foreach (JsonProperty property in expected.EnumerateObject())
        {
            Assert.True(instance.TryGetValue(property.Name, out CimValue value), $"There is no property {property.Name}.");
            Assert.Equal((property.Name, Text(property.Value)), (property.Name, DiskFixture.Shown(value)));
            compared++;
        }

        return compared;
    }

    // Parts are named by what stands behind the device's own id.
    private static int CompareAll(IReadOnlyList<CimInstance> instances, string key, JsonElement expected, bool exact)
    {
        Dictionary<string, CimInstance> byPart = instances.ToDictionary(i => i[key].AsString()!.Split('/', 2)[^1]);
        int compared = 0;
        foreach (JsonProperty part in expected.EnumerateObject())
        {
            Assert.True(byPart.ContainsKey(part.Name), $"There is no {part.Name} among {string.Join(", ", byPart.Keys)}.");
            compared += Compare(byPart[part.Name], part.Value);
        }

        if (exact)
        {
            Assert.Equal(expected.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), byPart.Keys.Order(StringComparer.Ordinal));
        }

        return compared + 1;
    }

    // The tests of a disk by their kind: the name of a test is "CimHost:KIND-self-test".
    private static int CompareTests(IReadOnlyList<CimInstance> links, JsonElement expected)
    {
        Dictionary<string, CimInstance> byKind = links.ToDictionary(l => l["ServiceProvided"].AsReference()!["Name"].AsString()!.Split(':', '-')[1]);
        Assert.Equal(expected.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), byKind.Keys.Order(StringComparer.Ordinal));
        return expected.EnumerateObject().Sum(p => Compare(byKind[p.Name], p.Value));
    }

    private static int Messages(IReadOnlyList<CimInstance> records, JsonElement expected)
    {
        Assert.Equal(expected.EnumerateArray().Select(e => e.GetString()).Order(StringComparer.Ordinal), records.Select(r => r["Message"].AsString()).Order(StringComparer.Ordinal));
        return 1;
    }

    private static int Count(IReadOnlyList<CimInstance> instances, int expected)
    {
        Assert.Equal(expected, instances.Count);
        return 1;
    }

    private static async Task<int> RefusedAsync(StoragePackage package, string reason)
    {
        CimException e = await Assert.ThrowsAsync<CimException>(() => package.EnumerateAsync(ClassNames.DiskDrive));
        Assert.Contains(reason, e.Message);
        return 1;
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "TRUE",
        JsonValueKind.False => "FALSE",
        JsonValueKind.Array => string.Join(" | ", value.EnumerateArray().Select(Text)),
        _ => value.GetRawText(),
    };
}
