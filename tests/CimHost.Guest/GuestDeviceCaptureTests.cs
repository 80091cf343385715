using Xunit;

namespace CimHost.Guest;

/// <summary>A guest with disks behind the kernel's drivers, captured there and replayed here.</summary>
[Collection(GuestDevicesCollection.Name)]
public sealed class GuestDeviceCaptureTests(GuestDevices devices)
{
    [GuestDeviceFact]
    public async Task A_capture_of_disks_taken_in_the_guest_replays_here_with_the_same_instances()
    {
        IReadOnlyDictionary<string, int> classes = await GuestCapture.CompareAsync(devices.Guest);

        if (FixtureUpdate.IsWanted)
        {
            await GuestDiskFixtures.WriteAsync(devices.Guest);
        }

        // NVMe, ATA, SCSI behind virtio and scsi_debug.
        Assert.True(classes["CimHost_DiskDrive"] >= 4, $"{classes["CimHost_DiskDrive"]} disks");
        Assert.True(classes["CimHost_SmartAttribute"] >= 20, $"{classes["CimHost_SmartAttribute"]} attributes");
    }
}
