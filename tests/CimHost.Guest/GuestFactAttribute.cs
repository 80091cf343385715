using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>
/// A test inside the emulated guest. Without QEMU, its peers or the kernel it is skipped and says what is missing; in CI it fails instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GuestFactAttribute : FactAttribute
{
    private static readonly string[] s_programs = ["qemu-system-x86_64", "busybox", "ipmi_sim", "ipmitool", "wbemcli"];

    public GuestFactAttribute() => Skip = Peer.WhySkipped(s_programs)
        ?? (GuestKernel.Folder() is null && !Peer.IsCi ? "The guest's kernel is not there: run tests/CimHost.Guest/fetch-kernel (needs apt's package lists)." : null);
}
