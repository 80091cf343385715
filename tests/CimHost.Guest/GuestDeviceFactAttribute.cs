using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>A test in the guest with disks and other devices. Without their tools or the kernel's modules and headers it is skipped and says what is missing; in CI it fails instead.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GuestDeviceFactAttribute : FactAttribute
{
    public GuestDeviceFactAttribute() => Skip = new GuestFactAttribute().Skip ?? Peer.WhySkipped(["smartctl", "nvme", "dmidecode", "gcc", "make", "iasl"])
        ?? (Peer.IsCi || HasModules() ? null : "The guest's kernel in the cache is without modules for disks or without headers: run tests/CimHost.Guest/fetch-kernel (needs apt's package lists).");

    private static bool HasModules() =>
        GuestKernel.Folder() is { } folder && Directory.EnumerateFiles(Path.Combine(folder, "lib", "modules"), "scsi_debug.ko", SearchOption.AllDirectories).Any()
        && Directory.Exists(Path.Combine(folder, "usr", "src"));
}
