using System.Text.Json;
using System.Text.Json.Nodes;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>A UPS on the guest's USB: plugged in, read, changed and unplugged while CimHost runs there.</summary>
[Collection(GuestDevicesCollection.Name)]
public sealed class GuestHidTests(GuestDevices devices)
{
    private const string Class = "root/cimv2:CIM_UninterruptiblePowerSupply";
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    // What the reports of the sample machine's UPS say, by the comments beside their bytes.
    private static readonly Dictionary<string, string> s_ups = new(StringComparer.Ordinal)
    {
        ["DeviceID"] = "hid-f055:0900-LG9-26-00417",
        ["Manufacturer"] = "Example Power",
        ["Model"] = "Line Guard 900",
        ["SerialNumber"] = "LG9-26-00417",
        ["CurrentState"] = "Normal",
        ["EstimatedChargeRemaining"] = "100",
        ["EstimatedRunTime"] = "30",
        ["TotalOutputPower"] = "540000",
    };

    // In thousandths of the unit; seconds.
    private static readonly Dictionary<string, string> s_sensors = new(StringComparer.Ordinal)
    {
        ["battery.charge"] = "100000",
        ["battery.runtime"] = "1840",
        ["battery.voltage"] = "13700",
        ["input.frequency"] = "50000",
        ["input.voltage"] = "231000",
        ["output.apparentpower"] = "198000",
        ["output.load"] = "22000",
        ["output.power"] = "119000",
        ["output.voltage"] = "231000",
    };

    private Wbemcli Client => devices.Client;

    [GuestDeviceFact]
    public async Task A_UPS_on_USB_is_told_followed_unplugged_and_told_again_without_a_restart()
    {
        Assert.Empty(await Client.EnumerateAsync(Class));

        UsbHidDevice device = await UsbHidDevice.MakeAsync(devices.Guest, await File.ReadAllTextAsync(RepositoryRoot.PathOf("samples/machines/edge-box/hid/ups.json")));
        await device.PlugInAsync();
        WbemcliObject ups = await UpsAsync("Normal");
        Assert.All(s_ups, p => Assert.Equal((p.Key, p.Value), (p.Key, ups[p.Key])));
        Assert.Equal("/dev/hidraw0", ups["Origin"]);
        Dictionary<string, string> sensors = (await Client.EnumerateAsync("root/cimv2:CimHost_PowerSensor"))
            .Where(s => s["PowerDeviceID"] == ups["DeviceID"]).ToDictionary(s => s["Measure"]!, s => s["CurrentReading"]!, StringComparer.Ordinal);
        Assert.Equal(s_sensors.OrderBy(s => s.Key, StringComparer.Ordinal), sensors.OrderBy(s => s.Key, StringComparer.Ordinal));
        if (FixtureUpdate.IsWanted)
        {
            await GuestHidFixture.WriteAsync(devices.Guest, "usb-ups", new JsonObject { ["ups"] = JsonSerializer.SerializeToNode(s_ups), ["sensors"] = JsonSerializer.SerializeToNode(s_sensors) });
        }

        // No mains, battery below its limit, 9 %.
        device.SetFeature([5, 0x94, 0x00]);
        device.SetFeature([1, 9]);
        Assert.Equal(9m, (await UpsAsync("On Battery, Low")).Number("EstimatedChargeRemaining"));

        await device.UnplugAsync();
        await Eventually.HoldsAsync(() => Client.EnumerateAsync(Class), upses => upses.Count == 0, "the UPS to be gone", s_limit, GuestHost.Pause);
        await device.PlugInAsync();
        Assert.Equal(ups["DeviceID"], (await UpsAsync("On Battery, Low"))["DeviceID"]);

        await device.UnplugAsync();
        await Eventually.HoldsAsync(() => Client.EnumerateAsync(Class), upses => upses.Count == 0, "the UPS to be gone again", s_limit, GuestHost.Pause);
    }

    private async Task<WbemcliObject> UpsAsync(string state) => Assert.Single(await Eventually.HoldsAsync(
        () => Client.EnumerateAsync(Class), upses => upses.Count == 1 && upses[0]["CurrentState"] == state, $"the UPS to be in the state {state}", s_limit, GuestHost.Pause));
}
