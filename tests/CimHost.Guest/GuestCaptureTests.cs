using Xunit;

namespace CimHost.Guest;

/// <summary>A guest with a BMC and sensor chips behind the kernel's drivers, captured there and replayed here.</summary>
[Collection(GuestSensorsCollection.Name)]
public sealed class GuestCaptureTests(GuestFixture fixture)
{
    [GuestFact]
    public async Task A_capture_taken_in_the_guest_replays_here_with_the_same_instances()
    {
        IReadOnlyDictionary<string, int> classes = await GuestCapture.CompareAsync(fixture.Guest);

        // What the guest has was there to be compared: its BMC, its chips, its firmware tables, its kernel.
        Assert.True(classes["OMC_NumericSensor"] >= 6, $"{classes["OMC_NumericSensor"]} IPMI sensors");
        Assert.True(classes["CimHost_HwmonSensor"] >= 2, $"{classes["CimHost_HwmonSensor"]} sensors of chips");
        Assert.True(classes["CimHost_SmbiosStructure"] >= 5, $"{classes["CimHost_SmbiosStructure"]} SMBIOS structures");
        Assert.Equal(1, classes["CimHost_OperatingSystem"]);
    }
}
