using System.Collections.Immutable;

namespace CimHost.VmKernel.Boot.Services;

/// <summary>A service as it is now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Since">Since when.</param>
/// <param name="Policy">When init starts it by itself.</param>
/// <param name="IsRequired">Whether the host is ready only when it runs.</param>
/// <param name="Requires">Services that must run before it.</param>
/// <param name="Restarts">How often it was started again after a crash since it was last started by policy or by name.</param>
/// <param name="Reason">Why it is not running (the last crash, what it waits for); null when there is nothing to say.</param>
/// <param name="Use">What the run that runs, or the last one, has used; null when there was none.</param>
public sealed record ServiceStatus(
    string Name,
    string Description,
    ServiceState State,
    DateTimeOffset Since,
    ServicePolicy Policy,
    bool IsRequired,
    ImmutableArray<string> Requires,
    int Restarts,
    string? Reason,
    ResourceUse? Use);
