using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>A UPS on the guest's USB: plugged in, read, changed and unplugged while CimHost runs there.</summary>
[Collection(GuestDevicesCollection.Name)]
public sealed class GuestHidTests(GuestDevices devices)
{
    private const string Class = "root/cimv2:CIM_UninterruptiblePowerSupply";
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private Wbemcli Client => devices.Client;

    [GuestDeviceFact]
    public async Task A_UPS_on_USB_is_told_followed_unplugged_and_told_again_without_a_restart()
    {
        Assert.Empty(await Client.EnumerateAsync(Class));

        UsbHidDevice device = await UsbHidDevice.MakeAsync(devices.Guest, await File.ReadAllTextAsync(RepositoryRoot.PathOf("samples/machines/edge-box/hid/ups.json")));
        await device.PlugInAsync();
        WbemcliObject ups = await UpsAsync("Normal");
        Assert.Equal(
            ("hid-f055:0900-LG9-26-00417", "/dev/hidraw0", "Example Power", "Line Guard 900", "LG9-26-00417"),
            (ups["DeviceID"], ups["Origin"], ups["Manufacturer"], ups["Model"], ups["SerialNumber"]));
        Assert.Equal((100m, 30m, 540_000m), (ups.Number("EstimatedChargeRemaining"), ups.Number("EstimatedRunTime"), ups.Number("TotalOutputPower")));
        IReadOnlyList<WbemcliObject> sensors = await Client.EnumerateAsync("root/cimv2:CimHost_PowerSensor");
        Assert.Equal(
            ["battery.charge 100000", "battery.runtime 1840", "battery.voltage 13700", "input.frequency 50000", "input.voltage 231000", "output.apparentpower 198000", "output.load 22000", "output.power 119000", "output.voltage 231000"],
            sensors.Where(s => s["PowerDeviceID"] == ups["DeviceID"]).Select(s => $"{s["Measure"]} {s["CurrentReading"]}").Order(StringComparer.Ordinal));

        // No mains, battery below its limit, 9 %.
        device.SetFeature([5, 0x94, 0x00]);
        device.SetFeature([1, 9]);
        Assert.Equal(9m, (await UpsAsync("On Battery, Low")).Number("EstimatedChargeRemaining"));

        await device.UnplugAsync();
        await Eventually.HoldsAsync(() => Client.EnumerateAsync(Class), upses => upses.Count == 0, "the UPS to be gone", s_limit);
        await device.PlugInAsync();
        Assert.Equal(ups["DeviceID"], (await UpsAsync("On Battery, Low"))["DeviceID"]);

        await device.UnplugAsync();
        await Eventually.HoldsAsync(() => Client.EnumerateAsync(Class), upses => upses.Count == 0, "the UPS to be gone again", s_limit);
    }

    private async Task<WbemcliObject> UpsAsync(string state) => Assert.Single(await Eventually.HoldsAsync(
        () => Client.EnumerateAsync(Class), upses => upses.Count == 1 && upses[0]["CurrentState"] == state, $"the UPS to be in the state {state}", s_limit));
}
