using System.Xml.Linq;
using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>A BMC that hangs, by the emulated machine's fault rules, in the real process.</summary>
public sealed class HungBmcTests : IAsyncLifetime
{
    private const string Sensors = "OMC_NumericSensor";
    private const string OtherSensors = "CimHost_HwmonSensor";
    private RackServer _machine = null!;
    private HostProcess _host = null!;
    private CimXmlClient _client = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _machine = new RackServer();
        _host = await HostProcess.StartAsync(new HostSettings { Machine = _machine.Folder, Arguments = ["--Dispatch:DeadlineSeconds=2", "--Dispatch:BreakerMaxSeconds=2"] });
        _client = CimXmlClient.Of(_host);

        // Until then requests wait for the first reading of everything, on a busy computer longer than this host's short deadline.
        await Eventually.HoldsAsync(() => _host.Log.Contains("first look at the devices is complete", StringComparison.Ordinal), "the first look");
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _machine.Dispose();
    }

    [Fact]
    public async Task Its_class_gets_an_error_in_time_others_answer_and_it_is_asked_again_when_it_recovers()
    {
        int sensors = (await _client.EnumerateAsync("root/cimv2", Sensors)).Succeeded().Instances.Count;
        Assert.True(sensors > 50);

        await BreakAsync("""{ "match": { "command": "getSensorReading" }, "effect": "hang" }""");
        CimXmlAnswer hung = await Eventually.HoldsAsync(() => _client.EnumerateAsync("root/cimv2", Sensors), a => a.ErrorCode != 0, "an error of the hung class");
        Assert.Contains("NumericSensorProvider", hung.ErrorDescription, StringComparison.Ordinal);

        // While a request to the hung controller waits for its deadline, another class is answered whole.
        Task<CimXmlAnswer> waiting = _client.EnumerateAsync("root/cimv2", Sensors);
        Assert.NotEmpty((await _client.EnumerateAsync("root/cimv2", OtherSensors)).Succeeded().Instances);
        Assert.NotEqual(0, (await waiting).ErrorCode);

        // After some failures in a row the provider is left alone, which its health says, and requests are refused at once.
        await Eventually.HoldsAsync(
            async () =>
            {
                await _client.EnumerateAsync("root/cimv2", Sensors);
                return await LeftAloneAsync();
            },
            leftAlone => leftAlone,
            "the breaker of the hung provider");

        await BreakAsync(string.Empty);
        CimXmlAnswer recovered = await Eventually.HoldsAsync(() => _client.EnumerateAsync("root/cimv2", Sensors), a => a.ErrorCode == 0, "the sensors of the recovered controller");
        Assert.Equal(sensors, recovered.Instances.Count);
        Assert.False(await LeftAloneAsync());
    }

    [Fact]
    public async Task One_sensor_without_an_answer_is_timed_out_and_all_others_keep_their_values()
    {
        IReadOnlyList<XElement> before = (await _client.EnumerateAsync("root/cimv2", Sensors)).Succeeded().Instances;
        await BreakAsync("""{ "match": { "command": "getSensorReading", "sensor": "Fan3" }, "effect": "drop" }""");
        await File.WriteAllTextAsync(DeviceFile, (await File.ReadAllTextAsync(DeviceFile)).Replace("\"timeoutMs\": 5000", "\"timeoutMs\": 200", StringComparison.Ordinal));

        CimXmlAnswer answer = await Eventually.HoldsAsync(
            () => _client.EnumerateAsync("root/cimv2", Sensors), a => a.ErrorCode == 0 && State(a, "Fan3") == "TimedOut", "Fan3 without an answer");
        Assert.Equal(before.Count, answer.Instances.Count);
        XElement fan = Sensor(answer, "Fan3");
        Assert.Null(CimXmlClient.ValueOf(fan, "CurrentReading"));
        Assert.NotEqual("25", CimXmlClient.ValueOf(fan, "HealthState"));
        foreach (XElement sensor in before.Where(s => CimXmlClient.ValueOf(s, "Name") != "Fan3"))
        {
            Assert.Equal(CimXmlClient.ValueOf(sensor, "CurrentReading"), CimXmlClient.ValueOf(Sensor(answer, CimXmlClient.ValueOf(sensor, "Name")!), "CurrentReading"));
        }
    }

    private string DeviceFile => Path.Combine(_machine.Folder, "bmc", "device.json");

    private static XElement Sensor(CimXmlAnswer answer, string name) => answer.Instances.Single(i => CimXmlClient.ValueOf(i, "Name") == name);

    private static string? State(CimXmlAnswer answer, string name) => CimXmlClient.ValueOf(Sensor(answer, name), "ReadingState");

    private Task BreakAsync(string rule) => File.WriteAllTextAsync(_machine.FaultsFile, $$"""{ "rules": [ {{rule}} ] }""");

    private async Task<bool> LeftAloneAsync() => (await _client.EnumerateAsync("root/cimv2", "CimHost_ProviderHealth")).Succeeded().Instances
        .Single(i => CimXmlClient.ValueOf(i, "InstanceID") == "CimHost:CimHost.Providers.Ipmi/NumericSensorProvider") is { } health
        && CimXmlClient.ValueOf(health, "LeftAlone") == "TRUE";
}
