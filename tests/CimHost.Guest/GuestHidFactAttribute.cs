using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>A test in a guest that needs the kernel's HID modules. Without them it is skipped and says what is missing; in CI it fails instead.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GuestHidFactAttribute : FactAttribute
{
    public GuestHidFactAttribute() => Skip = new GuestFactAttribute().Skip
        ?? (Peer.IsCi || HasModules() ? null : "The guest's HID modules are not there: run tests/CimHost.Guest/fetch-hid-modules (needs apt's package lists).");

    private static bool HasModules() =>
        GuestKernel.Folder() is { } folder && Directory.EnumerateFiles(Path.Combine(folder, "lib", "modules"), "uhid.ko", SearchOption.AllDirectories).Any();
}
